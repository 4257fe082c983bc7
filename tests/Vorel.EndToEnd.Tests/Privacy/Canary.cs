using System.Text;
using System.Text.Json;

namespace Vorel.EndToEnd.Tests.Privacy;

/// <summary>A text that stands nowhere unless somebody has put it there, and whose it is: the field or party that a test put it into.</summary>
/// <param name="Text">The text.</param>
/// <param name="Owner">For example <c>lead.notes</c>.</param>
internal sealed record Canary(string Text, string Owner)
{
    // What base64 makes of fewer characters is too short to be nobody else's.
    private const int ShortestInBase64 = 8;

    /// <summary>Further forms of the same, as of a moment.</summary>
    public IReadOnlyList<string> Forms { get; init; } = [];

    /// <summary>Every way in which it may be written. Upper and lower case count as one, so that only what encodes bytes comes in both.</summary>
    public IEnumerable<string> Spellings => new[] { Text, Text.ToLowerInvariant(), Text.ToUpperInvariant() }.Concat(Forms).Distinct(StringComparer.Ordinal).SelectMany(Spell);

    private static IEnumerable<string> Spell(string text)
    {
        yield return text;
        yield return JsonEncodedText.Encode(text).ToString();
        yield return string.Concat(text.Select(letter => $"\\u{(int)letter:x4}"));
        yield return string.Concat(text.Select(letter => $"&#{(int)letter};"));
        yield return string.Concat(text.Select(letter => $"&#x{(int)letter:x};"));
        yield return string.Concat(text.Select(letter => $"%{(int)letter:x2}"));
        yield return Uri.EscapeDataString(text);
        yield return Convert.ToHexString(Encoding.UTF8.GetBytes(text));
        yield return Convert.ToHexString(Encoding.Unicode.GetBytes(text))[..^2];
        yield return string.Join('\0', text.AsEnumerable()); // UTF-16, whichever byte is first.
        if (text.Length >= ShortestInBase64)
        {
            foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode])
            {
                for (var shift = 0; shift < 3; shift++)
                {
                    var spelled = Base64(encoding.GetBytes(text), shift);
                    yield return spelled;
                    yield return spelled.Replace('+', '-').Replace('/', '_');
                }
            }
        }
    }

    /// <summary>What base64 makes of bytes that so many others stand before, whatever those are and whatever follows.</summary>
    private static string Base64(byte[] bytes, int shift)
    {
        byte[] shifted = [.. new byte[shift], .. bytes];
        var whole = Convert.ToBase64String(shifted[..(shifted.Length / 3 * 3)]);
        return whole[(shift == 0 ? 0 : 4)..];
    }
}
