using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vorel.LocalHost.Development;

/// <summary>
/// The secrets of one development folder, made on the first start and kept in it, readable by its owner alone, so that
/// stored data stays readable from run to run.
/// </summary>
/// <param name="EncryptionKey">Root of the local envelope: base64 of 32 bytes.</param>
/// <param name="ApiKeyPepper">Key of the API keys' hash: base64 of 32 bytes.</param>
/// <param name="IndexKey">Root of the tenants' index keys: base64 of 32 bytes.</param>
/// <param name="OperatorToken">The development operator's token.</param>
public sealed record DevelopmentSecrets(string EncryptionKey, string ApiKeyPepper, string IndexKey, string OperatorToken)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(DevelopmentSecrets);

    /// <summary>Reads the secrets of <paramref name="folder"/>, or makes them.</summary>
    public static DevelopmentSecrets LoadOrCreate(string folder)
    {
        var path = Path.Combine(folder, "secrets.json");
        if (File.Exists(path))
        {
            try
            {
                return JsonSerializer.Deserialize(File.ReadAllBytes(path), DevelopmentJson.Default.DevelopmentSecrets) ?? throw new JsonException();
            }
            catch (JsonException error)
            {
                throw new DevelopmentException($"{path} cannot be read. Remove the folder with ./run --fresh.", error);
            }
        }

        var secrets = new DevelopmentSecrets(Random(), Random(), Random(), "vop_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        Directory.CreateDirectory(folder);
        using var file = PrivateFile.Create(path);
        JsonSerializer.Serialize(file, secrets, DevelopmentJson.Default.DevelopmentSecrets);
        return secrets;

        static string Random() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    }

    /// <summary>The handler's settings: the operator token goes as its hash only.</summary>
    public IReadOnlyDictionary<string, string> ToSettings() => new Dictionary<string, string>
    {
        ["CRM_CREDENTIAL_ENCRYPTION_KEY"] = EncryptionKey,
        ["VOREL_API_KEY_PEPPER"] = ApiKeyPepper,
        ["VOREL_INDEX_KEY"] = IndexKey,
        ["VOREL_OPERATOR_TOKEN"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(OperatorToken))),
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DevelopmentSecrets))]
[JsonSerializable(typeof(DemoState))]
[JsonSerializable(typeof(StackAddresses))]
internal sealed partial class DevelopmentJson : JsonSerializerContext;
