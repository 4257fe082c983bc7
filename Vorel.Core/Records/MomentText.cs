using System.Globalization;
using System.Text.RegularExpressions;

namespace Vorel.Core.Records;

/// <summary>Reads moments as requests write them: RFC 3339, where the offset must be there and a leap second is none.</summary>
internal static partial class MomentText
{
    /// <summary>The moment in UTC, to the millisecond; what is finer is cut off.</summary>
    public static bool TryParse(string text, out DateTimeOffset moment)
    {
        moment = default;
        if (Pattern().Match(text) is not { Success: true } match
            || !DateTimeOffset.TryParseExact(
                $"{match.Groups["date"].Value}T{match.Groups["time"].Value}{match.Groups["offset"].Value.ToUpperInvariant()}",
                "yyyy-MM-dd'T'HH:mm:ssK",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal,
                out var seconds))
        {
            return false;
        }

        var fraction = match.Groups["fraction"].Value.PadRight(3, '0')[..3];
        moment = seconds.AddMilliseconds(int.Parse(fraction, CultureInfo.InvariantCulture));
        return true;
    }

    [GeneratedRegex(
        @"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]{1,9}))?(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
