using Vorel.Azure.ServiceBus;
using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Due;
using Vorel.Core.Ids;
using Vorel.Core.Incidents;
using Vorel.Core.Integration;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Payloads;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Retention;
using Vorel.Core.Security;
using Vorel.Core.Security.ApiKeys;
using Vorel.Core.Security.Egress;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Security.Rewraps;
using Vorel.Core.Tenants;
using Vorel.Core.Time;
using Vorel.Core.Webhooks;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Core.Webhooks.Subscriptions;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Settings;

namespace Vorel.Functions.Composition;

/// <summary>The domain's services. Those that start orchestrations live within one call of the host, which brings the client.</summary>
internal static class CoreServices
{
    public static void AddCore(this IServiceCollection services, HandlerSettings settings)
    {
        services.AddSingleton(settings.Timings);
        services.AddSingleton<IAlerts, LogAlerts>();
        services.AddSingleton<IIntegrationEvents>(new ServiceBusEvents(settings.Events));
        services.AddSingleton<IdSource>();
        services.AddAudit(settings);
        services.AddSecurity(settings);
        services.AddRecords();
        services.AddWebhooks(settings);
        services.AddCrm(settings);
        services.AddRetention();
        services.AddFlows();
    }

    private static void AddAudit(this IServiceCollection services, HandlerSettings settings)
    {
        services.AddSingleton(new AuditKey(settings.IndexRoot));
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditReader>();
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<AuditSeals>();
        services.AddSingleton<AuditChannel>();
        services.AddHostedService<AuditDrain>();
    }

    private static void AddSecurity(this IServiceCollection services, HandlerSettings settings)
    {
        services.AddSingleton(provider => new EnvelopeProtector(
            settings.EncryptionRoot is { } root ? new LocalEnvelopeProtector(root) : null,
            settings.KeyWrapper is { } wrapper ? new KmsEnvelopeProtector(wrapper, provider.GetRequiredService<Clocks>().Real) : null));
        services.AddSingleton<IEnvelopeProtector>(provider => provider.GetRequiredService<EnvelopeProtector>());
        services.AddSingleton(new ApiKeyHasher(settings.ApiKeyPepper));
        services.AddSingleton(new IndexKey(settings.IndexRoot));
        services.AddSingleton(new OperatorToken(settings.OperatorTokenHash));
        services.AddSingleton(new EgressGuard(settings.DevelopmentHosts) { OwnHosts = settings.OwnHosts });
        services.AddSingleton<ApiKeyService>();
        services.AddSingleton<TenantService>();
        services.AddSingleton<RewrapService>();
        services.AddSingleton<RewrapSlices>();
    }

    private static void AddRecords(this IServiceCollection services)
    {
        services.AddSingleton<PayloadVault>();
        services.AddSingleton<OutboxWriter>();
        services.AddSingleton<RecordReader>();
        services.AddSingleton<RecordService>();
        services.AddSingleton<Customers>();
        services.AddSingleton<Transcripts>();
        services.AddSingleton<Conversations>();
        services.AddSingleton<Offerings>();
    }

    private static void AddWebhooks(this IServiceCollection services, HandlerSettings settings)
    {
        services.AddSingleton<SubscriptionService>();
        services.AddSingleton<AttemptPermits>();
        services.AddSingleton<DeliveryReader>();
        services.AddSingleton<DeliveryService>();
        services.AddSingleton<IWebhookSender>(provider => new WebhookSender(
            provider.GetRequiredService<EgressGuard>(), provider.GetRequiredService<Clocks>().Real, settings.AttemptTimeout));
    }

    private static void AddCrm(this IServiceCollection services, HandlerSettings settings)
    {
        services.AddSingleton(provider => new CrmDriverRegistry(
            provider.GetRequiredService<EgressGuard>(), settings.ProviderOrigins, provider.GetRequiredService<Clocks>().Real));
        services.AddSingleton(settings.OAuthApps);
        services.AddSingleton(provider => new TokenEndpoint(
            settings.OAuthApps, provider.GetRequiredService<EgressGuard>(), settings.ProviderOrigins, provider.GetRequiredService<Clocks>().Real));
        services.AddSingleton<TokenRenewal>(provider => provider.GetRequiredService<TokenEndpoint>().Renew);
        services.AddSingleton<CrmDriverOpener>(provider => provider.GetRequiredService<CrmDriverRegistry>().Open);
        services.AddSingleton<CredentialVault>();
        services.AddSingleton<TokenRefresh>();
        services.AddSingleton<CredentialOpener>();
        services.AddSingleton<CredentialTest>();
        services.AddSingleton<CrmConnectionService>();
        services.AddSingleton<CrmConnecting>();
        services.AddSingleton<CrmFormReader>();
        services.AddSingleton(new OAuthAddress(settings.PublicBaseUrl));
        services.AddSingleton<OAuthConnect>(provider => provider.GetRequiredService<CrmConnecting>().Connect);
        services.AddSingleton<OAuthFlow>();
        services.AddSingleton<CrmPermits>();
        services.AddSingleton<MirrorService>();
        services.AddSingleton<IncidentEvents>();
        services.AddSingleton<IncidentService>();
        services.AddSingleton<IncidentReader>();
        services.AddSingleton<CrmIncidents>();
        services.AddSingleton<WebhookIncidents>();
        services.AddSingleton<RedriveService>();
        services.AddSingleton<RedriveSlices>();
    }

    private static void AddRetention(this IServiceCollection services)
    {
        services.AddSingleton<RetentionSweep>();
        services.AddSingleton<OldTables>();
    }

    private static void AddFlows(this IServiceCollection services)
    {
        services.AddSingleton<UnreadableMessages>();
        services.AddSingleton<PoisonQueues>();
        services.AddSingleton<DueHints>();
        services.AddSingleton<Tombstones>();
        services.AddScoped<DeliveryStarter>();
        services.AddScoped<MirrorStarter>();
        services.AddScoped<FanOut>();
        services.AddScoped<LiveMessages>();
        services.AddScoped<BulkMessages>();
        services.AddSingleton<CommandMessages>();
        services.AddScoped<Tick>();
    }
}
