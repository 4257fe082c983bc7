using System.Globalization;
using System.Text.Json.Nodes;

namespace Vorel.Durable.Tests.Referee;

/// <summary>One event of an instance's history, as the engine reports it.</summary>
internal sealed record ForeignEvent(string Kind, int? Number, DateTimeOffset? At, string? Name, string? Child, DateTimeOffset? FireAt)
{
    public static ForeignEvent Read(JsonNode next) => new(
        (string)next["kind"]!,
        (int?)next["number"],
        Time(next["at"]),
        (string?)next["name"],
        (string?)next["child"],
        Time(next["fireAt"]));

    private static DateTimeOffset? Time(JsonNode? text) =>
        text is null ? null : DateTimeOffset.Parse((string)text!, CultureInfo.InvariantCulture);
}
