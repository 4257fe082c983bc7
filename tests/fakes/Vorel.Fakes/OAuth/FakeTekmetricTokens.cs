using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Vorel.Fakes.OAuth;

/// <summary>The token endpoint of Tekmetric: client credentials in a Basic header; the scope lists the shops, and no life is named.</summary>
public sealed class FakeTekmetricTokens : FakeTokens
{
    /// <inheritdoc/>
    protected override string TokenPath => "/api/v1/oauth/token";

    /// <inheritdoc/>
    protected override (int Status, JsonObject? Body) Token(HttpRequest request, byte[] body) =>
        !IsBasic(request) ? (401, new JsonObject { ["error"] = "unauthorized" })
        : Form(request, body, "grant_type")?["grant_type"] == "client_credentials"
            ? (200, new JsonObject { ["access_token"] = New("tek"), ["token_type"] = "bearer", ["scope"] = "4173 4174" })
            : (400, new JsonObject { ["error"] = "invalid_request" });
}
