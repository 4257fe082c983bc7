namespace Vorel.Azure.KeyVault;

/// <summary>What a vault tells of one version of a key.</summary>
/// <param name="Id">Its address, with the version.</param>
/// <param name="Enabled">Whether it can be used; what was wrapped with one that is not, does not open until it is again.</param>
public sealed record KeyVaultKey(KeyVaultKeyIdentifier Id, bool Enabled);
