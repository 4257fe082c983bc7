namespace Vorel.Azure.KeyVault;

/// <summary>Options of <see cref="CryptographyClient"/>.</summary>
public sealed class CryptographyClientOptions : KeyVaultClientOptions;
