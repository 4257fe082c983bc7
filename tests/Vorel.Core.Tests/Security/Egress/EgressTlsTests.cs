using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Vorel.Core.Security.Egress;
using Vorel.Core.Webhooks;
using Vorel.Testing;

namespace Vorel.Core.Tests.Security.Egress;

/// <summary>Real handshakes on loopback with certificates made for the test. The authority is trusted for the test by the chain policy alone.</summary>
[Trait("Area", "hostile")]
public sealed class EgressTlsTests : IDisposable
{
    private const string Host = "hooks.example.com";

    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public EgressTlsTests()
    {
        var request = new CertificateRequest("CN=Test authority", _authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(1));
    }

    [Fact]
    public async Task Takes_a_valid_certificate_again_and_again_without_growing_the_policy()
    {
        using var certificate = Issue(Host, TimeSpan.FromDays(1));
        var policy = TrustingTheAuthority();
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await Send(certificate, policy));
        }

        Assert.Empty(policy.ExtraStore);
    }

    [Fact]
    public async Task Refuses_the_certificate_of_another_host()
    {
        using var certificate = Issue("other.example.com", TimeSpan.FromDays(1));
        Assert.Equal(AttemptError.Tls, await Send(certificate, TrustingTheAuthority()));
    }

    [Fact]
    public async Task Refuses_an_expired_certificate()
    {
        using var certificate = Issue(Host, TimeSpan.FromDays(-1));
        Assert.Equal(AttemptError.Tls, await Send(certificate, TrustingTheAuthority()));
    }

    [Fact]
    public async Task Refuses_a_certificate_that_is_not_valid_yet()
    {
        using var certificate = Issue(Host, TimeSpan.FromDays(2), from: TimeSpan.FromDays(1));
        Assert.Equal(AttemptError.Tls, await Send(certificate, TrustingTheAuthority()));
    }

    [Theory]
    [InlineData("*.com")]
    [InlineData("*.*.com")]
    [InlineData("hooks.*.com")]
    [InlineData("example.com")]
    [InlineData("*.hooks.example.com")]
    [InlineData("evil-hooks.example.com")]
    [InlineData("hooks.example.com.evil.example")]
    public async Task Refuses_a_certificate_whose_name_only_looks_like_the_hosts(string name)
    {
        using var certificate = Issue(name, TimeSpan.FromDays(1));
        Assert.Equal(AttemptError.Tls, await Send(certificate, TrustingTheAuthority()));
    }

    [Fact]
    public void Nothing_turns_the_check_of_a_certificate_off()
    {
        using var handler = new EgressGuard(DevelopmentHosts.Parse("127.0.0.1:443")).CreateHandler();
        Assert.Null(handler.SslOptions.RemoteCertificateValidationCallback);
        Assert.False(handler.SslOptions.AllowRenegotiation);
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, handler.SslOptions.EnabledSslProtocols);
        Assert.Null(handler.SslOptions.ClientCertificates);
    }

    [Fact]
    public async Task Refuses_a_certificate_for_clients()
    {
        using var certificate = Issue(Host, TimeSpan.FromDays(1), usage: "1.3.6.1.5.5.7.3.2");
        Assert.Equal(AttemptError.Tls, await Send(certificate, TrustingTheAuthority()));
    }

    [Fact]
    public async Task Refuses_an_authority_that_the_system_does_not_trust()
    {
        using var certificate = Issue(Host, TimeSpan.FromDays(1));
        Assert.Equal(AttemptError.Tls, await Send(certificate, policy: null));
    }

    [Fact]
    public async Task Refuses_a_self_signed_certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Named(Host, key).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Assert.Equal(AttemptError.Tls, await Send(Exportable(certificate), policy: null));
    }

    [Fact]
    public void Fetches_nothing_that_a_certificate_names()
    {
        var policy = new EgressGuard(DevelopmentHosts.None).ChainPolicy;
        Assert.True(policy.DisableCertificateDownloads);
        Assert.Equal(X509RevocationMode.NoCheck, policy.RevocationMode);
        Assert.Equal(X509VerificationFlags.NoFlag, policy.VerificationFlags);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _authorityKey.Dispose();
    }

    private static async Task<AttemptError?> Send(X509Certificate2 certificate, X509ChainPolicy? policy)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var hosts = DevelopmentHosts.Parse($"{Host}:{port}");
        EgressResolver loopback = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
        var guard = policy is null ? new EgressGuard(hosts, loopback) : new EgressGuard(hosts, loopback) { ChainPolicy = policy };
        using var sender = new WebhookSender(guard, TimeProvider.System);

        var serving = Serve(listener, certificate);
        var outcome = await sender.Send(new WebhookRequest($"https://{Host}:{port}/", "whsec_x", "{}"u8.ToArray()), CancellationToken.None);
        listener.Stop();
        await Eventually.True(() => serving.IsCompleted, "the receiver ends");
        return outcome.Error;
    }

    private static async Task Serve(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            if (await tls.ReadAsync(new byte[4096]) > 0)
            {
                await tls.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
            }
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // The client broke the handshake off, which is what most of these tests want to see.
        }
    }

    private X509ChainPolicy TrustingTheAuthority() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { _authority },
    };

    private X509Certificate2 Issue(string host, TimeSpan validUntil, string usage = "1.3.6.1.5.5.7.3.1", TimeSpan? from = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Named(host, key);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: true));
        using var certificate = request.Create(_authority, DateTimeOffset.UtcNow + (from ?? TimeSpan.FromDays(-365)), DateTimeOffset.UtcNow + validUntil, [1, 2, 3]);
        using var withKey = certificate.CopyWithPrivateKey(key);
        return Exportable(withKey);
    }

    private static CertificateRequest Named(string host, ECDsa key)
    {
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static X509Certificate2 Exportable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
}
