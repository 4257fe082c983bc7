using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Vorel.LocalHost.Invocation.Newtonsoft;

/// <summary>The older way to write a date, <c>/Date(1700000000000+0200)/</c>: milliseconds since 1970, and an offset that only says "local".</summary>
internal static partial class NewtonsoftOldDate
{
    /// <inheritdoc cref="NewtonsoftDate.From"/>
    public static NewtonsoftDate? From(string text, TimeZoneInfo local)
    {
        if (Old().Match(text) is not { Success: true } match
            || !long.TryParse(match.Groups["ms"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return null;
        }

        if (milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            throw new JsonException($"The reader fails on the date {text}.");
        }

        var ticks = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcTicks;
        return match.Groups["offset"].Success ? NewtonsoftDate.Local(ticks, local) : new NewtonsoftDate(ticks, "Z");
    }

    [GeneratedRegex(@"^/Date\((?<ms>-?\d+)(?<offset>[+-]\d{2,4})?\)/\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Old();
}
