using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>One condition of a search.</summary>
internal sealed record HubSpotFilter(HubSpotProperty Property, string Operator, string[] Values)
{
    public static HubSpotFilter Read(HubSpotPortal portal, HubSpotObjectType type, JsonNode? node)
    {
        var filter = HubSpotCall.Members(node, "propertyName", "operator", "value", "values", "highValue");
        var name = HubSpotValue.Member(filter, "propertyName", isNeeded: true)!;
        var operation = HubSpotValue.Member(filter, "operator", isNeeded: true)!;
        var (value, high, values) = (HubSpotValue.Member(filter, "value"), HubSpotValue.Member(filter, "highValue"), HubSpotValue.List(filter, "values"));
        string[]? needed = operation switch
        {
            "EQ" or "NEQ" or "LT" or "LTE" or "GT" or "GTE" or "CONTAINS_TOKEN" or "NOT_CONTAINS_TOKEN" => value is null ? null : [value],
            "BETWEEN" => value is null || high is null ? null : [value, high],
            "IN" or "NOT_IN" => values.Length == 0 ? null : values,
            "HAS_PROPERTY" or "NOT_HAS_PROPERTY" => [],
            _ => null,
        };
        var property = portal.Property(type, name) ?? throw HubSpotErrors.Invalid($"There was a problem with the request: no property {name}");
        return needed is null || Array.Exists(needed, string.IsNullOrEmpty)
            ? throw HubSpotErrors.Invalid($"There was a problem with the request: operator {operation} on {name} without its value")
            : new HubSpotFilter(property, operation, needed);
    }

    /// <summary>A value as it compares: numbers and times by what they are, texts without case; nothing before everything.</summary>
    public static (decimal Number, string Text) Sortable(HubSpotProperty property, string? value) =>
        value is null ? (decimal.MinValue, "")
        : property.Type == "number" && HubSpotValue.TryNumber(value, out var number) ? (number, "")
        : property.Type is "datetime" or "date" && HubSpotValue.TryTime(value, out var time) ? (time.ToUnixTimeMilliseconds(), "")
        : (0, value.ToLowerInvariant());

    public bool Holds(HubSpotRecord record)
    {
        var value = record[Property.Name];
        return Operator switch
        {
            "HAS_PROPERTY" => value is not null,
            "NOT_HAS_PROPERTY" => value is null,
            "EQ" => value is not null && Compare(value, Values[0]) == 0,
            "NEQ" => value is null || Compare(value, Values[0]) != 0,
            "LT" => value is not null && Compare(value, Values[0]) < 0,
            "LTE" => value is not null && Compare(value, Values[0]) <= 0,
            "GT" => value is not null && Compare(value, Values[0]) > 0,
            "GTE" => value is not null && Compare(value, Values[0]) >= 0,
            "BETWEEN" => value is not null && Compare(value, Values[0]) >= 0 && Compare(value, Values[1]) <= 0,
            // The stored value is put in small letters and the given ones are not: a capital in them finds nothing.
            "IN" => value is not null && Values.Contains(Small(value), StringComparer.Ordinal),
            "NOT_IN" => value is null || !Values.Contains(Small(value), StringComparer.Ordinal),
            "CONTAINS_TOKEN" => value is not null && HasToken(value, Values[0]),
            _ => value is null || !HasToken(value, Values[0]),
        };
    }

    private string Small(string value) => Property.Type == "string" ? value.ToLowerInvariant() : value;

    private int Compare(string left, string right) => Sortable(Property, left).CompareTo(Sortable(Property, right));

    // Words, of which a star stands for any part; the whole value is a word too.
    private static bool HasToken(string value, string pattern) =>
        Tokens(value).Append(value).Any(token => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.Replace("?", "\\?", StringComparison.Ordinal), token, ignoreCase: true));

    private static string[] Tokens(string value) => new string([.. value.Select(character => char.IsLetterOrDigit(character) ? character : ' ')])
        .Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
