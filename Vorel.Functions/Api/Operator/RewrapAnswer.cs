using Vorel.Core.Security.Rewraps;

namespace Vorel.Functions.Api.Operator;

/// <summary>A rewrap: numbers and the names of keys.</summary>
internal sealed record RewrapAnswer(
    Guid Id,
    string State,
    string? KeyId,
    int Pass,
    long Looked,
    long Already,
    long Moved,
    IReadOnlyList<RewrapFailureAnswer> Failed,
    bool? Complete,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt)
{
    public static RewrapAnswer Of(Rewrap rewrap) => new(
        rewrap.Id,
        rewrap.FinishedAt is null ? "running" : "finished",
        rewrap.KeyId,
        rewrap.Pass,
        rewrap.Looked,
        rewrap.Already,
        rewrap.Moved,
        [.. rewrap.Failures.Select(failure => new RewrapFailureAnswer(failure.Code, failure.KeyId, failure.Count))],
        rewrap.IsComplete,
        rewrap.StartedAt,
        rewrap.FinishedAt);
}

/// <summary>Values that could not be moved.</summary>
internal sealed record RewrapFailureAnswer(string Code, string? KeyId, long Count);
