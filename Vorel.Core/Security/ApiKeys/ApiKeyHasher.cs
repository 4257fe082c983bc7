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

    /// <summary>The hash to store. Also computed for unknown keys, so that known and unknown ones cost the same.</summary>
    public byte[] Hash(string key) => pepper.Mac(Encoding.UTF8.GetBytes(key));

    /// <summary>Whether <paramref name="hash"/> is the stored one, in time that does not depend on where they differ.</summary>
    public static bool Equal(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> stored) => CryptographicOperations.FixedTimeEquals(hash, stored);
}
