using System.Security.Cryptography;
using System.Text;

namespace Vorel.Azure;

/// <summary>The name and a key of a storage account. Production uses a token credential instead; this serves the emulator.</summary>
public sealed class StorageSharedKeyCredential
{
    private readonly byte[] _key;

    /// <param name="accountName">The account.</param>
    /// <param name="accountKey">The key, base64.</param>
    /// <exception cref="FormatException">The key is not base64; the message does not repeat it.</exception>
    public StorageSharedKeyCredential(string accountName, string accountKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountName);
        ArgumentException.ThrowIfNullOrEmpty(accountKey);
        AccountName = accountName;
        _key = Convert.FromBase64String(accountKey);
    }

    /// <summary>The account.</summary>
    public string AccountName { get; }

    /// <summary>Base64 of HMAC-SHA256 over the UTF-8 of <paramref name="stringToSign"/>.</summary>
    internal string Sign(string stringToSign) =>
        Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(stringToSign)));
}
