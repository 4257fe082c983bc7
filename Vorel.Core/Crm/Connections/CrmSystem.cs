using System.Security.Cryptography;
using System.Text;
using Vorel.Core.Security;

namespace Vorel.Core.Crm.Connections;

/// <summary>Names the system that a connection leads to: the same however often and with whatever secret it is connected.</summary>
internal static class CrmSystem
{
    /// <summary>In bytes of the digest: 80 bits, 16 characters.</summary>
    private const int Length = 10;

    /// <summary>The name of an account at a provider.</summary>
    /// <param name="provider">The provider's slug.</param>
    /// <param name="account">What tells the account from all others there, as the provider names it; only its digest is kept.</param>
    public static string Of(string provider, string account) =>
        $"{provider}:{Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(account)).AsSpan(0, Length))}";

    /// <summary>The account of a URL: all of it, for behind two paths of one host, as hosted receivers have them, lie two systems.</summary>
    public static string AccountOf(Uri url) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{url.Scheme}://{url.IdnHost}:{url.Port}{url.PathAndQuery}");
}
