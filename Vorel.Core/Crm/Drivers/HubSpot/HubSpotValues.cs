using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>Canonical fields as HubSpot's properties, and back.</summary>
internal static class HubSpotValues
{
    private const int MaxNameLength = 100;

    // The end of the year 9999.
    private const long MostMilliseconds = 253_402_300_799_999;

    private static readonly string[] s_nameParts = ["first_name", "last_name"];
    private static readonly JsonSerializerOptions s_relaxed = new() { Encoder = CrmJson.Encoder };

    /// <summary>A value as the text that it is at HubSpot; empty for null, which clears.</summary>
    public static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue one when one.TryGetValue<string>(out var text) => text,
        _ => value.ToJsonString(s_relaxed),
    };

    /// <summary>Whether a text is the name of a canonical field: lower-case letters, digits and underscores, at most 100.</summary>
    public static bool IsFieldName(string text) =>
        text.Length is > 0 and <= MaxNameLength && char.IsAsciiLetterLower(text[0]) && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_');

    /// <summary>What of the fields goes into properties that the account has, and what has none.</summary>
    /// <exception cref="CrmException">A name is no field's name.</exception>
    public static (Dictionary<string, string> Properties, Dictionary<string, string> Homeless) Split(HubSpotShape shape, IReadOnlySet<string> writable, CrmFields fields)
    {
        var (properties, homeless) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var (name, value) in fields.Values)
        {
            if (!IsFieldName(name))
            {
                throw new CrmException(CrmErrorCode.ValidationError, "The name of a field must be of lower-case letters, digits and underscores.", retryable: false);
            }

            var text = Text(value);
            if (shape == HubSpotFields.Contacts && name == "name")
            {
                (properties[HubSpotFields.FirstName], properties[HubSpotFields.LastName]) = SplitName(text);
            }
            else if (shape.Fields.TryGetValue(name, out var property) && writable.Contains(property) && Translate(property, text) is { } translated)
            {
                properties[property] = translated;
            }
            else
            {
                homeless[name] = text;
            }
        }

        // Both of a name's parts given one by one say more than the whole.
        foreach (var part in s_nameParts.Where(part => shape == HubSpotFields.Contacts && fields.Values[part] is not null))
        {
            properties[shape.Fields[part]] = Text(fields.Values[part]);
        }

        return (properties, homeless);
    }

    /// <summary>A record of HubSpot's in canonical fields.</summary>
    public static CrmRecord Record(CrmObject crmObject, HubSpotRecord record, Uri? url)
    {
        var shape = HubSpotFields.Of(crmObject);
        var fields = new JsonObject();
        foreach (var (name, value) in HubSpotDetails.Read(record.Property(HubSpotFields.Details)))
        {
            fields[name] = value;
        }

        foreach (var (name, property) in shape.Fields)
        {
            if (record.Property(property) is { } value)
            {
                fields[name] = property == HubSpotFields.Outcome && HubSpotFields.Outcomes.FirstOrDefault(outcome => outcome.Value == value).Key is { } ours ? ours : value;
            }
        }

        if (shape == HubSpotFields.Contacts && JoinName(record) is { Length: > 0 } whole)
        {
            fields["name"] = whole;
        }

        return new CrmRecord(record.Id, crmObject, new CrmFields(fields), url, ModifiedAt(shape, record));
    }

    /// <summary>When a record changed last: ISO 8601, or milliseconds since 1970.</summary>
    public static DateTimeOffset? ModifiedAt(HubSpotShape shape, HubSpotRecord record) => record.Property(shape.Modified) is { } text
        ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= MostMilliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : record.UpdatedAt
        : record.UpdatedAt;

    /// <summary>The whole name of a contact.</summary>
    public static string JoinName(HubSpotRecord contact) =>
        string.Join(' ', new[] { contact.Property(HubSpotFields.FirstName), contact.Property(HubSpotFields.LastName) }.OfType<string>());

    // At the last blank: joined again it is what it was.
    private static (string First, string Last) SplitName(string name)
    {
        var at = name.LastIndexOf(' ');
        return at <= 0 ? (name, "") : (name[..at], name[(at + 1)..]);
    }

    private static string? Translate(string property, string text) =>
        property != HubSpotFields.Outcome || text.Length == 0 ? text : HubSpotFields.Outcomes.GetValueOrDefault(text);
}
