using System.Text;
using System.Text.Json.Nodes;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Errors;
using Vorel.Core.Json;
using Vorel.Core.Security.Egress;

namespace Vorel.Core.Tests.Crm.Providers;

public sealed class CrmFormReaderTests
{
    private const string Secret = "S3CR3T-that-nobody-may-see";

    private readonly CrmFormReader _reader = new(new EgressGuard(DevelopmentHosts.None));

    /// <summary>A provider, what is entered, and the places at which something is wrong.</summary>
    public static TheoryData<string, string, string[]> Wrong => new()
    {
        { "mindbody", """{}""", ["/site_id", "/api_key"] },
        { "mindbody", """{"site_id":null,"api_key":null}""", ["/site_id", "/api_key"] },
        { "mindbody", """{"site_id":"","api_key":"S3CR3T-that-nobody-may-see"}""", ["/site_id"] },
        { "mindbody", """{"site_id":-99,"api_key":true}""", ["/site_id", "/api_key"] },
        { "mindbody", """{"site_id":"-99","api_key":"S3CR3T-that-nobody-may-see with a blank"}""", ["/api_key"] },
        { "mindbody", """{"site_id":"-99","api_key":"S3CR3T-that-nobody-may-see\r\nX-Injected: 1"}""", ["/api_key"] },
        { "mindbody", """{"site_id":"-99","api_key":"S3CR3T-that-nobody-may-see-ü"}""", ["/api_key"] },
        { "mindbody", """{"site_id":"123456789012345678901","api_key":"S3CR3T-that-nobody-may-see"}""", ["/site_id"] },
        { "mindbody", """{"site_id":["-99"],"api_key":{"S3CR3T-that-nobody-may-see":1}}""", ["/site_id", "/api_key"] },
        { "mindbody", """{"site_id":"-99","api_key":"S3CR3T-that-nobody-may-see","apikey":"x","a/b~c":1}""", ["/apikey", "/a~1b~0c"] },
        { "odoo", """{"url":"http://odoo.example.com","database":"db","username":"ada","secret":"S3CR3T-that-nobody-may-see"}""", ["/url"] },
        { "odoo", """{"url":"https://127.0.0.1/","database":"db","username":"ada","secret":"S3CR3T-that-nobody-may-see"}""", ["/url"] },
        { "odoo", """{"url":"https://ada:S3CR3T-that-nobody-may-see@odoo.example.com","database":"","username":"ada"}""", ["/url", "/database", "/secret"] },
        { "tekmetric", """{"shop_id":"1"}""", [""] },
        { "tekmetric", """{"shop_id":"1","client_id":"c"}""", ["/client_secret"] },
        { "tekmetric", """{"shop_id":"1","client_secret":"S3CR3T-that-nobody-may-see"}""", ["/client_id"] },
        { "tekmetric", """{"shop_id":"1","client_id":"c","api_key":"S3CR3T-that-nobody-may-see"}""", [""] },
        { "tekmetric", """{"shop_id":"1","api_key":"S3CR3T-that-nobody-may-see","environment":"moon"}""", ["/environment"] },
        { "athenahealth", """{"client_id":"c","client_secret":"S3CR3T-that-nobody-may-see","practice_id":"195900","environment":1}""", ["/environment"] },
        { "toast", """{"client_id":"c","client_secret":"S3CR3T-that-nobody-may-see","restaurant_guid":"short"}""", ["/restaurant_guid"] },
        { "rest_api", """{"base_url":"https://api.example.com"}""", ["/auth"] },
        { "rest_api", """{"base_url":"https://api.example.com","auth":"magic","token":"S3CR3T-that-nobody-may-see"}""", ["/auth"] },
        { "rest_api", """{"base_url":"https://api.example.com","auth":"bearer"}""", ["/token"] },
        { "rest_api", """{"base_url":"https://api.example.com","auth":"none","token":"S3CR3T-that-nobody-may-see"}""", ["/token"] },
        { "rest_api", """{"base_url":"https://api.example.com","auth":"basic","username":"ada"}""", ["/password"] },
        { "rest_api", """{"base_url":"https://api.example.com","auth":"none","delete_is_hard":"true"}""", ["/delete_is_hard"] },
        { "custom_webhook", """{"url":"https://crm.example.com/in","secret":"too-short"}""", ["/secret"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Every_fault_is_told_at_once_with_its_place_and_without_its_value(string provider, string body, string[] places)
    {
        var refused = Assert.Throws<ValidationException>(() => Read(provider, body));

        Assert.Equal(places, refused.Errors.Select(error => error.Pointer));
        Assert.All(refused.Errors, error => Assert.DoesNotContain("S3CR3T", error.Message + error.Pointer, StringComparison.Ordinal));
        Assert.DoesNotContain("S3CR3T", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_entered_is_what_is_sealed_with_what_is_taken_where_it_is_left_out()
    {
        var tekmetric = Read("tekmetric", $$"""{"provider":"tekmetric","shop_id":"4173","api_key":"{{Secret}}","client_id":null}""");
        var rest = Read("rest_api", $$"""{"base_url":"https://API.example.com/v2","auth":"bearer","token":"{{Secret}}","delete_is_hard":true}""");

        Assert.True(JsonNode.DeepEquals(tekmetric, new JsonObject { ["shop_id"] = "4173", ["api_key"] = Secret, ["environment"] = "production" }));
        Assert.True(JsonNode.DeepEquals(rest, new JsonObject
        {
            ["base_url"] = "https://api.example.com/v2",
            ["auth"] = "bearer",
            ["token"] = Secret,
            ["delete_is_hard"] = true,
        }));
    }

    private JsonObject Read(string provider, string body)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(body));
        return _reader.Read(CrmProviders.Find(provider)!.Form, document.RootElement);
    }
}
