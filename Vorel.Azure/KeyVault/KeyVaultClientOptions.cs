namespace Vorel.Azure.KeyVault;

/// <summary>Options of the clients for Key Vault.</summary>
public abstract class KeyVaultClientOptions : ServiceClientOptions
{
    private protected KeyVaultClientOptions()
    {
    }

    /// <summary>Whether the vault may be on loopback, with any scheme and port. For the stand-in, in development alone.</summary>
    public bool AllowLoopback { get; set; }
}
