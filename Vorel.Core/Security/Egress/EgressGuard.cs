using System.Collections.Frozen;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Vorel.Core.Errors;

namespace Vorel.Core.Security.Egress;

/// <summary>Finds the addresses of a name. Outside tests: the system's resolver.</summary>
public delegate Task<IPAddress[]> EgressResolver(string host, CancellationToken cancellationToken);

/// <summary>
/// The one way out to hosts that tenants name: subscriptions, custom webhooks, CRM instances. The same object checks a URL
/// when it is entered and every connection when it is made, so that the two never disagree.
/// </summary>
/// <param name="development">The exact pairs that may be on loopback; <see cref="DevelopmentHosts.None"/> in production.</param>
/// <param name="resolver">How names are resolved; null for the system's resolver.</param>
public sealed class EgressGuard(DevelopmentHosts development, EgressResolver? resolver = null)
{
    // All of a name's addresses are checked, but a name must not have us knock at hundreds of doors.
    private const int MostDialled = 8;

    private readonly EgressResolver _resolver = resolver ?? Dns.GetHostAddressesAsync;

    // No fetching of missing intermediates, revocation lists or OCSP answers: their addresses come from the receiver's
    // certificate and would be called past this guard. A receiver sends its whole chain.
    internal X509ChainPolicy ChainPolicy { get; init; } =
        new() { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };

    /// <summary>The hosts at which this very service answers, lower case: a webhook there would feed on itself. Refused at every port that is not a development pair.</summary>
    public IReadOnlySet<string> OwnHosts { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Reads and checks a URL; names are not resolved here, because the answer may be another one a second later.</summary>
    /// <exception cref="EgressRefusedException">It is refused; the message says why in plain words.</exception>
    public EgressUrl Check(string? url)
    {
        var parsed = EgressUrl.Parse(url, development);
        return OwnHosts.Contains(parsed.Uri.IdnHost) && !development.Contains(parsed.Uri.IdnHost, parsed.Uri.Port)
            ? throw new EgressRefusedException(EgressRefusal.Own, "The URL leads back to this service.")
            : parsed;
    }

    /// <summary>As <see cref="Check"/>, for a form: the URL in its one spelling, or an error at <paramref name="pointer"/> and nothing.</summary>
    internal string Check(string? url, string pointer, List<FieldError> errors)
    {
        try
        {
            return Check(url).ToString();
        }
        catch (EgressRefusedException refused)
        {
            errors.Add(new FieldError(pointer, refused.Message));
            return "";
        }
    }

    /// <summary>
    /// A handler whose every connection goes through this guard. It follows no redirect, keeps no cookie, uses no proxy,
    /// unpacks nothing, adds no tracing header, and closes a connection rather than draining an answer.
    /// </summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        ConnectCallback = Connect,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 16, // KiB
        MaxResponseDrainSize = 0,
        ResponseDrainTimeout = TimeSpan.Zero,
        // Shorter than the 5 s after which Node closes an idle connection: a POST on a closing one would cost an attempt.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionLifetime = TimeSpan.FromSeconds(30),
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = ChainPolicy,
            AllowRenegotiation = false,
        },
    };

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Resolve(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The very addresses that were checked: a second look-up could answer differently.
            await socket.ConnectAsync([.. addresses.Take(MostDialled)], context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> Resolve(string host, int port, CancellationToken cancellationToken)
    {
        // The handler gives an IPv6 literal in brackets; TryParse takes them.
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolver(host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        if (!development.Contains(literal?.ToString() ?? host, port))
        {
            // One bad address refuses the name: which of them gets dialled is not ours to hope for.
            Array.ForEach(addresses, EgressAddressPolicy.Check);
        }

        return addresses;
    }
}
