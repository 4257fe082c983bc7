using System.Text.Json.Nodes;
using Vorel.Fakes.HubSpot;

namespace Vorel.Core.Tests.Crm.HubSpot;

/// <summary>Searches by HubSpot's own client: filters, pages, limits and lateness.</summary>
public sealed class HubSpotSearchRefereeTests(HubSpotReferee referee) : IClassFixture<HubSpotReferee>, IAsyncLifetime
{
    public Task InitializeAsync() => referee.Renew();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("""{"propertyName":"email","operator":"EQ","value":"BOB@example.com"}""", "Bob")]
    [InlineData("""{"propertyName":"email","operator":"NEQ","value":"bob@example.com"}""", "Ada,Cyd")]
    [InlineData("""{"propertyName":"firstname","operator":"IN","values":["ada","Bob"]}""", "Ada")]
    [InlineData("""{"propertyName":"firstname","operator":"NOT_IN","values":["ada","bob"]}""", "Cyd")]
    [InlineData("""{"propertyName":"phone","operator":"HAS_PROPERTY"}""", "Ada,Bob")]
    [InlineData("""{"propertyName":"phone","operator":"NOT_HAS_PROPERTY"}""", "Cyd")]
    [InlineData("""{"propertyName":"email","operator":"CONTAINS_TOKEN","value":"*@example.com"}""", "Ada,Bob,Cyd")]
    [InlineData("""{"propertyName":"email","operator":"CONTAINS_TOKEN","value":"cyd"}""", "Cyd")]
    [InlineData("""{"propertyName":"email","operator":"NOT_CONTAINS_TOKEN","value":"cyd"}""", "Ada,Bob")]
    [InlineData("""{"propertyName":"hs_searchable_calculated_phone_number","operator":"EQ","value":"2025550100"}""", "Ada")]
    [InlineData("""{"propertyName":"createdate","operator":"GTE","value":"1767603601000"}""", "Bob,Cyd")]
    [InlineData("""{"propertyName":"createdate","operator":"GT","value":"2026-01-05T09:00:01Z"}""", "Cyd")]
    [InlineData("""{"propertyName":"createdate","operator":"LT","value":"1767603601000"}""", "Ada")]
    [InlineData("""{"propertyName":"createdate","operator":"BETWEEN","value":"1767603600001","highValue":"1767603601000"}""", "Bob")]
    public async Task A_filter_holds_of_the_records_that_it_should(string filter, string found)
    {
        await Three();

        var names = await Search(new JsonObject { ["filterGroups"] = Groups(JsonNode.Parse(filter)!) });

        Assert.Equal(found.Split(','), names);
    }

    [Fact]
    public async Task Groups_are_alternatives_and_their_filters_are_not()
    {
        await Three();

        var names = await Search(new JsonObject
        {
            ["filterGroups"] = new JsonArray(
                new JsonObject { ["filters"] = new JsonArray(Equal("firstname", "Ada"), Equal("email", "ada@example.com")) },
                new JsonObject { ["filters"] = new JsonArray(Equal("firstname", "Bob"), Equal("email", "ada@example.com")) },
                new JsonObject { ["filters"] = new JsonArray(Equal("firstname", "Cyd")) }),
        });

        Assert.Equal(["Ada", "Cyd"], names);
    }

    [Theory]
    [InlineData("cyd", "Cyd")]
    [InlineData("(202) 555-0100", "Ada")]
    [InlineData("nobody", "")]
    public async Task Words_are_looked_for_in_what_people_search_by(string query, string found)
    {
        await Three();

        Assert.Equal(found.Split(',', StringSplitOptions.RemoveEmptyEntries), await Search(new JsonObject { ["query"] = query }));
    }

    [Fact]
    public async Task Pages_lead_through_all_results_in_the_order_that_was_asked_for()
    {
        await Three();
        var search = new JsonObject
        {
            ["limit"] = 2,
            ["sorts"] = new JsonArray(new JsonObject { ["propertyName"] = "createdate", ["direction"] = "DESCENDING" }),
        };

        var first = await referee.Call("crm.contacts.searchApi.doSearch", search.DeepClone());
        search["after"] = first!["paging"]!["next"]!["after"]!.GetValue<string>();
        var second = await referee.Call("crm.contacts.searchApi.doSearch", search.DeepClone());

        Assert.Equal(3, first["total"]!.GetValue<int>());
        Assert.Equal(["Cyd", "Bob"], Names(first));
        Assert.Equal(["Ada"], Names(second!));
        Assert.Null(second!["paging"]);
    }

    [Fact]
    public async Task A_new_record_is_found_late_and_an_archived_one_never()
    {
        referee.HubSpot.Index.Lag = TimeSpan.FromSeconds(10);
        var id = await referee.Create("contacts", new JsonObject { ["firstname"] = "Late" });
        Assert.Empty(await Search([]));
        referee.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["Late"], await Search([]));
        await referee.Call("crm.contacts.basicApi.archive", id);

        Assert.Empty(await Search([]));
    }

    [Fact]
    public async Task A_change_is_missed_by_as_many_searches_as_a_test_wants()
    {
        var id = await referee.Create("contacts", new JsonObject { ["firstname"] = "Old" });
        referee.HubSpot.Index.SearchesMissed = 2;
        await referee.Call("crm.contacts.basicApi.update", id, new JsonObject { ["properties"] = new JsonObject { ["firstname"] = "New" } });

        Assert.Equal(["Old", "Old", "New"], [.. await Search([]), .. await Search([]), .. await Search([])]);
    }

    [Theory]
    [InlineData("""{"limit":201}""")]
    [InlineData("""{"limit":100,"after":"9901"}""")]
    [InlineData("""{"sorts":["email","firstname"]}""")]
    [InlineData("""{"filterGroups":[{"filters":[{"propertyName":"no_such","operator":"HAS_PROPERTY"}]}]}""")]
    [InlineData("""{"filterGroups":[{"filters":[{"propertyName":"email","operator":"LIKE","value":"a"}]}]}""")]
    [InlineData("""{"filterGroups":[{"filters":[{"propertyName":"email","operator":"EQ"}]}]}""")]
    [InlineData("""{"filterGroups":[{"filters":[{"propertyName":"email","operator":"EQ","value":""}]}]}""")]
    public async Task A_search_above_a_limit_or_without_sense_is_refused(string search)
    {
        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(() => Search(JsonNode.Parse(search)!.AsObject()));

        Assert.Equal((400, "VALIDATION_ERROR"), (refused.Status, refused.Category));
    }

    [Theory]
    [InlineData(5, 3, true)]
    [InlineData(3, 6, true)]
    [InlineData(6, 1, false)]
    [InlineData(1, 7, false)]
    [InlineData(4, 5, false)]
    public async Task Filters_have_their_limits(int groups, int filters, bool fits)
    {
        var search = new JsonObject
        {
            ["filterGroups"] = new JsonArray([.. Enumerable.Range(0, groups).Select(_ =>
                new JsonObject { ["filters"] = new JsonArray([.. Enumerable.Range(0, filters).Select(_ => Equal("email", "a"))]) })]),
        };

        Assert.Equal(fits, await Record.ExceptionAsync(() => Search(search)) is null);
    }

    [Fact]
    public async Task A_query_has_its_longest()
    {
        await Search(new JsonObject { ["query"] = new string('q', 3_000) });

        await Assert.ThrowsAsync<HubSpotRefereeException>(() => Search(new JsonObject { ["query"] = new string('q', 3_001) }));
    }

    private static JsonObject Equal(string property, string value) => new() { ["propertyName"] = property, ["operator"] = "EQ", ["value"] = value };

    private static JsonArray Groups(JsonNode filter) => new(new JsonObject { ["filters"] = new JsonArray(filter) });

    private static IEnumerable<string> Names(JsonNode answer) => answer["results"]!.AsArray().Select(result => result!["properties"]!["firstname"]!.GetValue<string>());

    private async Task<IEnumerable<string>> Search(JsonObject search) => Names((await referee.Call("crm.contacts.searchApi.doSearch", search))!);

    private async Task Three()
    {
        foreach (var (name, phone) in new[] { ("Ada", "+1 (202) 555-0100"), ("Bob", "202-555-0199"), ("Cyd", "") })
        {
            await referee.Create("contacts", new JsonObject { ["firstname"] = name, ["email"] = $"{name}@example.com", ["phone"] = phone });
            referee.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
