using System.Text.Json.Serialization;

namespace Vorel.Azure.KeyVault;

/// <summary>Bodies of Key Vault's REST interface. What an answer holds beside is not looked at.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(KeyOperationBody))]
[JsonSerializable(typeof(KeyOperationAnswer))]
[JsonSerializable(typeof(KeyBundleAnswer))]
[JsonSerializable(typeof(KeyVaultErrorAnswer))]
internal sealed partial class KeyVaultJson : JsonSerializerContext;

/// <summary>What is to be wrapped or unwrapped, base64url.</summary>
internal sealed record KeyOperationBody(string Alg, string Value)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(KeyOperationBody);
}

/// <summary>What was wrapped or unwrapped, base64url.</summary>
internal sealed record KeyOperationAnswer(string? Kid, string? Value)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(KeyOperationAnswer);
}

/// <summary>A key and what is said of it.</summary>
internal sealed record KeyBundleAnswer(KeyBundleAnswer.JsonWebKey? Key, KeyBundleAnswer.KeyAttributes? Attributes)
{
    internal sealed record JsonWebKey(string? Kid);

    internal sealed record KeyAttributes(bool? Enabled);
}

/// <summary>An error, whose inner code says more where there is one.</summary>
internal sealed record KeyVaultErrorAnswer(KeyVaultErrorAnswer.Detail? Error)
{
    internal sealed record Detail(string? Code, Detail? Innererror);
}
