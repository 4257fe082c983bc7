using System.Text.Json;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security.Egress;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm;

public sealed class CrmDriverRegistryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Custom_Webhook")]
    [InlineData("opentable")]
    public void Refuses_a_provider_that_has_no_driver(string provider)
    {
        using var registry = LooseDrivers.Registry(new EgressGuard(DevelopmentHosts.None), TimeProvider.System);
        var exception = Assert.Throws<CrmException>(() => registry.Open(provider, JsonElement.Parse("{}")));
        Assert.Equal((CrmErrorCode.Unsupported, false), (exception.Code, exception.Retryable));
    }

    [Fact]
    public void Two_providers_have_a_driver() =>
        Assert.Equal(["hubspot", "custom_webhook"], CrmProviders.All.Where(provider => provider.Open is not null).Select(provider => provider.Slug));
}
