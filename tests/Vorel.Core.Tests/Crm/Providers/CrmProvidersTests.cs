using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Tests.Crm.Providers;

public sealed class CrmProvidersTests
{
    [Fact]
    public void The_ten_published_providers_are_there_and_connected_as_published()
    {
        Assert.Equal(
            [
                "hubspot AuthorizationCode", "salesforce AuthorizationCode", "zoho AuthorizationCode", "athenahealth ClientCredentials", "mindbody Form",
                "tekmetric ClientCredentials", "odoo Form", "toast ClientCredentials", "custom_webhook Form", "rest_api Form",
            ],
            CrmProviders.All.Select(provider => $"{provider.Slug} {provider.SignIn}"));
        Assert.Null(CrmProviders.Find("opentable"));
        Assert.Null(CrmProviders.Find(null));
    }

    [Fact]
    public void A_provider_has_tokens_or_a_form_and_all_that_its_way_of_signing_in_needs()
    {
        foreach (var provider in CrmProviders.All)
        {
            var sites = provider.OAuth?.Sites ?? [];
            Assert.Equal(provider.SignIn != CrmSignIn.Form, provider.OAuth is not null);
            Assert.Equal(provider.SignIn == CrmSignIn.AuthorizationCode, provider.Form.Fields.Count == 0);
            Assert.All(sites, site => Assert.Equal(provider.SignIn == CrmSignIn.AuthorizationCode, site.AuthorizeUrl is not null));
            Assert.All(sites, site => Assert.Equal((Uri.UriSchemeHttps, 443, ""), (site.TokenUrl.Scheme, site.TokenUrl.Port, site.TokenUrl.UserInfo)));
            Assert.Equal(sites.Count, sites.Select(site => site.Name).Distinct().Count());
            Assert.Equal(sites.Count, sites.Select(site => site.Origin).Distinct().Count());
        }
    }

    [Fact]
    public void A_form_hangs_together()
    {
        foreach (var form in CrmProviders.All.Select(provider => provider.Form))
        {
            Assert.Equal(form.Fields.Count, form.Fields.Select(field => field.Name).Append(CrmFormReader.Provider).Distinct().Count() - 1);
            foreach (var field in form.Fields)
            {
                Assert.Equal(field.Kind == CrmFieldKind.Choice, field.Choices.Count > 0);
                Assert.True(field.Default is null || field.Choices.Contains(field.Default));
                Assert.True(field.When is not { } when || form.Fields.Any(other => other.Name == when.Field && other.Choices.Contains(when.Choice)));
            }

            Assert.All(form.OneOf.SelectMany(set => set), name => Assert.Contains(form.Fields, field => field.Name == name && !field.Required));
        }
    }

    [Theory]
    [InlineData("athenahealth", """{"environment":"preview","practice_id":"195900"}""", "preview/195900")]
    [InlineData("tekmetric", """{"environment":"production","shop_id":"4173"}""", "production/4173")]
    [InlineData("mindbody", """{"site_id":"-99"}""", "-99")]
    [InlineData("odoo", """{"url":"https://odoo.example.com/","database":"db"}""", "https://odoo.example.com:443/#db")]
    [InlineData("hubspot", """{"account":"145678901"}""", "145678901")]
    [InlineData("salesforce", """{"account":"00D5j000000AbCdEAK"}""", "00D5j000000AbCdEAK")]
    [InlineData("rest_api", """{"base_url":"https://api.example.com/v2"}""", "https://api.example.com:443/v2")]
    public void An_account_is_told_by_what_it_is_and_not_by_what_opens_it(string provider, string credentials, string account)
    {
        using var first = Open(credentials, "one");
        using var second = Open(credentials, "another");

        Assert.Equal(account, CrmProviders.Find(provider)!.AccountOf(first.RootElement));
        Assert.Equal(account, CrmProviders.Find(provider)!.AccountOf(second.RootElement));
    }

    private static JsonDocument Open(string credentials, string secret)
    {
        var json = JsonNode.Parse(credentials)!.AsObject();
        foreach (var name in new[] { "client_secret", "access_token", "refresh_token", "api_key", "token", "secret" })
        {
            json[name] = secret;
        }

        return JsonDocument.Parse(json.ToJsonString());
    }
}
