using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Invocation.Newtonsoft;

/// <summary>
/// JSON as the host and its extensions see it after Newtonsoft.Json has read it: fractions squeezed through a double, so that
/// <c>1.10</c> becomes <c>1.1</c>, texts that look like dates printed anew, the last of equal names. JSON inside a string survives,
/// which is how exact values have to travel. Where Newtonsoft also takes what is not JSON (comments, single quotes), this does not.
/// </summary>
internal static class NewtonsoftJson
{
    /// <summary>As deep as the host reads an answer.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = 256 };

    /// <summary>What its serialiser makes of a text: dates are recognised, and of equal names the last stands where it was written.</summary>
    /// <param name="json">JSON.</param>
    /// <param name="local">The reader's time zone: that of a deployed host is UTC, which is what is taken where none is given.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonNode? Deserialize(string json, TimeZoneInfo? local = null)
    {
        using var document = Parse(json);
        return Deserialized(document.RootElement, local);
    }

    /// <inheritdoc cref="Deserialize(string, TimeZoneInfo?)"/>
    public static JsonNode? Deserialized(JsonElement element, TimeZoneInfo? local = null) => Read(element, local ?? TimeZoneInfo.Utc, lastPlace: true);

    /// <summary>What loading a text as tokens makes of it: as above, but of equal names the last stands in the place of the first.</summary>
    /// <param name="json">JSON.</param>
    /// <param name="dates">False where the caller turns the recognition of dates off, as the Durable extension does for inputs.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonNode? Load(string json, bool dates = true)
    {
        using var document = Parse(json);
        return Read(document.RootElement, dates ? TimeZoneInfo.Utc : null, lastPlace: false);
    }

    /// <summary>A value as its <c>ToString</c> gives it: a text as it is, a container as indented JSON.</summary>
    public static string Text(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.String when node.GetValue<string>() is var text => NewtonsoftDate.From(text, TimeZoneInfo.Utc)?.Plain ?? text,
        JsonValueKind.Number when node.ToJsonString() is var literal => IsWhole(literal)
            ? literal
            : double.Parse(literal, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        _ => HostJson.Print(node, indented: true),
    };

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (ArgumentException error)
        {
            throw new JsonException(error.Message, error); // Half of a character that takes two: it has no bytes.
        }
    }

    private static JsonNode? Read(JsonElement element, TimeZoneInfo? dates, bool lastPlace)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    if (lastPlace)
                    {
                        members.Remove(member.Name);
                    }

                    members[member.Name] = Read(member.Value, dates, lastPlace);
                }

                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(item => Read(item, dates, lastPlace))]);
            case JsonValueKind.String:
                return JsonValue.Create(Text(element, dates));
            case JsonValueKind.Number:
                return Number(element.GetRawText());
            case JsonValueKind.True or JsonValueKind.False:
                return JsonValue.Create(element.GetBoolean());
            default:
                return null;
        }
    }

    private static string Text(JsonElement element, TimeZoneInfo? dates)
    {
        try
        {
            var text = element.GetString()!;
            return dates is not null && NewtonsoftDate.From(text, dates) is { } date ? date.Printed : text;
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException(error.Message, error); // Half of a character that takes two.
        }
    }

    private static JsonValue Number(string literal)
    {
        if (IsWhole(literal))
        {
            return Literal(BigInteger.Parse(literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
        }

        var number = double.Parse(literal, CultureInfo.InvariantCulture);
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return double.IsInfinity(number)
            ? JsonValue.Create(number > 0 ? "Infinity" : "-Infinity")
            : Literal(text.AsSpan().ContainsAny(".E") ? text : text + ".0");
    }

    private static JsonValue Literal(string number) => JsonNode.Parse(number)!.AsValue();

    private static bool IsWhole(string literal) => !literal.AsSpan().ContainsAny(".eE");
}
