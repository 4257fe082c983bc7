using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security.Egress;
using Vorel.Core.Tenants;

namespace Vorel.Core.Tests.Support;

/// <summary>Connects custom webhooks as the operator's endpoint does.</summary>
internal static class CustomWebhooks
{
    private static readonly EgressGuard s_egress = new(DevelopmentHosts.None);
    private static readonly CrmProvider s_provider = CrmProviders.Find("custom_webhook")!;

    /// <summary>Connects one; what became of it, and the secret of its posts.</summary>
    public static async Task<(ConnectResult Result, string Secret)> ConnectCustomWebhook(
        this CrmConnecting connecting, TenantId tenant, CrmRole role, string? url, string? secret, AuditActor actor, CancellationToken cancellationToken)
    {
        var credentials = Enter(s_egress, url, secret);
        return (await connecting.Connect(tenant, role, s_provider, credentials, actor, cancellationToken), credentials["secret"]!.GetValue<string>());
    }

    /// <summary>Fills in the form.</summary>
    public static JsonObject Enter(EgressGuard egress, string? url, string? secret)
    {
        using var body = JsonDocument.Parse(new JsonObject { ["url"] = url, ["secret"] = secret }.ToJsonString());
        return new CrmFormReader(egress).Read(s_provider.Form, body.RootElement);
    }
}
