using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Drivers.CustomWebhook;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security.Egress;
using Vorel.Core.Tenants;

namespace Vorel.Core.Tests.Support;

/// <summary>Connects custom webhooks as the operator's endpoint does.</summary>
internal static class CustomWebhooks
{
    private static readonly EgressGuard s_egress = new(DevelopmentHosts.None);

    /// <summary>Connects one; what became of it, and the secret of its posts.</summary>
    public static async Task<(ConnectResult Result, string Secret)> ConnectCustomWebhook(
        this CrmConnecting connecting, TenantId tenant, CrmRole role, string? url, string? secret, AuditActor actor, CancellationToken cancellationToken)
    {
        var (credentials, made) = CustomWebhookForm.Read(s_egress, url, secret);
        return (await connecting.Connect(tenant, role, CrmProviders.Find("custom_webhook")!, credentials, actor, cancellationToken), made);
    }
}
