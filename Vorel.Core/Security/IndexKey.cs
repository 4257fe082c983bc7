using System.Security.Cryptography;
using Vorel.Core.Tenants;

namespace Vorel.Core.Security;

/// <summary>
/// Turns a customer's value (phone, e-mail, idempotency key) into a digest that may stand in a row key: keys appear in URLs
/// and storage logs, so they never hold the value itself. Each tenant has its own key, so digests of two tenants never match.
/// </summary>
/// <param name="root">The secret in <c>VOREL_INDEX_KEY</c>; it must outlive this.</param>
public sealed class IndexKey(RootSecret root)
{
    /// <summary>The setting that holds the root.</summary>
    public const string SettingName = "VOREL_INDEX_KEY";

    private const string Label = "vorel/index-key/1";

    /// <summary>
    /// HMAC-SHA256 under the tenant's index key over kind and value, as 52 characters of lower-case base32 (a to z, 2 to 7).
    /// </summary>
    /// <param name="tenant">Whose index it is.</param>
    /// <param name="kind">What the value is, for example <c>phone</c>; the same value of another kind has another digest.</param>
    /// <param name="normalisedValue">The value in its one normal form; normalising is the caller's.</param>
    public string Digest(TenantId tenant, string kind, string normalisedValue)
    {
        Span<byte> key = stackalloc byte[32];
        try
        {
            root.DeriveKey(key, salt: [], Label, tenant.ToString());
            return Base32.Encode(HMACSHA256.HashData(key, new LengthPrefixed().Add(kind).Add(normalisedValue).ToArray()));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
