using System.Globalization;

namespace Vorel.Core.Security.Rewraps;

/// <summary>What one pass has come to.</summary>
internal sealed record RewrapTally(long Looked, long Already, long Moved, IReadOnlyList<RewrapFailure> Failures)
{
    // Somebody may have written rows with key ids of their own; the number of kinds is bounded, the count is not.
    private const int MostFailures = 20;

    public static RewrapTally None { get; } = new(0, 0, 0, []);

    public RewrapTally AddAlready() => this with { Looked = Looked + 1, Already = Already + 1 };

    public RewrapTally AddMoved() => this with { Looked = Looked + 1, Moved = Moved + 1 };

    public RewrapTally AddFailure(string code, string? keyId)
    {
        var known = Failures.Any(failure => failure.Code == code && failure.KeyId == keyId);
        keyId = known || Failures.Count < MostFailures ? keyId : null;
        var before = Failures.FirstOrDefault(failure => failure.Code == code && failure.KeyId == keyId);
        var after = new RewrapFailure(code, keyId, (before?.Count ?? 0) + 1);
        return this with { Looked = Looked + 1, Failures = [.. Failures.Where(failure => failure != before), after] };
    }

    /// <summary>The failures as a text: one a line.</summary>
    public string FailuresText() =>
        string.Join('\n', Failures.Select(failure => string.Create(CultureInfo.InvariantCulture, $"{failure.Count} {failure.Code} {failure.KeyId}")));

    public static IReadOnlyList<RewrapFailure> ParseFailures(string? text) =>
        [.. (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 3)).Where(parts => parts.Length == 3)
            .Select(parts => new RewrapFailure(parts[1], parts[2].Length == 0 ? null : parts[2], long.Parse(parts[0], CultureInfo.InvariantCulture)))];
}
