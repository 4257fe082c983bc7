using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Vorel.Fakes.OAuth;

/// <summary>The login of Toast: JSON both ways, as its published specification of the authentication API has it.</summary>
public sealed class FakeToastTokens : FakeTokens
{
    /// <inheritdoc/>
    protected override string TokenPath => "/authentication/v1/authentication/login";

    /// <inheritdoc/>
    protected override (int Status, JsonObject? Body) Token(HttpRequest request, byte[] body)
    {
        if (request.ContentType != "application/json" || Parse(body) is not { Count: 3 } login || login["userAccessType"]?.ToString() != "TOAST_MACHINE_CLIENT")
        {
            return (400, new JsonObject { ["status"] = 400, ["code"] = 10000 });
        }

        return login["clientId"]?.ToString() != Client.Id || login["clientSecret"]?.ToString() != Client.Secret
            ? (401, new JsonObject { ["status"] = 401, ["code"] = 10010, ["message"] = "Unauthorized" })
            : (200, new JsonObject
            {
                ["token"] = new JsonObject
                {
                    ["tokenType"] = "Bearer",
                    ["scope"] = null,
                    ["expiresIn"] = 86400,
                    ["accessToken"] = New("toast"),
                    ["idToken"] = null,
                    ["refreshToken"] = null,
                },
                ["status"] = "SUCCESS",
            });
    }

    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
