using System.Text.Json.Nodes;

namespace Vorel.Durable.Tests.Referee;

/// <summary>An instance as the engine reports it.</summary>
internal sealed record ForeignInstance(
    string Status,
    string? Output,
    string? CustomStatus,
    string Execution,
    string? FailureType,
    string? FailureMessage,
    IReadOnlyList<ForeignEvent> History)
{
    public static ForeignInstance Read(JsonNode state) => new(
        (string)state["status"]!,
        (string?)state["output"],
        (string?)state["customStatus"],
        (string)state["execution"]!,
        (string?)state["failureType"],
        (string?)state["failureMessage"],
        [.. state["history"]!.AsArray().Select(next => ForeignEvent.Read(next!))]);

    public IReadOnlyList<ForeignEvent> Of(string kind) => [.. History.Where(next => next.Kind == kind)];
}
