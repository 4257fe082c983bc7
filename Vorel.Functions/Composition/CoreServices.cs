using Vorel.Core.Alerts;
using Vorel.Core.Ids;
using Vorel.Core.Outbox;
using Vorel.Core.Payloads;
using Vorel.Core.Records;
using Vorel.Core.Security;
using Vorel.Core.Security.ApiKeys;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Tenants;
using Vorel.Functions.Settings;

namespace Vorel.Functions.Composition;

/// <summary>The domain's services.</summary>
internal static class CoreServices
{
    public static void AddCore(this IServiceCollection services, HandlerSettings settings)
    {
        services.AddSingleton(settings.Timings);
        services.AddSingleton<IEnvelopeProtector>(new LocalEnvelopeProtector(settings.EncryptionRoot));
        services.AddSingleton(new ApiKeyHasher(settings.ApiKeyPepper));
        services.AddSingleton(new IndexKey(settings.IndexRoot));
        services.AddSingleton<IAlerts, LogAlerts>();
        services.AddSingleton<IdSource>();
        services.AddSingleton<TenantService>();
        services.AddSingleton<PayloadVault>();
        services.AddSingleton<OutboxWriter>();
        services.AddSingleton<RecordReader>();
        services.AddSingleton<RecordService>();
    }
}
