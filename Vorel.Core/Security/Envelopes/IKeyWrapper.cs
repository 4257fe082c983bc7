namespace Vorel.Core.Security.Envelopes;

/// <summary>
/// The port to a key that never leaves its vault: it wraps the keys of rows. Implementations are held to one contract suite, and let nobody have them
/// call another vault than their own.
/// </summary>
/// <remarks>
/// Every method throws <see cref="EnvelopeException"/> when the key cannot be used, saying which and why, and
/// <see cref="Storage.StoreUnavailableException"/> when the vault does not answer or sheds load.
/// </remarks>
public interface IKeyWrapper
{
    /// <summary>The version of the key that is wrapped with now. It may be minutes old.</summary>
    ValueTask<string> CurrentKeyId(CancellationToken cancellationToken);

    /// <summary>Wraps a key with the newest version.</summary>
    Task<WrappedKey> Wrap(ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>Unwraps a key with the version that it was wrapped with. The caller zeroes what it is given.</summary>
    Task<byte[]> Unwrap(WrappedKey wrapped, CancellationToken cancellationToken);
}

/// <summary>A wrapped key.</summary>
/// <param name="KeyId">The key that it was wrapped with, with its version.</param>
/// <param name="Bytes">What came of it.</param>
public sealed record WrappedKey(string KeyId, byte[] Bytes);
