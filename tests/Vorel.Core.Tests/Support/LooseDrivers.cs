using System.Text.Json;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security.Egress;

namespace Vorel.Core.Tests.Support;

/// <summary>Drivers without a connection in a store.</summary>
internal static class LooseDrivers
{
    public static CrmDriverRegistry Registry(EgressGuard guard, TimeProvider clock, ProviderOrigins? origins = null) =>
        new(guard, origins ?? ProviderOrigins.Public, clock);

    public static ICrmDriver Open(this CrmDriverRegistry registry, string provider, JsonElement credentials, IAccessTokens? tokens = null) =>
        registry.Open(new CrmDriverContext(provider, "tenant|system", credentials, tokens));
}
