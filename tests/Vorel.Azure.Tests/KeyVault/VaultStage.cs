using System.Security.Cryptography.X509Certificates;
using Azure.Core.Pipeline;
using Vorel.Azure.KeyVault;
using Vorel.Fakes;

namespace Vorel.Azure.Tests.KeyVault;

/// <summary>A vault, an identity, and clients of ours for both.</summary>
internal sealed class VaultStage : IAsyncDisposable
{
    public const string Name = "vorel";

    private readonly List<HttpClient> _clients = [];

    public VaultStage() => Tokens = new VaultTokens(Vault);

    public FakeKeyVault Vault { get; } = new();

    public VaultTokens Tokens { get; }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Vault.DisposeAsync();
    }

    /// <summary>The address of a version of the key.</summary>
    public string IdOf(string version) => $"{Vault.Address}keys/{Name}/{version}";

    /// <summary>Makes a version of the key, and a client for it.</summary>
    public CryptographyClient NewKey() => Keys().GetCryptographyClient(Name, Vault.Keys.Add(Name));

    public KeyClient Keys(Action<KeyClientOptions>? configure = null)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(Vault.Certificate);
        var client = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } });
        _clients.Add(client);
        var options = new KeyClientOptions { AllowLoopback = true, Transport = new HttpClientTransport(client) };
        configure?.Invoke(options);
        return new KeyClient(Vault.Address, Tokens, options);
    }
}
