namespace Vorel.Azure.KeyVault;

/// <summary>Options of <see cref="KeyClient"/>.</summary>
public sealed class KeyClientOptions : KeyVaultClientOptions;
