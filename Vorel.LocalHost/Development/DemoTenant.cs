using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Development;

/// <summary>What is remembered of the demo tenant between runs: ids only.</summary>
public sealed record DemoState(string Tenant, string ApiKeyId, string SubscriptionId);

/// <summary>
/// The demo tenant: its CRM is the sandbox's, and its one webhook subscription goes to the sandbox's inbox. Each run issues
/// a new API key and a new subscription and takes the last ones away, since their secrets are shown only once.
/// </summary>
public sealed class DemoTenant
{
    private static readonly string[] s_events =
    [
        "conversation.created", "lead.created", "lead.updated", "lead.qualified",
    ];

    private static readonly string[] s_scopes = ["read", "leads:write", "conversations:write"];

    private DemoTenant(string id, string apiKey, string crmSecret, string webhookSecret)
    {
        Id = id;
        ApiKey = apiKey;
        CrmSecret = crmSecret;
        WebhookSecret = webhookSecret;
    }

    /// <summary>The tenant's id.</summary>
    public string Id { get; }

    /// <summary>The API key of this run.</summary>
    public string ApiKey { get; }

    private string CrmSecret { get; }

    private string WebhookSecret { get; }

    /// <summary>Makes the tenant, or takes the one of the last run, and gives it a new key and subscription, and the sandbox as its CRM if that is wanted.</summary>
    public static async Task<DemoTenant> Prepare(
        StackAddresses addresses, string operatorToken, string stateFolder, bool withSandboxCrm, CancellationToken cancellationToken)
    {
        using var client = new LocalClient(addresses.Host.Address, operatorToken);
        var stateFile = Path.Combine(stateFolder, "demo.json");
        var last = await Load(stateFile, cancellationToken);
        var tenant = last?.Tenant ?? Text(await client.Expect(HttpMethod.Post, "/api/tenant", new JsonObject { ["name"] = "Demo" }, cancellationToken), "id");
        var key = await client.Expect(
            HttpMethod.Post,
            $"/api/tenant/{tenant}/api-keys",
            new JsonObject { ["name"] = "demo", ["scopes"] = Array(s_scopes) },
            cancellationToken);
        var crmSecret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        if (withSandboxCrm)
        {
            await ConnectSandbox(client, addresses, tenant, crmSecret, cancellationToken);
        }

        var subscription = await client.Expect(
            HttpMethod.Post,
            $"/api/tenant/{tenant}/webhook-subscriptions",
            new JsonObject { ["target_url"] = addresses.SandboxInbox().ToString(), ["events"] = Array(s_events), ["description"] = "Sandbox inbox" },
            cancellationToken);
        var made = new DemoTenant(tenant, Text(key, "key"), crmSecret, Text(subscription, "secret"));
        await made.ConfigureSandbox(addresses, cancellationToken);
        if (last is not null)
        {
            await client.Expect(HttpMethod.Delete, $"/api/tenant/{tenant}/api-keys/{last.ApiKeyId}", null, cancellationToken);
            await client.Expect(HttpMethod.Delete, $"/api/tenant/{tenant}/webhook-subscriptions/{last.SubscriptionId}", null, cancellationToken);
        }

        await File.WriteAllBytesAsync(
            stateFile,
            JsonSerializer.SerializeToUtf8Bytes(new DemoState(tenant, Text(key, "id"), Text(subscription, "id")), DevelopmentJson.Default.DemoState),
            cancellationToken);
        return made;
    }

    /// <summary>Tells the sandbox the secrets of this run; it keeps them in memory only, so a restarted host needs them again.</summary>
    public async Task ConfigureSandbox(StackAddresses addresses, CancellationToken cancellationToken)
    {
        await ConfigureCrm(addresses, CrmSecret, cancellationToken);
        using var sandbox = new LocalClient(addresses.Sandbox);
        await sandbox.Expect(HttpMethod.Put, "/sandbox/inbox/behavior", new JsonObject { ["secret"] = WebhookSecret }, cancellationToken);
    }

    private static async Task ConnectSandbox(LocalClient client, StackAddresses addresses, string tenant, string secret, CancellationToken cancellationToken)
    {
        await ConfigureCrm(addresses, secret, cancellationToken); // First: what does not take the test that comes with it is not connected.
        var connected = await client.Expect(
            HttpMethod.Put,
            $"/api/tenant/{tenant}/crm",
            new JsonObject { ["provider"] = "custom_webhook", ["url"] = addresses.SandboxCrm().ToString(), ["secret"] = secret },
            cancellationToken);
        if (Text(connected, "status") != "active")
        {
            throw new DevelopmentException($"The sandbox CRM did not take its test: {connected["reason"]?["detail"]}");
        }
    }

    private static async Task ConfigureCrm(StackAddresses addresses, string secret, CancellationToken cancellationToken)
    {
        using var sandbox = new LocalClient(addresses.Sandbox);
        await sandbox.Expect(HttpMethod.Put, "/sandbox/crm/behavior", new JsonObject { ["secret"] = secret }, cancellationToken);
    }

    private static async Task<DemoState?> Load(string stateFile, CancellationToken cancellationToken) =>
        File.Exists(stateFile)
            ? JsonSerializer.Deserialize(await File.ReadAllBytesAsync(stateFile, cancellationToken), DevelopmentJson.Default.DemoState)
            : null;

    private static JsonArray Array(string[] items) => [.. items.Select(item => JsonValue.Create(item))];

    private static string Text(JsonObject answer, string member) =>
        answer[member]?.GetValue<string>() ?? throw new DevelopmentException($"The operator API's answer has no '{member}'.");
}
