using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Vorel.Fakes.HubSpot;

/// <summary>The token endpoints: exchange, refresh, what a token is, revocation; of v1 with tokens in paths, of v3 with forms alone.</summary>
internal sealed class HubSpotOAuth(HubSpotApp app, HubSpotTokens tokens, HubSpotPortal portal, TimeProvider time)
{
    private const int UserId = 9_001;
    private const string User = "owner@hubspot-stand-in.example";
    private const string Domain = "hubspot-stand-in.example";

    private static readonly string[] s_ofCode = ["grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier"];
    private static readonly string[] s_ofRefresh = ["grant_type", "refresh_token", "client_id", "client_secret"];
    private static readonly string[] s_ofToken = ["token", "token_type_hint", "client_id", "client_secret"];

    /// <summary>Exchanges a code or a refresh token. v3 tells whose the tokens are, v1 does not.</summary>
    public HubSpotAnswer Token(HubSpotCall call, bool tellsWhose)
    {
        call.Knows();
        var form = call.Form();
        var known = form.GetValueOrDefault("grant_type") switch
        {
            "authorization_code" => s_ofCode,
            "refresh_token" => s_ofRefresh,
            _ => throw HubSpotErrors.Token("BAD_GRANT_TYPE", "missing or unknown grant type"),
        };
        CheckClient(form, known);
        var (refresh, grant) = known == s_ofCode ? Exchange(form) : Refresh(form);
        var answer = new JsonObject
        {
            ["token_type"] = "bearer",
            ["refresh_token"] = refresh,
            ["access_token"] = tokens.NewAccess(grant, refresh),
            ["expires_in"] = (int)HubSpotTokens.AccessLife.TotalSeconds,
        };
        if (tellsWhose)
        {
            answer["token_use"] = "access_token";
            Add(answer, grant);
        }

        return HubSpotAnswer.Ok(answer);
    }

    /// <summary>v3: what a token is, for the app that it was given to.</summary>
    public HubSpotAnswer Introspect(HubSpotCall call)
    {
        var token = TokenOf(call);
        if (tokens.Access(token) is { } access && access.Expires > time.GetUtcNow())
        {
            var left = (int)(access.Expires - time.GetUtcNow()).TotalSeconds;
            return HubSpotAnswer.Ok(Add(new JsonObject { ["active"] = true, ["token_use"] = "access_token", ["app_id"] = app.AppId, ["expires_in"] = left }, access.Grant));
        }

        return HubSpotAnswer.Ok(tokens.Grant(token) is { } grant
            ? Add(new JsonObject { ["active"] = true, ["token_use"] = "refresh_token", ["client_id"] = app.ClientId }, grant)
            : new JsonObject { ["active"] = false });
    }

    /// <summary>v3: a refresh token dies, known or not.</summary>
    public HubSpotAnswer RevokeByForm(HubSpotCall call)
    {
        tokens.Revoke(TokenOf(call));
        return HubSpotAnswer.NoContent;
    }

    public HubSpotAnswer AccessToken(string token)
    {
        if (tokens.Access(token) is not { } access)
        {
            throw HubSpotErrors.Error(System.Net.HttpStatusCode.NotFound, "access token not found", "OBJECT_NOT_FOUND");
        }

        var left = access.Expires - time.GetUtcNow();
        return left <= TimeSpan.Zero
            ? throw HubSpotErrors.Error(System.Net.HttpStatusCode.NotFound, "access token is expired", "OBJECT_NOT_FOUND")
            : HubSpotAnswer.Ok(With(new JsonObject { ["app_id"] = app.AppId, ["expires_in"] = (int)left.TotalSeconds, ["token_type"] = "access" }, token, access.Grant));
    }

    public HubSpotAnswer RefreshToken(string token) => tokens.Grant(token) is { } grant
        ? HubSpotAnswer.Ok(With(new JsonObject { ["client_id"] = app.ClientId, ["token_type"] = "refresh" }, token, grant))
        : throw HubSpotErrors.Error(System.Net.HttpStatusCode.NotFound, "refresh token not found", "OBJECT_NOT_FOUND");

    public HubSpotAnswer Revoke(string token) => tokens.Revoke(token)
        ? HubSpotAnswer.NoContent
        : throw HubSpotErrors.Error(System.Net.HttpStatusCode.NotFound, "refresh token not found", "OBJECT_NOT_FOUND");

    private string TokenOf(HubSpotCall call)
    {
        call.Knows();
        var form = call.Form();
        CheckClient(form, s_ofToken);
        return form.GetValueOrDefault("token") ?? throw HubSpotErrors.Token("BAD_TOKEN", "missing token");
    }

    private void CheckClient(Dictionary<string, string> form, string[] known)
    {
        if (form.Keys.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw HubSpotErrors.Token("BAD_REQUEST", $"the stand-in knows no field {unknown} here");
        }

        if (form.GetValueOrDefault("client_id") != app.ClientId)
        {
            throw HubSpotErrors.Token("BAD_CLIENT_ID", "missing or unknown client id");
        }

        if (form.GetValueOrDefault("client_secret") != app.ClientSecret)
        {
            throw HubSpotErrors.Token("BAD_CLIENT_SECRET", "missing or invalid client secret");
        }
    }

    private JsonObject With(JsonObject body, string token, HubSpotGrant grant)
    {
        body["token"] = token;
        return Add(body, grant);
    }

    private JsonObject Add(JsonObject body, HubSpotGrant grant)
    {
        body["hub_id"] = portal.Id;
        body["hub_domain"] = Domain;
        body["user"] = User;
        body["user_id"] = UserId;
        body["scopes"] = new JsonArray([.. grant.Scopes.Select(scope => JsonValue.Create(scope))]);
        return body;
    }

    // A code is spent by being tried, whoever tries it.
    private (string Refresh, HubSpotGrant Grant) Exchange(Dictionary<string, string> form)
    {
        if (tokens.TakeCode(form.GetValueOrDefault("code") ?? "") is not { } code)
        {
            throw HubSpotErrors.Token("BAD_AUTH_CODE", "missing or unknown auth code");
        }

        if (tokens.IsOver(code))
        {
            throw HubSpotErrors.Token("EXPIRED_AUTH_CODE", "auth code is expired");
        }

        if (form.GetValueOrDefault("redirect_uri") != code.RedirectUri)
        {
            throw HubSpotErrors.Token("BAD_REDIRECT_URI", "missing or mismatched redirect URI");
        }

        var verifier = form.GetValueOrDefault("code_verifier");
        return (code.Challenge is null ? verifier is null : verifier?.Length is >= 43 and <= 128 && Challenge(verifier) == code.Challenge)
            ? tokens.NewGrant(code.Scopes)
            : throw HubSpotErrors.Token("BAD_CODE_VERIFIER", "missing or mismatched code verifier");
    }

    private (string Refresh, HubSpotGrant Grant) Refresh(Dictionary<string, string> form) =>
        tokens.Refresh(form.GetValueOrDefault("refresh_token") ?? "") ?? throw HubSpotErrors.Token("BAD_REFRESH_TOKEN", "missing or unknown refresh token");

    private static string Challenge(string verifier) => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
