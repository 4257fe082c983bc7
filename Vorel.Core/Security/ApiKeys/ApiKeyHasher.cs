using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vorel.Core.Security.ApiKeys;

/// <summary>
/// How API keys are stored: HMAC-SHA256(pepper, whole key), 32 bytes. A key is 192 random bits, so no slow hash is needed;
/// the pepper makes a stolen table useless for checking guesses.
/// </summary>
/// <param name="pepper">The secret in <c>VOREL_API_KEY_PEPPER</c>; it must outlive this.</param>
public sealed class ApiKeyHasher(RootSecret pepper)
{
    /// <summary>The setting that holds the pepper.</summary>
    public const string SettingName = "VOREL_API_KEY_PEPPER";

    private const string RowLabel = "vorel/api-key-row/1";

    /// <summary>The hash to store. Also computed for unknown keys, so that known and unknown ones cost the same.</summary>
    public byte[] Hash(string key) => pepper.Mac(Encoding.UTF8.GetBytes(key));

    /// <summary>
    /// The MAC that binds a look-up row to all that it decides: the tenant it leads to, the key's id and hash, its scopes and its revocation. Its key
    /// is derived from the pepper, so that it is nobody's who has the tables alone, and is no key that hashes are made with.
    /// </summary>
    internal byte[] Bind(string prefix, ApiKeyLookupRow row)
    {
        Span<byte> key = stackalloc byte[32];
        try
        {
            pepper.DeriveKey(key, salt: [], RowLabel, context: "");
            return HMACSHA256.HashData(key, new LengthPrefixed()
                .Add(prefix)
                .Add(row.RowKey)
                .Add(row.Tenant.ToString())
                .Add(row.Hash)
                .Add(string.Join(' ', row.Scopes))
                .Add(row.RevokedAt?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? "")
                .ToArray());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Whether <paramref name="hash"/> is the stored one, in time that does not depend on where they differ.</summary>
    public static bool Equal(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> stored) => CryptographicOperations.FixedTimeEquals(hash, stored);
}
