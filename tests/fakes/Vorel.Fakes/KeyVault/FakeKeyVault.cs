using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vorel.Fakes;

/// <summary>
/// A vault as its documentation describes it: a real server on loopback ports, one with TLS, that challenges who shows no token, checks what the
/// token is for, and wraps with real RSA keys, strictly.
/// </summary>
/// <remarks>
/// https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses, …/rest-error-codes, …/rest/api/keyvault/keys.
/// Written from those pages, and driven by Azure's own client for JavaScript; nobody has compared it with the service.
/// </remarks>
public sealed class FakeKeyVault : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private int _open;

    /// <param name="time">The clock of tokens; the system's if not given.</param>
    public FakeKeyVault(TimeProvider? time = null)
    {
        Access = new VaultAccess(time ?? TimeProvider.System);
        Certificate = Certificates.SelfSigned();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(Certificate));
        });
        _app = builder.Build();
        _app.Run(Serve);
    }

    /// <summary>Whom it lets in.</summary>
    public VaultAccess Access { get; }

    /// <summary>Its keys.</summary>
    public VaultKeys Keys { get; } = new();

    /// <summary>Its certificate, which nobody trusts unless told to.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>What happens to the next requests that show a token, one each.</summary>
    public ConcurrentQueue<VaultFault> Faults { get; } = new();

    /// <summary>What happens to every request with a token and without a fault of its own.</summary>
    public VaultFault? Standing { get; set; }

    /// <summary>Requests in order: method, path, and whether a token and a body came with it.</summary>
    public ConcurrentQueue<VaultCall> Calls { get; } = new();

    /// <summary>Held up while it is not over: each request with a token waits for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How many requests are being answered.</summary>
    public int Open => _open;

    /// <summary>The address of the vault, with TLS.</summary>
    public Uri Address => AddressOf(Uri.UriSchemeHttps);

    /// <summary>The address without.</summary>
    public Uri PlainAddress => AddressOf(Uri.UriSchemeHttp);

    /// <summary>How many requests with a token came for an operation.</summary>
    public int Count(string operation) => Calls.Count(call => call.HasToken && call.Path.EndsWith('/' + operation, StringComparison.Ordinal));

    /// <summary>Starts to listen.</summary>
    public Task Start() => _app.StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        Keys.Dispose();
        Certificate.Dispose();
        _stopping.Dispose();
    }

    private Uri AddressOf(string scheme) => _app.Urls.Select(url => new Uri(url)).Single(url => url.Scheme == scheme);

    private async Task Serve(HttpContext context)
    {
        Interlocked.Increment(ref _open);
        try
        {
            using var buffer = new MemoryStream();
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
            var body = buffer.ToArray();
            var authorization = context.Request.Headers.Authorization.ToString();
            Calls.Enqueue(new VaultCall(context.Request.Method, context.Request.Path, authorization.Length > 0, body.Length > 0, DateTimeOffset.UtcNow));
            if (authorization.Length > 0)
            {
                await Gate.WaitAsync(context.RequestAborted);
            }

            var fault = authorization.Length == 0 ? null : Faults.TryDequeue(out var next) ? next : Standing;
            await Serve(context, fault, authorization, body);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task Serve(HttpContext context, VaultFault? fault, string authorization, byte[] body)
    {
        var vault = $"{context.Request.Scheme}://{context.Request.Host}";
        switch (fault?.Kind)
        {
            case VaultFaultKind.Status:
                if (fault.RetryAfter is { } seconds)
                {
                    context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                }

                context.Response.StatusCode = fault.Status;
                await context.Response.WriteAsync(authorization + Encoding.UTF8.GetString(body), context.RequestAborted);
                return;
            case VaultFaultKind.Hang:
                using (var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token))
                {
                    await Task.Delay(Timeout.Infinite, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                return;
            case VaultFaultKind.Reset:
                context.Abort();
                return;
            case VaultFaultKind.ExpireToken:
                Access.Expire(authorization);
                break;
            case VaultFaultKind.Nonsense:
                await context.Response.WriteAsync("<html>", context.RequestAborted);
                return;
        }

        if (!Access.Opens(authorization))
        {
            context.Response.Headers.WWWAuthenticate = Access.Header;
            await Write(context, VaultAnswer.Error(401, "Unauthorized"));
            return;
        }

        await Write(context, VaultOperations.Answer(Keys, fault?.Kind == VaultFaultKind.OtherKey ? vault + "0" : vault, context.Request, body));
    }

    private static async Task Write(HttpContext context, VaultAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(answer.Body.ToJsonString(), context.RequestAborted);
    }
}

/// <summary>A request that came.</summary>
public sealed record VaultCall(string Method, string Path, bool HasToken, bool HasBody, DateTimeOffset At);
