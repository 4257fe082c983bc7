using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vorel.Core.Ids;

namespace Vorel.Core.Records;

/// <summary>What each type of field takes.</summary>
internal static partial class FieldRules
{
    private const int FirstYear = 2000;
    private const int LastYear = 2999;

    /// <summary>Reads a value. The answer is what is wrong with it, or null.</summary>
    public static string? Check(RecordField field, JsonElement json, out object? value)
    {
        value = null;
        if (json.ValueKind == JsonValueKind.Null)
        {
            return field.Nullable ? null : "must not be null";
        }

        if (field.Type == FieldType.Integer)
        {
            return Integer(field, json, out value);
        }

        if (field.Type == FieldType.Attributes)
        {
            value = json;
            return json.ValueKind == JsonValueKind.Object ? Attributes.Check(json) : "must be an object";
        }

        if (field.Type == FieldType.Links)
        {
            return Links(field, json, out value);
        }

        if (field.Type == FieldType.Price)
        {
            value = json.GetRawText();
            return json.ValueKind == JsonValueKind.Number && PricePattern().IsMatch(json.GetRawText())
                ? null
                : "must be a number of at least 0, with at most 15 digits before the point and 6 behind it";
        }

        if (json.ValueKind != JsonValueKind.String)
        {
            return "must be a string";
        }

        var text = json.GetString()!;
        value = text;
        return field.Type switch
        {
            FieldType.Text => Text(field, text),
            FieldType.Email => Text(field, text) ?? (EmailAddress.IsWellFormed(text) ? null : "must be an e-mail address"),
            FieldType.Phone => PhonePattern().IsMatch(text) ? null : "must be a phone number such as +14155550100",
            FieldType.Language => LanguagePattern().IsMatch(text) || field.Choices.Contains(text) ? null : "must be a language such as en or pt-BR",
            FieldType.Link => Text(field, text) ?? (WebLink.Parse(text) is not null ? null : "must be an http or https URL without a user name"),
            FieldType.Choice => field.Choices.Contains(text) ? null : "must be one of " + string.Join(", ", field.Choices),
            FieldType.Currency => CurrencyPattern().IsMatch(text) ? null : "must be a currency such as AED",
            FieldType.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "must be a day such as 2026-01-05",
            FieldType.Moment => Moment(text, out value),
            FieldType.Reference => Reference(text, out value),
            _ => throw new InvalidOperationException($"A {field.Type} is not read from requests."),
        };
    }

    private static string? Text(RecordField field, string text)
    {
        // Code points, as JSON Schema counts; a text with fewer UTF-16 units than the limit needs no counting.
        if (text.Length > field.MaxLength && text.EnumerateRunes().Count() > field.MaxLength)
        {
            return $"must have at most {field.MaxLength} characters";
        }

        return text.Length < field.MinLength ? $"must have at least {field.MinLength} characters" : null;
    }

    private static string? Links(RecordField field, JsonElement json, out object? value)
    {
        value = Encoding.UTF8.GetBytes(json.GetRawText());
        return json.ValueKind == JsonValueKind.Array
            && json.GetArrayLength() <= field.Max
            && json.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && Text(field, item.GetString()!) is null && WebLink.Parse(item.GetString()!) is not null)
                ? null
                : $"must be a list of at most {field.Max} http or https URLs without user names, each of at most {field.MaxLength} characters";
    }

    private static string? Integer(RecordField field, JsonElement json, out object? value)
    {
        // Exact: 85.0 and 8.5e1 are refused, so that what is stored is what was written.
        var exact = json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var number) && number >= field.Min && number <= field.Max
            ? number
            : (long?)null;
        value = exact;
        return exact is null ? $"must be an integer from {field.Min} to {field.Max}" : null;
    }

    private static string? Moment(string text, out object? value)
    {
        var known = MomentText.TryParse(text, out var moment);
        value = moment;
        return !known ? "must be a date and time with an offset, such as 2026-01-05T13:00:00+04:00"
            : moment.Year is < FirstYear or > LastYear ? $"must lie in the years {FirstYear} to {LastYear}"
            : null;
    }

    private static string? Reference(string text, out object? value)
    {
        var known = Uuid7.TryParse(text, out var id);
        value = known ? id : Guid.Empty;
        return known || Guid.TryParseExact(text, "D", out _) ? null : "must be a UUID";
    }

    [GeneratedRegex(@"\A[a-z]{2}(-[A-Z]{2})?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LanguagePattern();

    [GeneratedRegex(@"\A\+[1-9][0-9]{1,14}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PhonePattern();

    [GeneratedRegex(@"\A[0-9]{1,15}(\.[0-9]{1,6})?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PricePattern();

    [GeneratedRegex(@"\A[A-Z]{3}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CurrencyPattern();
}
