using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Security;
using Vorel.Core.Tenants;
using Vorel.Fakes;
using Vorel.Functions.Settings;

namespace Vorel.Functions.Tests.Settings;

/// <summary>The handler composed of its settings seals with the vault that they name.</summary>
public sealed class KeyVaultCompositionTests
{
    private static readonly EnvelopeScope s_scope = new(TenantId.New(TimeProvider.System), "TenantCredentials", "hubspot", "1");

    [Fact]
    public async Task Secrets_are_sealed_with_the_vault_that_is_named()
    {
        await using var vault = new FakeKeyVault();
        await vault.Start();
        vault.Keys.Add("rows");
        await using var app = Program.Build(Settings(
            ("VOREL_KEY_VAULT_KEY", $"{vault.PlainAddress}keys/rows"),
            ("VOREL_DEV_KEY_VAULT_TOKEN", vault.Access.Issue("https://vault.azure.net/.default", TimeSpan.FromHours(1)))));
        var protector = app.Services.GetRequiredService<IEnvelopeProtector>();

        var envelope = await protector.Protect("secret"u8.ToArray(), s_scope, default);

        Assert.Equal((1, 2), (envelope[0], envelope[1]));
        Assert.Equal("secret"u8.ToArray(), await protector.Unprotect(envelope, s_scope, default));
        Assert.Equal((1, 1), (vault.Count("wrapkey"), vault.Count("unwrapkey")));
    }

    private static HandlerSettings Settings(params (string Name, string Value)[] more)
    {
        var root = Convert.ToBase64String(new byte[32]);
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "1",
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["VOREL_API_KEY_PEPPER"] = root,
            ["VOREL_INDEX_KEY"] = root,
        };
        foreach (var (name, value) in more)
        {
            values[name] = value;
        }

        var settings = SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), out var faults);
        Assert.Empty(faults);
        return settings!;
    }
}
