using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Vorel.Core.Security.ApiKeys;

/// <summary>
/// The one form of an API key: <c>vapk_live_</c> and 48 lower-case hex digits (192 random bits). Its first 22 characters
/// (the marker and 12 digits) are stored in clear to find the candidates; the rest exists only as a keyed hash.
/// </summary>
public static class ApiKeyFormat
{
    /// <summary>How every key starts.</summary>
    public const string Marker = "vapk_live_";

    /// <summary>The length of the part by which a key is looked up, and which may be shown.</summary>
    public const int LookupPrefixLength = 22;

    private const int RandomBytes = 24;

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The length of a whole key.</summary>
    public static int Length => Marker.Length + (RandomBytes * 2);

    /// <summary>A new key. It is shown once and never stored.</summary>
    public static string Generate(RandomFill? random = null)
    {
        Span<byte> bytes = stackalloc byte[RandomBytes];
        (random ?? Randomness.Secure)(bytes);
        return Marker + Convert.ToHexStringLower(bytes);
    }

    /// <summary>Reads the lookup prefix of a key in its one form; upper-case digits, blanks or any other spelling are refused.</summary>
    public static bool TryGetLookupPrefix([NotNullWhen(true)] string? key, [NotNullWhen(true)] out string? lookupPrefix)
    {
        var valid = key is not null
            && key.Length == Length
            && key.StartsWith(Marker, StringComparison.Ordinal)
            && !key.AsSpan(Marker.Length).ContainsAnyExcept(s_hexDigits);
        lookupPrefix = valid ? key![..LookupPrefixLength] : null;
        return valid;
    }
}
