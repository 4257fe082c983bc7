using System.Text.Json.Nodes;
using Vorel.Fakes.HubSpot;

namespace Vorel.Core.Tests.Crm.HubSpot;

/// <summary>What an account has, and dated paths, by HubSpot's own client.</summary>
public sealed class HubSpotAccountRefereeTests(HubSpotReferee referee) : IClassFixture<HubSpotReferee>
{
    [Fact]
    public async Task Properties_say_what_may_be_written()
    {
        var all = (await referee.Call("crm.properties.coreApi.getAll", "contacts"))!["results"]!.AsArray();
        var email = all.Single(property => property!["name"]!.GetValue<string>() == "email")!;
        var id = all.Single(property => property!["name"]!.GetValue<string>() == "hs_object_id")!;
        var stage = (await referee.Call("crm.properties.coreApi.getByName", "deals", "dealstage"))!;

        Assert.Equal((true, false), (email["hasUniqueValue"]!.GetValue<bool>(), email["modificationMetadata"]!["readOnlyValue"]!.GetValue<bool>()));
        Assert.True(id["modificationMetadata"]!["readOnlyValue"]!.GetValue<bool>());
        Assert.Contains("closedwon", stage["options"]!.AsArray().Select(option => option!["value"]!.GetValue<string>()));
        Assert.Equal(404, (await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.Call("crm.properties.coreApi.getByName", "deals", "no_such"))).Status);
    }

    [Fact]
    public async Task A_unique_property_is_made_and_identifies_a_record()
    {
        var made = await referee.Call("crm.properties.coreApi.create", "deals", Unique("vorel_key"));
        Assert.True(made!["hasUniqueValue"]!.GetValue<bool>());
        Assert.Equal(409, (await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.Call("crm.properties.coreApi.create", "deals", Unique("vorel_key")))).Status);
        var id = await referee.Create("deals", Deal("k1"));

        var read = await referee.Call("crm.deals.basicApi.getById", "k1", new JsonArray("vorel_key"), "", "", false, "vorel_key");
        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.Create("deals", Deal("k1")));

        Assert.Equal((id, "k1"), (read!["id"]!.GetValue<string>(), read["properties"]!["vorel_key"]!.GetValue<string>()));
        Assert.Equal((400, "VALIDATION_ERROR"), (refused.Status, refused.Category));
        Assert.Contains("CONFLICTING_UNIQUE_VALUE", refused.Message, StringComparison.Ordinal);
        Assert.Contains(id, refused.Message, StringComparison.Ordinal);
        await referee.Call("crm.properties.coreApi.archive", "deals", "vorel_key");
        Assert.Equal(400, (await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.Create("deals", Deal("k2")))).Status);
    }

    [Fact]
    public async Task Ten_properties_of_a_type_are_unique_and_no_more()
    {
        for (var index = 0; index < 10; index++)
        {
            await referee.Call("crm.properties.coreApi.create", "companies", Unique($"unique_{index}"));
        }

        await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.Call("crm.properties.coreApi.create", "companies", Unique("unique_10")));
    }

    [Fact]
    public async Task A_stage_is_one_of_its_pipeline()
    {
        var pipelines = await referee.Call("crm.pipelines.pipelinesApi.getAll", "deals");
        Assert.Equal("default", pipelines!["results"]![0]!["id"]!.GetValue<string>());
        Assert.Equal("1", (await referee.Call("crm.pipelines.pipelineStagesApi.getAll", "tickets", "0"))!["results"]![0]!["id"]!.GetValue<string>());
        referee.HubSpot.Portal.Add("tickets", new HubSpotPipeline("77", "Returns", [("771", "New", "{}")]));

        await referee.Create("tickets", Ticket("77", "771"));
        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.Create("tickets", Ticket("77", "1")));

        Assert.Contains("INVALID_OPTION", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_of_records_of_the_account_is_told_and_kept()
    {
        referee.HubSpot.Portal.Add(
            new HubSpotObjectType("cars", "2-4711", "CAR")
            {
                Required = ["vin"], Defaults = ["vin"], ReadScopes = ["crm.objects.custom.read"], WriteScopes = ["crm.objects.custom.write"],
            },
            new HubSpotProperty("vin", "VIN", "string", "text") { HubSpotDefined = false });

        var schema = (await referee.Call("crm.schemas.coreApi.getAll"))!["results"]![0]!;
        var id = await referee.Create("2-4711", new JsonObject { ["vin"] = "WAUZZZ" });

        Assert.Equal(("2-4711", "vin"), (schema["objectTypeId"]!.GetValue<string>(), schema["requiredProperties"]![0]!.GetValue<string>()));
        Assert.Equal("WAUZZZ", (await referee.Call("crm.objects.basicApi.getById", "cars", id))!["properties"]!["vin"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_account_tells_its_number_and_the_host_of_its_pages()
    {
        var details = JsonNode.Parse((await referee.Raw("GET", "/account-info/v3/details"))["body"]!.GetValue<string>())!;

        Assert.Equal((referee.HubSpot.Portal.Id, "app-eu1.hubspot.com"), (details["portalId"]!.GetValue<long>(), details["uiDomain"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("/crm/v3/objects/contacts", "/crm/objects/2026-03/contacts")]
    [InlineData("/crm/v3/properties/deals", "/crm/properties/2026-09/deals")]
    [InlineData("/crm/v3/pipelines/tickets", "/crm/pipelines/2026-03/tickets")]
    [InlineData("/crm-object-schemas/v3/schemas", "/crm-object-schemas/2026-03/schemas")]
    [InlineData("/account-info/v3/details", "/account-info/2026-03/details")]
    public async Task A_dated_path_answers_as_the_numbered_one(string numbered, string dated)
    {
        var (one, other) = (await referee.Raw("GET", numbered), await referee.Raw("GET", dated));

        Assert.Equal(200, one["status"]!.GetValue<int>());
        Assert.Equal(one["body"]!.GetValue<string>(), other["body"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("GET", "/crm/v2/objects/contacts", 404, "resource not found")]
    [InlineData("GET", "/crm/objects/2031-03/contacts", 404, "resource not found")]
    [InlineData("GET", "/crm/v3/objects/contacts/1/associations/notes", 404, "resource not found")]
    [InlineData("PUT", "/crm/v3/objects/contacts", 405, "Method Not Allowed")]
    [InlineData("GET", "/crm/v3/objects/wigwams", 400, "Unable to infer object type from: wigwams")]
    [InlineData("GET", "/crm/v3/objects/contacts/34000009999", 404, "resource not found")]
    [InlineData("GET", "/crm/v3/objects/contacts/abc", 404, "objectId are usually numeric")]
    [InlineData("GET", "/crm/v3/objects/contacts?proprieties=email", 400, "proprieties")]
    [InlineData("GET", "/crm/v3/objects/contacts?limit=101", 400, "limit")]
    public async Task What_there_is_not_is_refused(string method, string path, int status, string named)
    {
        var answer = await referee.Raw(method, path);

        Assert.Equal(status, answer["status"]!.GetValue<int>());
        var body = JsonNode.Parse(answer["body"]!.GetValue<string>())!;
        Assert.Contains(named, body["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("error", body["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_member_that_is_not_known_is_refused()
    {
        var answer = await referee.Raw("POST", "/crm/v3/objects/contacts", new JsonObject { ["property"] = new JsonObject() });

        Assert.Equal(400, answer["status"]!.GetValue<int>());
        Assert.Contains("Unrecognized field", answer["body"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contact_is_erased_for_good()
    {
        var id = await referee.Create("contacts", new JsonObject { ["email"] = "erase@example.com" });

        await referee.Call("crm.contacts.basicApi.purge", new JsonObject { ["objectId"] = "erase@example.com", ["idProperty"] = "email" });

        Assert.DoesNotContain(referee.HubSpot.Records, record => record.Id == id);
    }

    private static JsonObject Unique(string name) => new()
    {
        ["name"] = name, ["label"] = "Key", ["type"] = "string", ["fieldType"] = "text", ["groupName"] = "dealinformation", ["hasUniqueValue"] = true,
    };

    private static JsonObject Deal(string key) => new() { ["dealname"] = "D", ["pipeline"] = "default", ["dealstage"] = "qualifiedtobuy", ["vorel_key"] = key };

    private static JsonObject Ticket(string pipeline, string stage) => new() { ["subject"] = "S", ["hs_pipeline"] = pipeline, ["hs_pipeline_stage"] = stage };
}
