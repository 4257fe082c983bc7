using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Vorel.Fakes.OAuth;

/// <summary>
/// Salesforce's web-server flow (help.salesforce.com, remoteaccess_oauth_web_server_flow): a person who always says yes, and the token endpoint, PKCE
/// included. No <c>expires_in</c>, as Salesforce has none.
/// </summary>
public sealed class FakeSalesforce : FakeTokens
{
    private static readonly string[] s_authorize =
        ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"];

    private readonly ConcurrentDictionary<string, (string RedirectUri, string Challenge)> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _refresh = new(StringComparer.Ordinal);

    /// <summary>Where the code may be sent.</summary>
    public string RedirectUri { get; set; } = "";

    /// <summary>Where it says that the org's API is.</summary>
    public string InstanceUrl { get; set; } = "https://skyline.my.salesforce.com";

    /// <summary>Whether a refresh gives a new refresh token, and ends the old one.</summary>
    public bool Rotates { get; set; }

    /// <inheritdoc/>
    protected override string TokenPath => "/services/oauth2/token";

    /// <inheritdoc/>
    protected override (int Status, JsonObject? Body) Other(HttpContext context, byte[] body)
    {
        var query = context.Request.Query;
        if (context.Request.Method != "GET" || context.Request.Path != "/services/oauth2/authorize"
            || !query.Keys.Order(StringComparer.Ordinal).SequenceEqual(s_authorize.Order(StringComparer.Ordinal))
            || query["response_type"] != "code" || query["client_id"] != Client.Id || query["redirect_uri"] != RedirectUri
            || query["scope"] != "api refresh_token" || query["code_challenge_method"] != "S256" || query["code_challenge"].ToString().Length != 43)
        {
            return (400, new JsonObject { ["error"] = "invalid_request" });
        }

        var code = New("aPrx");
        _codes[code] = (RedirectUri, query["code_challenge"].ToString());
        context.Response.Headers.Location = QueryHelpers.AddQueryString(
            RedirectUri, new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"].ToString() });
        return (302, null);
    }

    /// <inheritdoc/>
    protected override (int Status, JsonObject? Body) Token(HttpRequest request, byte[] body)
    {
        if (Form(request, body, "grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier") is { } exchange)
        {
            return !IsClient(exchange) ? Error("invalid_client", "invalid client credentials")
                : exchange["grant_type"] == "authorization_code"
                    && _codes.TryRemove(exchange["code"], out var code)
                    && code.RedirectUri == exchange["redirect_uri"]
                    && code.Challenge == WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(exchange["code_verifier"])))
                    ? Grant(NewRefresh())
                    : Error("invalid_grant", "expired authorization code");
        }

        if (Form(request, body, "grant_type", "refresh_token", "client_id", "client_secret") is not { } refresh)
        {
            return Error("unsupported_grant_type", "grant type not supported");
        }

        if (!IsClient(refresh))
        {
            return Error("invalid_client", "invalid client credentials");
        }

        if (refresh["grant_type"] != "refresh_token" || !_refresh.ContainsKey(refresh["refresh_token"]))
        {
            return Error("invalid_grant", "expired access/refresh token");
        }

        if (!Rotates)
        {
            return Grant(refreshToken: null);
        }

        _refresh.TryRemove(refresh["refresh_token"], out _);
        return Grant(NewRefresh());
    }

    private static (int Status, JsonObject? Body) Error(string code, string text) => (400, new JsonObject { ["error"] = code, ["error_description"] = text });

    private string NewRefresh()
    {
        var token = New("5Aep");
        _refresh[token] = true;
        return token;
    }

    private (int Status, JsonObject? Body) Grant(string? refreshToken)
    {
        var body = new JsonObject
        {
            ["access_token"] = "00D5j000000AbCdEAK!" + New("AQ"),
            ["instance_url"] = InstanceUrl,
            ["id"] = "https://login.salesforce.com/id/00D5j000000AbCdEAK/0055j000000XyZ1AAK",
            ["issued_at"] = "1700000000000",
            ["signature"] = "c2lnbmF0dXJl",
            ["scope"] = "refresh_token api",
            ["token_type"] = "Bearer",
        };
        if (refreshToken is not null)
        {
            body["refresh_token"] = refreshToken;
        }

        return (200, body);
    }
}
