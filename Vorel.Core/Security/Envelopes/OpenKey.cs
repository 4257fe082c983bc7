using System.Security.Cryptography;

namespace Vorel.Core.Security.Envelopes;

/// <summary>A key that was opened for one use: a copy of its own, zeroed when it is disposed.</summary>
internal sealed class OpenKey(byte[] bytes) : IDisposable
{
    /// <summary>The key.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);
}
