using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Vorel.Fakes;

/// <summary>Get, wrap and unwrap, as their pages say, and nothing else.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/keyvault/keys/get-key/get-key, …/wrap-key/wrap-key, …/unwrap-key/unwrap-key</remarks>
internal static class VaultOperations
{
    private static readonly string[] s_apiVersions = ["7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01"];

    public static VaultAnswer Answer(VaultKeys keys, string vault, HttpRequest request, byte[] body)
    {
        if (request.Query["api-version"] is not [{ } version] || request.Query.Count != 1 || !s_apiVersions.Contains(version, StringComparer.Ordinal))
        {
            return VaultAnswer.Error(400, "BadParameter");
        }

        return (request.Method, request.Path.Value!.Split('/')) switch
        {
            ("GET", ["", "keys", var name]) => Get(keys, vault, name, null, body),
            ("GET", ["", "keys", var name, var keyVersion]) => Get(keys, vault, name, keyVersion.Length == 0 ? null : keyVersion, body),
            ("POST", ["", "keys", var name, { Length: > 0 } keyVersion, "wrapkey" or "unwrapkey"]) =>
                Operate(keys, vault, name, keyVersion, request.Path.Value.EndsWith("/wrapkey", StringComparison.Ordinal), request, body),
            (_, ["", "keys", ..]) => VaultAnswer.Error(405, "MethodNotAllowed"),
            _ => VaultAnswer.Error(404, "NotFound"),
        };
    }

    private static VaultAnswer Get(VaultKeys keys, string vault, string name, string? version, byte[] body)
    {
        if (body.Length > 0)
        {
            return VaultAnswer.Error(400, "BadParameter");
        }

        if (keys.Find(name, version) is not { } key)
        {
            return VaultAnswer.Error(404, "KeyNotFound");
        }

        var numbers = key.Key.ExportParameters(includePrivateParameters: false);
        return VaultAnswer.Ok(new JsonObject
        {
            ["key"] = new JsonObject
            {
                ["kid"] = $"{vault}/keys/{name}/{key.Version}",
                ["kty"] = "RSA",
                ["key_ops"] = new JsonArray("wrapKey", "unwrapKey"),
                ["n"] = Base64Url.EncodeToString(numbers.Modulus!),
                ["e"] = Base64Url.EncodeToString(numbers.Exponent!),
            },
            ["attributes"] = new JsonObject
            {
                ["enabled"] = key.Enabled,
                ["created"] = key.Created,
                ["updated"] = key.Created,
                ["recoveryLevel"] = "Recoverable+Purgeable",
            },
        });
    }

    private static VaultAnswer Operate(VaultKeys keys, string vault, string name, string version, bool wraps, HttpRequest request, byte[] body)
    {
        if (request.ContentType?.Split(';')[0].Trim() != "application/json" || Read(body) is not { } value)
        {
            return VaultAnswer.Error(400, "BadParameter");
        }

        if (keys.Find(name, version) is not { } key)
        {
            return VaultAnswer.Error(404, "KeyNotFound");
        }

        if (!key.Enabled)
        {
            return VaultAnswer.Error(403, "Forbidden", "KeyDisabled");
        }

        try
        {
            var result = wraps ? key.Key.Encrypt(value, RSAEncryptionPadding.OaepSHA256) : key.Key.Decrypt(value, RSAEncryptionPadding.OaepSHA256);
            return VaultAnswer.Ok(new JsonObject { ["kid"] = $"{vault}/keys/{name}/{key.Version}", ["value"] = Base64Url.EncodeToString(result) });
        }
        catch (CryptographicException)
        {
            return VaultAnswer.Error(400, "BadParameter");
        }
    }

    // Stricter than the service, which takes more algorithms: what we do not mean to ask for must not pass.
    private static byte[]? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            return root.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal).SequenceEqual(["alg", "value"], StringComparer.Ordinal)
                && root.GetProperty("alg").GetString() == "RSA-OAEP-256"
                && root.GetProperty("value").GetString() is { Length: > 0 } text
                && !text.Contains('=', StringComparison.Ordinal)
                && Base64Url.IsValid(text)
                ? Base64Url.DecodeFromChars(text)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
