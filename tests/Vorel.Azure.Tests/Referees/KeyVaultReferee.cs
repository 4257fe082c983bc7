using System.Text;
using System.Text.Json.Nodes;
using Vorel.Azure.Tests.KeyVault;

namespace Vorel.Azure.Tests.Referees;

/// <summary><c>@azure/keyvault-keys</c> on the stand-in that our client talks to.</summary>
public sealed class KeyVaultReferee() : Referee("tests/referees/keyvault.mjs")
{
    internal VaultStage Stage { get; } = new();

    protected override IEnumerable<string> Arguments =>
    [
        Stage.Vault.Address.ToString(),
        Convert.ToBase64String(Encoding.ASCII.GetBytes(Stage.Vault.Certificate.ExportCertificatePem())),
        Stage.Vault.Access.Issue("https://vault.azure.net/.default", TimeSpan.FromHours(1)),
    ];

    public override async Task InitializeAsync()
    {
        await Stage.Vault.Start();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Stage.DisposeAsync();
    }

    public async Task<byte[]> Wrap(string key, byte[] value, string? apiVersion = null) => Convert.FromBase64String(
        (await Call("wrap", new JsonObject { ["key"] = key, ["value"] = Convert.ToBase64String(value), ["apiVersion"] = apiVersion }))!["value"]!.GetValue<string>());

    public async Task<byte[]> Unwrap(string key, byte[] value, string? apiVersion = null) => Convert.FromBase64String(
        (await Call("unwrap", new JsonObject { ["key"] = key, ["value"] = Convert.ToBase64String(value), ["apiVersion"] = apiVersion }))!.GetValue<string>());
}
