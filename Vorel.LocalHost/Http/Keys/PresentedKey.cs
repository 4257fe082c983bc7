using System.Security.Cryptography;
using System.Text;

namespace Vorel.LocalHost.Http.Keys;

/// <summary>The key that a caller shows: header <c>x-functions-key</c> or, only where there is none, the query's <c>code</c>.</summary>
internal static class PresentedKey
{
    private const string Header = "x-functions-key";

    /// <summary>Compares with every accepted key in a time that tells nothing of their characters.</summary>
    public static bool IsOneOf(HttpRequest request, params ReadOnlySpan<string> accepted)
    {
        var shown = request.Headers.TryGetValue(Header, out var values) ? values : request.Query["code"];
        var bytes = Encoding.UTF8.GetBytes(shown.FirstOrDefault() ?? "");
        var found = false;
        foreach (var key in accepted)
        {
            found |= CryptographicOperations.FixedTimeEquals(bytes, Encoding.UTF8.GetBytes(key));
        }

        return found;
    }
}
