using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Vorel.Core.Crm.OAuth;

/// <summary>Writes the requests of token endpoints (RFC 6749, 4.1.3, 4.4.2 and 6; RFC 7636, 4.5; RFC 7662, 2.1).</summary>
internal static class TokenRequests
{
    /// <summary>What a code is exchanged with.</summary>
    /// <param name="app">Our own app.</param>
    /// <param name="code">What the provider sent back.</param>
    /// <param name="redirectUri">Where to, exactly as its page was told.</param>
    /// <param name="verifier">Of PKCE; null where the provider does not take it.</param>
    public static Dictionary<string, string> Exchange(OAuthApp app, string code, string redirectUri, string? verifier)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = redirectUri,
            ["client_id"] = app.ClientId,
            ["client_secret"] = app.ClientSecret,
        };
        if (verifier is not null)
        {
            form["code_verifier"] = verifier;
        }

        return form;
    }

    /// <summary>What the next access token is got with.</summary>
    public static Dictionary<string, string> Refresh(OAuthApp app, string refreshToken) => new()
    {
        ["grant_type"] = "refresh_token",
        ["refresh_token"] = refreshToken,
        ["client_id"] = app.ClientId,
        ["client_secret"] = app.ClientSecret,
    };

    /// <summary>What is asked of a token.</summary>
    public static Dictionary<string, string> Introspect(OAuthApp app, string accessToken) => new()
    {
        ["token"] = accessToken,
        ["token_type_hint"] = "access_token",
        ["client_id"] = app.ClientId,
        ["client_secret"] = app.ClientSecret,
    };

    /// <summary>A form, sent by POST.</summary>
    public static HttpRequestMessage Form(Uri address, IReadOnlyDictionary<string, string> form) => Post(address, new FormUrlEncodedContent(form));

    /// <summary>The request of client credentials.</summary>
    public static HttpRequestMessage ClientCredentials(OAuthDefinition oauth, Uri address, OAuthApp client)
    {
        if (oauth.Dialect == TokenDialect.Login)
        {
            var login = new JsonObject
            {
                ["clientId"] = client.ClientId,
                ["clientSecret"] = client.ClientSecret,
                ["userAccessType"] = "TOAST_MACHINE_CLIENT",
            };
            var body = new ByteArrayContent(Encoding.UTF8.GetBytes(login.ToJsonString())) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            return Post(address, body);
        }

        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        if (oauth.Scopes.Count > 0)
        {
            form["scope"] = string.Join(oauth.ScopeSeparator, oauth.Scopes);
        }

        var request = Form(address, form);

        // RFC 6749, 2.3.1: both are form-encoded before they are joined.
        var pair = $"{Uri.EscapeDataString(client.ClientId)}:{Uri.EscapeDataString(client.ClientSecret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        return request;
    }

    /// <summary>Reads something of an account.</summary>
    public static HttpRequestMessage Get(Uri address, string scheme, string accessToken)
    {
        var request = Common(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, accessToken);
        return request;
    }

    private static HttpRequestMessage Post(Uri address, HttpContent content)
    {
        var request = Common(HttpMethod.Post, address);
        request.Content = content;
        return request;
    }

    private static HttpRequestMessage Common(HttpMethod method, Uri address) => new(method, address)
    {
        Headers = { { "Accept", "application/json" }, { "User-Agent", "Vorel-CRM/1" } },
    };
}
