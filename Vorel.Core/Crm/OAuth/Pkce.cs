using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Vorel.Core.Security;

namespace Vorel.Core.Crm.OAuth;

/// <summary>Proof Key for Code Exchange (RFC 7636), by S256.</summary>
internal static class Pkce
{
    /// <summary>The one method that we use.</summary>
    public const string Method = "S256";

    /// <summary>A new verifier: 43 characters of 256 random bits (RFC 7636, 4.1).</summary>
    public static string NewVerifier(RandomFill random) => OneTimeText.New(random);

    /// <summary>The challenge to a verifier: the base64url, without padding, of its SHA-256 (RFC 7636, 4.2).</summary>
    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
