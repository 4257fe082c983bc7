using System.Security.Cryptography;
using System.Text;

namespace Vorel.Core.Security;

/// <summary>
/// A root key from the environment: base64 (standard alphabet, padded) of at least 32 random bytes. Its bytes never leave
/// this type; what is used are keys derived from it (HKDF-SHA256, RFC 5869) or MACs made with it.
/// </summary>
public sealed class RootSecret : IDisposable
{
    /// <summary>The least number of bytes.</summary>
    public const int MinimumBytes = 32;

    private readonly byte[] _bytes;

    private RootSecret(byte[] bytes) => _bytes = bytes;

    /// <summary>Reads the value of a setting.</summary>
    /// <exception cref="SecretSettingException">It is missing, is not base64, or is too short. The message names the setting, never its value.</exception>
    public static RootSecret Parse(string settingName, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            throw new SecretSettingException(settingName, "is not set");
        }

        var buffer = new byte[value.Length];
        try
        {
            // Convert skips white space; a value with any was pasted wrongly and is refused.
            if (value.AsSpan().ContainsAny(" \t\r\n") || !Convert.TryFromBase64String(value, buffer, out var count))
            {
                throw new SecretSettingException(settingName, "is not base64 (standard alphabet, padded, no white space)");
            }

            return count >= MinimumBytes
                ? new RootSecret(buffer[..count])
                : throw new SecretSettingException(settingName, $"holds {count} bytes");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    /// <summary>Fills <paramref name="key"/> with HKDF-SHA256(this, <paramref name="salt"/>, label and context).</summary>
    /// <param name="key">Where the derived key goes; its length is the key's.</param>
    /// <param name="salt">May be empty.</param>
    /// <param name="label">What the key is for, with a version; a different label gives an unrelated key.</param>
    /// <param name="context">Whose key it is, for example a tenant id.</param>
    internal void DeriveKey(Span<byte> key, ReadOnlySpan<byte> salt, string label, string context) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _bytes, key, salt, Encoding.UTF8.GetBytes($"{label}\0{context}"));

    /// <summary>HMAC-SHA256 of <paramref name="data"/> under this secret.</summary>
    internal byte[] Mac(ReadOnlySpan<byte> data) => HMACSHA256.HashData(_bytes, data);

    /// <summary>Zeroes the bytes.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}

/// <summary>A secret in the settings is missing or unusable. The message says which and what to do, never the value.</summary>
public sealed class SecretSettingException(string settingName, string problem)
    : Exception($"The setting {settingName} {problem}. It must be base64 of at least {RootSecret.MinimumBytes} random bytes; make one with: openssl rand -base64 32")
{
    /// <summary>The setting's name.</summary>
    public string SettingName { get; } = settingName;
}
