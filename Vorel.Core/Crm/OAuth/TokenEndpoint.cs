using System.Text.Json;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security.Egress;
using Vorel.Core.Webhooks;

namespace Vorel.Core.Crm.OAuth;

/// <summary>
/// Asks providers for tokens. One call each, bounded in time and size, over the guarded way out, to addresses that stand in the provider's definition and
/// nowhere else: our secrets go to no host that anybody names.
/// </summary>
public sealed class TokenEndpoint : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 16 };

    private readonly OAuthApps _apps;
    private readonly ProviderOrigins _origins;
    private readonly TimeProvider _realTime;
    private readonly HttpMessageInvoker _http;

    /// <summary>Asks in the name of <paramref name="apps"/>.</summary>
    public TokenEndpoint(OAuthApps apps, EgressGuard guard, ProviderOrigins origins, TimeProvider realTime)
    {
        _apps = apps;
        _origins = origins;
        _realTime = realTime;
        _http = new HttpMessageInvoker(guard.CreateHandler());
    }

    /// <summary>The next tokens of a connection: see <see cref="TokenRenewal"/>, which this is.</summary>
    public Task<TokenGrant> Renew(CrmProvider provider, JsonElement credentials, CancellationToken cancellationToken)
    {
        if (provider.OAuth is not { } oauth || !oauth.UsesTokens(credentials) || oauth.SiteOf(credentials) is not { } site)
        {
            throw new CrmException(CrmErrorCode.AuthError, $"{provider.Name} gives out no tokens for these credentials.", retryable: false);
        }

        if (provider.SignIn == CrmSignIn.ClientCredentials)
        {
            var client = new OAuthApp(CrmCredentials.Text(credentials, "client_id"), CrmCredentials.Text(credentials, "client_secret"));
            return Grant(provider, oauth, site, TokenRequests.ClientCredentials(oauth, _origins.Of(site.TokenUrl), client), cancellationToken);
        }

        var form = TokenRequests.Refresh(AppOf(provider), CrmCredentials.Text(credentials, "refresh_token"));
        return Grant(provider, oauth, site, TokenRequests.Form(_origins.Of(site.TokenUrl), form), cancellationToken);
    }

    /// <summary>Exchanges the code that a provider sent back, and reads what else is needed to know whose tokens these are and what they allow.</summary>
    /// <exception cref="CrmException">As of <see cref="TokenRenewal"/>; nothing can be done with the code any more, whatever the reason.</exception>
    internal async Task<TokenGrant> Exchange(
        CrmProvider provider, OAuthSite site, string code, string redirectUri, string? verifier, CancellationToken cancellationToken)
    {
        var oauth = provider.OAuth!;
        var form = TokenRequests.Exchange(AppOf(provider), code, redirectUri, verifier);
        var grant = await Grant(provider, oauth, site, TokenRequests.Form(_origins.Of(site.TokenUrl), form), cancellationToken);
        if (site.ApiHosts.Count > 0 && !grant.Others.ContainsKey(OAuthCredentials.ApiUrl))
        {
            throw new CrmException(CrmErrorCode.ProviderError, $"{provider.Name} does not say where the account's API is.", retryable: false);
        }

        if (grant.Scopes is null && oauth.IntrospectUrl is { } introspect)
        {
            var asked = TokenRequests.Form(_origins.Of(introspect), TokenRequests.Introspect(AppOf(provider), grant.AccessToken));
            var answer = await Send(provider, asked, cancellationToken);
            grant = grant with { Scopes = answer.Scopes(oauth.ScopesMember) ?? throw TokenErrors.Of(provider.Name, answer) };
        }

        if (oauth.AccountCall is { } call)
        {
            var address = call.Address.IsAbsoluteUri ? call.Address : new Uri(new Uri(grant.Others[OAuthCredentials.ApiUrl]), call.Address);
            var answer = await Send(provider, TokenRequests.Get(_origins.Of(address), call.Scheme, grant.AccessToken), cancellationToken);
            if (answer.Status is < 200 or >= 300)
            {
                throw new CrmException(CrmErrorCode.ProviderError, $"{provider.Name} does not tell whose account it is.", retryable: true);
            }

            grant = grant with { Others = grant.Others.Concat(answer.Members(call.Members)).ToDictionary(StringComparer.Ordinal) };
        }

        return grant;
    }

    /// <summary>Where a page of a provider is found: nowhere else, except in development.</summary>
    internal Uri Locate(Uri page) => _origins.Of(page);

    /// <summary>Closes every connection.</summary>
    public void Dispose() => _http.Dispose();

    private OAuthApp AppOf(CrmProvider provider) => _apps.Find(provider.Slug)
        ?? throw new CrmException(CrmErrorCode.AuthError, $"Vorel has no app of its own at {provider.Name}.", retryable: false);

    private async Task<TokenGrant> Grant(
        CrmProvider provider, OAuthDefinition oauth, OAuthSite site, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await Send(provider, request, cancellationToken);
        if (answer.Status is < 200 or >= 300 || answer.Grant(oauth) is not { } grant)
        {
            throw TokenErrors.Of(provider.Name, answer);
        }

        return Pin(provider, site, grant);
    }

    /// <summary>Where the API is said to be must be where this provider's can be: the tokens go there.</summary>
    private static TokenGrant Pin(CrmProvider provider, OAuthSite site, TokenGrant grant)
    {
        if (!grant.Others.TryGetValue(OAuthCredentials.ApiUrl, out var said))
        {
            return grant;
        }

        return site.ApiAt(said) is { } api
            ? grant with { Others = new Dictionary<string, string>(grant.Others, StringComparer.Ordinal) { [OAuthCredentials.ApiUrl] = api } }
            : throw new CrmException(CrmErrorCode.ProviderError, $"{provider.Name} says that its API is where it has none.", retryable: false);
    }

    private async Task<TokenAnswer> Send(CrmProvider provider, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        using var request = message;
        using var deadline = new CancellationTokenSource(s_timeout, _realTime);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            var root = await Read(provider, response.Content, either.Token);
            return new TokenAnswer((int)response.StatusCode, root, RetryAfter.Read(response.Headers, _realTime));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TokenErrors.OfNetwork(provider.Name, AttemptError.Timeout);
        }
        catch (Exception exception) when (exception is not CrmException && AttemptErrors.OfException(exception) is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw TokenErrors.OfNetwork(provider.Name, AttemptErrors.OfException(exception)!.Value);
        }
    }

    /// <summary>The JSON object of an answer; null if it is none: gateways answer in HTML, with any status.</summary>
    private static async Task<JsonElement?> Read(CrmProvider provider, HttpContent content, CancellationToken cancellationToken)
    {
        // One byte more than is allowed, to tell an answer that fits from one that does not.
        var buffer = new byte[MaxAnswerBytes + 1];
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        var count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (count > MaxAnswerBytes)
        {
            throw TokenErrors.TooLarge(provider.Name);
        }

        if (content.Headers.ContentType?.MediaType?.Equals("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(buffer.AsMemory(0, count), s_json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
