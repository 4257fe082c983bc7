namespace Vorel.Azure.KeyVault;

/// <summary>How a key is wrapped. Shapes are those of Azure.Security.KeyVault.Keys.Cryptography.</summary>
/// <param name="Name">The name on the wire.</param>
public readonly record struct KeyWrapAlgorithm(string Name)
{
    /// <summary>RSA-OAEP with SHA-256 and MGF1 with SHA-256 (RFC 8017).</summary>
    public static KeyWrapAlgorithm RsaOaep256 { get; } = new("RSA-OAEP-256");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
