using System.Security.Cryptography;
using System.Text;

namespace Vorel.Functions.Api.Access;

/// <summary>The development operator's token, known by its SHA-256 alone.</summary>
internal sealed class OperatorToken(byte[]? hash)
{
    /// <summary>Whether <paramref name="token"/> is the one, in the same time whatever it is. None is, where none is set.</summary>
    public bool Matches(string token) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), hash);
}
