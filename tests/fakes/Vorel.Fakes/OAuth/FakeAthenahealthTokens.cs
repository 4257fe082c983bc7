using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Vorel.Fakes.OAuth;

/// <summary>The token endpoint of athenahealth: client credentials in a Basic header, and <c>expires_in</c> as a text, which it may be.</summary>
public sealed class FakeAthenahealthTokens : FakeTokens
{
    /// <inheritdoc/>
    protected override string TokenPath => "/oauth2/v1/token";

    /// <inheritdoc/>
    protected override (int Status, JsonObject? Body) Token(HttpRequest request, byte[] body) =>
        !IsBasic(request) ? (401, new JsonObject { ["error"] = "invalid_client" })
        : Form(request, body, "grant_type", "scope") is { } form && form["grant_type"] == "client_credentials" && form["scope"] == "athena/service/Athenanet.MDP.*"
            ? (200, new JsonObject { ["access_token"] = New("athena"), ["expires_in"] = "3600", ["token_type"] = "Bearer", ["scope"] = form["scope"] })
            : (400, new JsonObject { ["error"] = "invalid_scope" });
}
