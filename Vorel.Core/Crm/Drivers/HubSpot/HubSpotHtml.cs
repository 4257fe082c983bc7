using System.Net;
using System.Text;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>Text for the properties that HubSpot shows as HTML: what a customer wrote is text there too, never markup.</summary>
internal static class HubSpotHtml
{
    /// <summary>A text, escaped, with its line ends.</summary>
    public static string Of(string text) => WebUtility.HtmlEncode(text.Replace("\r\n", "\n", StringComparison.Ordinal)).Replace("\n", "<br>", StringComparison.Ordinal);

    /// <summary>A text in pieces of at most <paramref name="length"/> characters of HTML each, cut between letters.</summary>
    public static IEnumerable<string> Pieces(string text, int length)
    {
        var piece = new StringBuilder();
        foreach (var rune in text.Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
        {
            var letter = Of(rune.ToString());
            if (piece.Length + letter.Length > length)
            {
                yield return piece.ToString();
                piece.Clear();
            }

            piece.Append(letter);
        }

        yield return piece.ToString();
    }
}
