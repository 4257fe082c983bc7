using Azure.Core;
using Azure.Identity;
using Vorel.Azure.KeyVault;

namespace Vorel.Functions.Settings;

/// <summary>
/// The vault's key that wraps the keys of rows, if there is one: by the app's own identity; in development by a token that the stand-in on loopback
/// knows, which is shown to nobody else.
/// </summary>
internal static class KeyVaultSettings
{
    /// <summary>The address of the key.</summary>
    public const string KeyName = "VOREL_KEY_VAULT_KEY";

    /// <summary>The token of the stand-in.</summary>
    public const string DevelopmentTokenName = "VOREL_DEV_KEY_VAULT_TOKEN";

    /// <summary>Whether a key is named, well or badly.</summary>
    public static bool IsSet(IConfiguration configuration) => Value(configuration, KeyName) is not null;

    /// <summary>The key, or null where none is configured or what is configured is faulty. Nobody is called.</summary>
    public static KeyVaultKeyWrapper? Read(IConfiguration configuration, ICollection<string> faults)
    {
        var token = Value(configuration, DevelopmentTokenName);
        if (Value(configuration, KeyName) is not { } text)
        {
            return null;
        }

        if (!KeyVaultKeyIdentifier.TryParse(text, allowLoopback: token is not null, out var key))
        {
            faults.Add($"{KeyName} must be the address of a key in a vault, https://(vault).vault.azure.net/keys/(name), with or without a version.");
            return null;
        }

        if (token is not null && !key.VaultUri.IsLoopback)
        {
            faults.Add($"{DevelopmentTokenName} is for a stand-in on loopback and must not be set beside a vault: remove it.");
            return null;
        }

        TokenCredential credential = token is null ? new DefaultAzureCredential() : new DevelopmentToken(token);
        return new KeyVaultKeyWrapper(new KeyClient(key.VaultUri, credential, new KeyClientOptions { AllowLoopback = token is not null }), key, TimeProvider.System);
    }

    private static string? Value(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } text ? text : null;

    private sealed class DevelopmentToken(string token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(token, DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
