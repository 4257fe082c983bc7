using System.Text.Json.Nodes;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api;

public sealed class CrmFormApiTests
{
    private const string Secret = "S3CR3T-that-nobody-may-see";
    private static readonly Task<ApiHarness> s_api = ApiHarness.Start();

    [Fact]
    public async Task Every_provider_is_listed_with_all_that_a_console_needs_to_connect_it()
    {
        var api = await s_api;

        var listed = await api.Operator.Get("/api/crm-providers");

        Assert.Equal(200, listed.Status);
        var providers = listed.Json["data"]!.AsArray().ToDictionary(provider => provider!["provider"]!.GetValue<string>(), provider => provider!.AsObject());
        Assert.Equal(10, providers.Count);
        Assert.Equal(("authorization_code", false), (providers["hubspot"]["sign_in"]!.GetValue<string>(), providers["hubspot"]["has_app"]!.GetValue<bool>()));
        Assert.Contains("tickets", providers["hubspot"]["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()));
        Assert.Equal(["production", "sandbox"], providers["salesforce"]["environments"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Empty(providers["zoho"]["environments"]!.AsArray());
        Assert.Null(providers["mindbody"]["has_app"]);
        Assert.True(JsonNode.DeepEquals(providers["tekmetric"]["form"]!["one_of"], JsonNode.Parse("""[["client_id","client_secret"],["api_key"]]""")));
        Assert.True(JsonNode.DeepEquals(
            providers["rest_api"]["form"]!["fields"]!.AsArray().Single(field => field!["name"]!.GetValue<string>() == "token"),
            JsonNode.Parse("""
                {"name":"token","label":"Bearer token","kind":"secret","required":true,"is_made":false,"min_length":1,"max_length":4000,"choices":[],
                 "default":null,"when":{"field":"auth","choice":"bearer"}}
                """)));
    }

    [Theory]
    [InlineData("""{"provider":"mindbody","site_id":"-99","api_key":"S3CR3T-that-nobody-may-see"}""")]
    [InlineData("""{"provider":"tekmetric","shop_id":"4173","client_id":"c","client_secret":"S3CR3T-that-nobody-may-see"}""")]
    [InlineData("""{"provider":"odoo","url":"https://odoo.example.com","database":"db","username":"ada","secret":"S3CR3T-that-nobody-may-see"}""")]
    [InlineData("""{"provider":"rest_api","base_url":"https://api.example.com","auth":"bearer","token":"S3CR3T-that-nobody-may-see"}""")]
    public async Task A_form_is_sealed_and_its_secrets_are_never_shown_again(string form)
    {
        var api = await s_api;
        var path = $"/api/tenant/{await api.Tenant()}/crm";

        var connected = await api.Operator.Put(path, form);
        var archive = await api.Operator.Put(path + "/archive", form);
        var listed = await api.Operator.Get(path + "/credentials");

        Assert.Equal((200, "active"), (connected.Status, connected.Text("status")));
        Assert.Equal((200, "active"), (archive.Status, archive.Text("status")));
        Assert.Null(connected.Json["secret"]);
        Assert.Equal(["archive", "crm"], listed.Json["data"]!.AsArray().Select(credential => credential!["role"]!.GetValue<string>()));
        Assert.DoesNotContain(Secret, connected.Body + archive.Body + listed.Body + (await api.Operator.Get(path)).Body + api.Dump(), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString("S3CR3T"u8), api.Dump(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"provider":"hubspot"}""", "/provider")]
    [InlineData("""{"provider":"hubspot","access_token":"S3CR3T-that-nobody-may-see","refresh_token":"S3CR3T-that-nobody-may-see"}""", "/provider")]
    [InlineData("""{"provider":"opentable"}""", "/provider")]
    [InlineData("""{"provider":["mindbody"]}""", "/provider")]
    [InlineData("""{"site_id":"-99","api_key":"S3CR3T-that-nobody-may-see"}""", "/provider")]
    [InlineData("""{"provider":"mindbody","api_key":"S3CR3T-that-nobody-may-see\u0007"}""", "/site_id /api_key")]
    [InlineData("""["S3CR3T-that-nobody-may-see"]""", "")]
    [InlineData("null", "")]
    public async Task What_is_not_the_providers_form_is_refused_with_every_place_and_no_value(string body, string places)
    {
        var api = await s_api;
        var path = $"/api/tenant/{await api.Tenant()}/crm";
        var before = api.Dump();

        var refused = await api.Operator.Put(path, body);

        Assert.Equal((400, "validation_error"), (refused.Status, refused.Code));
        Assert.Equal(places.Split(' ').Order(), refused.Json["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()).Order());
        Assert.DoesNotContain("S3CR3T", refused.Body, StringComparison.Ordinal);
        Assert.Equal(before, api.Dump());
    }

    [Fact]
    public async Task A_credential_is_tested_again_and_revoked_by_its_id()
    {
        var api = await s_api;
        var path = $"/api/tenant/{await api.Tenant()}/crm";
        var first = await api.Operator.Put(path, $$"""{"provider":"mindbody","site_id":"-99","api_key":"{{Secret}}"}""");
        var second = await api.Operator.Put(path, $$"""{"provider":"mindbody","site_id":"-99","api_key":"{{Secret}}-2"}""");

        var tested = await api.Operator.Post($"{path}/credentials/{second.Text("credential")}/test", "");
        var replaced = await api.Operator.Post($"{path}/credentials/{first.Text("credential")}/test", "");
        var active = await api.Operator.Delete($"{path}/credentials/{second.Text("credential")}");
        var revoked = await api.Operator.Delete($"{path}/credentials/{first.Text("credential")}");
        var nobodys = await api.Operator.Delete($"{path}/credentials/{Guid.CreateVersion7():D}");
        var other = await api.Operator.Delete($"/api/tenant/{await api.Tenant()}/crm/credentials/{second.Text("credential")}");

        Assert.Equal((200, "active"), (tested.Status, tested.Text("status")));
        Assert.Null(tested.Json["secret"]);
        Assert.Equal((409, 409, 204), (replaced.Status, active.Status, revoked.Status));
        Assert.Equal((404, 404), (nobodys.Status, other.Status));
        Assert.Equal(404, (await api.Operator.Delete($"{path}/credentials/none")).Status);
        Assert.Equal(
            ["active", "revoked"], (await api.Operator.Get(path + "/credentials")).Json["data"]!.AsArray().Select(credential => credential!["status"]!.GetValue<string>()));
    }
}
