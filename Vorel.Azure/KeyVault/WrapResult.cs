namespace Vorel.Azure.KeyVault;

/// <summary>A key as the vault wrapped it.</summary>
/// <param name="KeyId">The vault's key that it was wrapped with, with its version.</param>
/// <param name="EncryptedKey">The wrapped key.</param>
/// <param name="Algorithm">How.</param>
public sealed record WrapResult(string KeyId, byte[] EncryptedKey, KeyWrapAlgorithm Algorithm);

/// <summary>A key as the vault unwrapped it.</summary>
/// <param name="KeyId">The vault's key that it had been wrapped with, with its version.</param>
/// <param name="Key">The key.</param>
/// <param name="Algorithm">How.</param>
public sealed record UnwrapResult(string KeyId, byte[] Key, KeyWrapAlgorithm Algorithm)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(UnwrapResult);
}
