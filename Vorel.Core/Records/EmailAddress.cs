using System.Text;

namespace Vorel.Core.Records;

/// <summary>The shape of an e-mail address, as far as it can be judged without sending to it.</summary>
internal static class EmailAddress
{
    private const int MaxLocalLength = 64;
    private const int MaxLabelLength = 63;

    /// <summary>
    /// A local part of RFC 5322 atoms joined by dots (letters beyond ASCII allowed, RFC 6531), one at sign, and a domain of
    /// at least two labels. Quoted local parts and address literals are refused.
    /// </summary>
    public static bool IsWellFormed(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at is > 0 and <= MaxLocalLength
            && text.AsSpan(0, at).ToString().Split('.').All(IsAtom)
            && IsDomain(text[(at + 1)..]);
    }

    /// <summary>
    /// The one form under which an address is looked up. Servers may tell the case of a local part apart; in practice none does,
    /// and one customer who is known twice does more harm than two who share an address but for its case.
    /// </summary>
    public static string Normalise(string text) => text.Normalize(NormalizationForm.FormC).ToLowerInvariant();

    private static bool IsAtom(string part) =>
        part.Length > 0 && part.All(character => IsLetterOrDigit(character) || "!#$%&'*+-/=?^_`{|}~".Contains(character, StringComparison.Ordinal));

    private static bool IsDomain(string domain)
    {
        var labels = domain.Split('.');
        return labels.Length >= 2 && labels.All(label =>
            label.Length is > 0 and <= MaxLabelLength && label[0] != '-' && label[^1] != '-' && label.All(character => IsLetterOrDigit(character) || character == '-'));
    }

    private static bool IsLetterOrDigit(char character) => char.IsAsciiLetterOrDigit(character) || (character > 0x7F && (char.IsLetterOrDigit(character) || char.IsSurrogate(character)));
}
