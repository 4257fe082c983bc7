using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Tests.Crm.OAuth;

[Trait("Area", "hostile")]
public sealed class OAuthSiteTests
{
    /// <summary>What looks like the provider's and is not, around any host of its own.</summary>
    public static TheoryData<string> Disguises =>
    [
        "", "{0}", "http://{0}", "//{0}", "https:{0}", "https:/{0}", "https:///{0}", "HTTPS://{0}", " https://{0}", "https://{0} ", "https://{0}\r\nX: y",
        "https://evil.example", "https://{0}.evil.example", "https://{0}.evil", "https://evil.example/{0}", "https://evil.example?{0}", "https://evil.example#{0}",
        "https://evil.example#.{0}", "https://evil.example\\.{0}", "https://evil.example%2F.{0}", "https://user@{0}", "https://user:pw@{0}", "https://{0}@evil.example",
        "https://evil.example@{0}", "https://{0}:443", "https://{0}:8443", "https://{0}:", "https://{0}//", "https://{0}/path", "https://{0}/?q", "https://{0}?q",
        "https://{0}#", "https://{0}/#f", "https://{0}.", "https://.{0}", "https://-{0}", "https://{0}%00", "https://{0}\0", "https://{0}\t", "https://[{0}]",
        "https://127.0.0.1", "https://2130706433", "https://xn--{0}", "https://{0}\u3002", "https://\u0430{0}", "javascript://{0}", "file://{0}", "https://evil{0}", "https://evil-{0}",
    ];

    [Theory]
    [MemberData(nameof(Disguises))]
    public void No_disguise_of_a_data_centre_or_an_instance_is_taken(string disguise)
    {
        foreach (var site in CrmProviders.All.SelectMany(provider => provider.OAuth?.Sites ?? []))
        {
            Assert.False(site.IsAt(string.Format(null, disguise, site.TokenUrl.Host)), disguise);
            Assert.All(site.ApiHosts.Where(host => !host.StartsWith('.')), host => Assert.Null(site.ApiAt(string.Format(null, disguise, host))));
        }
    }

    [Theory]
    [InlineData("https://skyline.my.salesforce.com")]
    [InlineData("https://skyline.my.salesforce.com/")]
    [InlineData("https://skyline--uat.sandbox.my.salesforce.com")]
    [InlineData("https://na1.salesforce.com")]
    public void An_instance_of_Salesforce_is_taken_in_one_spelling(string instance)
    {
        Assert.All(Sites("salesforce"), site => Assert.Equal(instance.TrimEnd('/'), site.ApiAt(instance)));
    }

    [Theory]
    [InlineData("https://salesforce.com")]
    [InlineData("https://my.salesforce.com.evil.example")]
    [InlineData("https://evilsalesforce.com")]
    [InlineData("https://skyline.lightning.force.com")]
    [InlineData("https://skyline.my.salesforce.com.")]
    [InlineData("https://SKYLINE.my.salesforce.com")]
    [InlineData("https://skyline..my.salesforce.com")]
    [InlineData("https://skyline.my.salesforce.com:443")]
    [InlineData("https://skyline.my.salesforce.com@evil.example")]
    public void What_is_no_instance_of_Salesforce_is_not(string instance)
    {
        Assert.All(Sites("salesforce"), site => Assert.Null(site.ApiAt(instance)));
    }

    [Fact]
    public void Each_data_centre_of_Zoho_takes_its_own_hosts_and_none_of_the_others()
    {
        var sites = Sites("zoho");

        Assert.Equal(["us", "eu", "in", "cn", "au", "jp", "ca", "sa"], sites.Select(site => site.Name));
        foreach (var site in sites)
        {
            Assert.Equal([site.Name], sites.Where(other => other.IsAt(site.Origin) && other.IsAt(site.Origin + "/")).Select(other => other.Name));
            Assert.Equal([site.Name], sites.Where(other => other.ApiAt($"https://{site.ApiHosts[0]}") is not null).Select(other => other.Name));
        }
    }

    private static IReadOnlyList<OAuthSite> Sites(string provider) => CrmProviders.Find(provider)!.OAuth!.Sites;
}
