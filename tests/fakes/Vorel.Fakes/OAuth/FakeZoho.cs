using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Vorel.Fakes.OAuth;

/// <summary>
/// One data centre of Zoho (zoho.com/crm/developer/docs/api/v8): a person who always says yes and is sent back with the data centre of the account, the
/// token endpoint with errors in 200, and who the account is.
/// </summary>
public sealed class FakeZoho : FakeTokens
{
    private static readonly string[] s_authorize = ["response_type", "client_id", "redirect_uri", "scope", "state", "access_type", "prompt"];
    private readonly ConcurrentDictionary<string, bool> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _refresh = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _access = new(StringComparer.Ordinal);

    /// <summary>Where the code may be sent.</summary>
    public string RedirectUri { get; set; } = "";

    /// <summary>The data centre that the account is in.</summary>
    public (string Location, string AccountsServer, string ApiDomain) Centre { get; set; } =
        ("eu", "https://accounts.zoho.eu", "https://www.zohoapis.eu");

    /// <summary>What is wrong with too many calls for tokens.</summary>
    public bool IsThrottled { get; set; }

    /// <inheritdoc/>
    protected override string TokenPath => "/oauth/v2/token";

    /// <inheritdoc/>
    protected override (int Status, JsonObject? Body) Other(HttpContext context, byte[] body) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET", "/oauth/v2/auth") => Authorize(context),
        ("GET", "/crm/v8/org") when !context.Request.QueryString.HasValue => Org(context.Request),
        _ => (404, new JsonObject { ["code"] = "INVALID_URL_PATTERN" }),
    };

    /// <inheritdoc/>
    protected override (int Status, JsonObject? Body) Token(HttpRequest request, byte[] body)
    {
        if (IsThrottled)
        {
            return (400, new JsonObject
            {
                ["error"] = "Access Denied",
                ["error_description"] = "You have made too many requests continuously. Please try again after some time.",
                ["status"] = "failure",
            });
        }

        if (Form(request, body, "grant_type", "code", "redirect_uri", "client_id", "client_secret") is { } exchange)
        {
            return !IsClient(exchange) ? Error("invalid_client")
                : exchange["grant_type"] == "authorization_code" && exchange["redirect_uri"] == RedirectUri && _codes.TryRemove(exchange["code"], out _)
                    ? Grant(isFirst: true)
                    : Error("invalid_code");
        }

        return Form(request, body, "grant_type", "refresh_token", "client_id", "client_secret") is not { } refresh ? Error("invalid_request")
            : !IsClient(refresh) ? Error("invalid_client")
            : refresh["grant_type"] == "refresh_token" && _refresh.ContainsKey(refresh["refresh_token"]) ? Grant(isFirst: false)
            : Error("invalid_code");
    }

    private static (int Status, JsonObject? Body) Error(string code) => (200, new JsonObject { ["error"] = code });

    private (int Status, JsonObject? Body) Authorize(HttpContext context)
    {
        var query = context.Request.Query;
        if (!query.Keys.Order(StringComparer.Ordinal).SequenceEqual(s_authorize.Order(StringComparer.Ordinal))
            || query["response_type"] != "code" || query["client_id"] != Client.Id || query["redirect_uri"] != RedirectUri
            || query["access_type"] != "offline" || query["prompt"] != "consent" || query["scope"].ToString().Contains(' ', StringComparison.Ordinal))
        {
            return (400, new JsonObject { ["error"] = "invalid_request" });
        }

        var code = New("1000.code");
        _codes[code] = true;
        context.Response.Headers.Location = QueryHelpers.AddQueryString(RedirectUri, new Dictionary<string, string?>
        {
            ["state"] = query["state"].ToString(),
            ["code"] = code,
            ["location"] = Centre.Location,
            ["accounts-server"] = Centre.AccountsServer,
        });
        return (302, null);
    }

    private (int Status, JsonObject? Body) Org(HttpRequest request) =>
        request.Headers.Authorization is [{ } shown] && shown.StartsWith("Zoho-oauthtoken ", StringComparison.Ordinal) && _access.ContainsKey(shown["Zoho-oauthtoken ".Length..])
            ? (200, new JsonObject { ["org"] = new JsonArray(new JsonObject { ["company_name"] = "Skyline", ["zgid"] = "20062345678", ["id"] = "1" }) })
            : (401, new JsonObject { ["code"] = "INVALID_TOKEN" });

    private (int Status, JsonObject? Body) Grant(bool isFirst)
    {
        var access = New("1000.access");
        _access[access] = true;
        var body = new JsonObject
        {
            ["access_token"] = access,
            ["scope"] = "ZohoCRM.modules.ALL ZohoCRM.settings.ALL ZohoCRM.org.READ",
            ["api_domain"] = Centre.ApiDomain,
            ["token_type"] = "Bearer",
            ["expires_in"] = 3600,
        };
        if (isFirst)
        {
            var refresh = New("1000.refresh");
            _refresh[refresh] = true;
            body["refresh_token"] = refresh;
        }

        return (200, body);
    }
}
