using Vorel.Core.Crm.Drivers.HubSpot;

namespace Vorel.Core.Tests.Crm.Drivers.HubSpot;

public sealed class HubSpotPathsTests
{
    [Theory]
    [InlineData("v3", "/crm/v3/objects/deals", "/crm/v3/properties/deals", "/account-info/v3/details")]
    [InlineData("2026-03", "/crm/objects/2026-03/deals", "/crm/properties/2026-03/deals", "/account-info/2026-03/details")]
    public void Paths_have_either_form_of_a_version(string version, string objects, string properties, string account)
    {
        var paths = new HubSpotPaths(version);
        Assert.Equal([objects, properties, account], new[] { paths.Objects("deals"), paths.Properties("deals"), paths.Account() }.Select(uri => uri.AbsolutePath));
    }
}
