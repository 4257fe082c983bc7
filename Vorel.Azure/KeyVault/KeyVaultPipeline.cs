using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.KeyVault;

/// <summary>One vault, over its REST interface. Nothing of an answer but its status and the code of its error is repeated anywhere.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/keyvault/keys</remarks>
internal sealed class KeyVaultPipeline
{
    private const string ApiVersion = "7.4";

    private readonly HttpPipeline _pipeline;

    /// <exception cref="ArgumentException">The address is not one of a vault.</exception>
    public KeyVaultPipeline(Uri vault, TokenCredential credential, KeyVaultClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(credential);
        if (!vault.IsAbsoluteUri || !KeyVaultDomains.Has(vault, options.AllowLoopback) || vault.PathAndQuery != "/" || vault.Fragment.Length > 0)
        {
            throw new ArgumentException("A vault is named by https:// and its host in a domain of Key Vault.", nameof(vault));
        }

        Vault = vault;
        AllowLoopback = options.AllowLoopback;
        _pipeline = HttpPipelineBuilder.Build(options, [], [new ChallengeBasedAuthenticationPolicy(vault, credential)], responseClassifier: null);
    }

    public Uri Vault { get; }

    public bool AllowLoopback { get; }

    /// <summary>Has a key do something with bytes.</summary>
    public async Task<(KeyVaultKeyIdentifier Key, byte[] Value)> Operate(
        string operation, string name, string version, KeyWrapAlgorithm algorithm, byte[] value, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new KeyOperationBody(algorithm.Name, Base64Url.EncodeToString(value)), KeyVaultJson.Default.KeyOperationBody);
        try
        {
            var answer = await Send(RequestMethod.Post, $"{name}/{version}/{operation}", body, KeyVaultJson.Default.KeyOperationAnswer, cancellationToken);
            return KeyVaultKeyIdentifier.TryParse(answer.Kid, AllowLoopback, out var key) && key.VaultUri == Vault && key.Name == name && key.Version == version
                && answer.Value is { Length: > 0 } text && Base64Url.IsValid(text)
                ? (key, Base64Url.DecodeFromChars(text))
                : throw Nonsense();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    /// <summary>What the vault tells of a key; of its newest version if none is named.</summary>
    public async Task<KeyVaultKey> Get(string name, string? version, CancellationToken cancellationToken)
    {
        var answer = await Send(RequestMethod.Get, version is null ? name : $"{name}/{version}", null, KeyVaultJson.Default.KeyBundleAnswer, cancellationToken);
        return KeyVaultKeyIdentifier.TryParse(answer.Key?.Kid, AllowLoopback, out var key)
            && key.VaultUri == Vault && key.Name == name && key.Version is { } found && (version is null || found == version)
            ? new KeyVaultKey(key, answer.Attributes?.Enabled != false)
            : throw Nonsense();
    }

    private static RequestFailedException Nonsense() =>
        new(200, "The vault's answer is not one to what it was asked.", "UnexpectedAnswer", innerException: null);

    private async Task<T> Send<T>(RequestMethod method, string path, byte[]? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(Vault, $"keys/{path}?api-version={ApiVersion}"));
        message.Request.Headers.SetValue("Accept", "application/json");
        if (body is not null)
        {
            message.Request.Headers.SetValue("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(body);
        }

        await _pipeline.SendAsync(message, cancellationToken);
        var status = message.Response.Status;
        if (status != 200)
        {
            var code = Read(message.Response, KeyVaultJson.Default.KeyVaultErrorAnswer)?.Error is { } error ? Code(error.Innererror?.Code) ?? Code(error.Code) : null;
            throw new RequestFailedException(status, $"Key Vault answered {status} {code} for keys/{path}.", code, innerException: null);
        }

        return Read(message.Response, type) ?? throw Nonsense();
    }

    private static T? Read<T>(Response response, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return response.ContentStream is null ? null : JsonSerializer.Deserialize(response.Content.ToMemory().Span, type);
        }
        catch (JsonException)
        {
            // Somebody's on the way, say a proxy's: the status is all we know.
            return null;
        }
    }

    private static string? Code(string? code) => code is { Length: > 0 and <= 64 } && code.All(char.IsAsciiLetterOrDigit) ? code : null;
}
