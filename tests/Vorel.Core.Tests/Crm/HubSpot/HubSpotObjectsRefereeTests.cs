using System.Text.Json.Nodes;

namespace Vorel.Core.Tests.Crm.HubSpot;

/// <summary>Records, batches, associations and searches, by HubSpot's own client.</summary>
public sealed class HubSpotObjectsRefereeTests(HubSpotReferee referee) : IClassFixture<HubSpotReferee>
{
    [Fact]
    public async Task A_contact_is_created_read_changed_cleared_and_archived()
    {
        var created = await referee.Call("crm.contacts.basicApi.create", new JsonObject
        {
            ["properties"] = new JsonObject { ["email"] = "Ada@Example.com", ["firstname"] = "Ada", ["phone"] = "+1 202 555 0100" },
            ["associations"] = new JsonArray(),
        });
        var id = created!["id"]!.GetValue<string>();
        Assert.Equal(("Ada", "ada@example.com", id, false), (
            Property(created, "firstname"), Property(created, "email"), Property(created, "hs_object_id"), created["archived"]!.GetValue<bool>()));
        Assert.Equal(referee.Clock.GetUtcNow(), created["createdAt"]!.GetValue<DateTimeOffset>());

        referee.Clock.Advance(TimeSpan.FromSeconds(1));
        await referee.Call("crm.contacts.basicApi.update", id, new JsonObject { ["properties"] = new JsonObject { ["firstname"] = "", ["lastname"] = "Lovelace" } });
        var read = await referee.Call("crm.contacts.basicApi.getById", id, List("firstname", "lastname", "no_such_property"));
        Assert.Equal((null, "Lovelace"), (Property(read, "firstname"), Property(read, "lastname")));
        Assert.False(read!["properties"]!.AsObject().ContainsKey("no_such_property"));
        Assert.True(read["properties"]!.AsObject().ContainsKey("firstname"));
        Assert.Equal(referee.Clock.GetUtcNow(), read["updatedAt"]!.GetValue<DateTimeOffset>());

        await referee.Call("crm.contacts.basicApi.archive", id);
        Assert.Equal((404, null), await Refused(() => referee.Call("crm.contacts.basicApi.getById", id)));
        var archived = await referee.Call("crm.contacts.basicApi.getById", id, "", "", "", true);
        Assert.True(archived!["archived"]!.GetValue<bool>());
        Assert.Equal(referee.Clock.GetUtcNow(), archived["archivedAt"]!.GetValue<DateTimeOffset>());
    }

    [Fact]
    public async Task A_contact_is_found_by_its_email()
    {
        var id = await referee.Create("contacts", new JsonObject { ["email"] = "by@example.com" });

        var read = await referee.Call("crm.contacts.basicApi.getById", "By@example.com", "", "", "", false, "email");

        Assert.Equal(id, read!["id"]!.GetValue<string>());
        Assert.Equal((404, "OBJECT_NOT_FOUND"), await Refused(() => referee.Call("crm.contacts.basicApi.getById", "no@example.com", "", "", "", false, "email")));
        Assert.Equal((400, "VALIDATION_ERROR"), await Refused(() => referee.Call("crm.contacts.basicApi.getById", "Ada", "", "", "", false, "firstname")));
    }

    [Fact]
    public async Task A_second_contact_with_an_email_is_a_conflict_that_names_the_first()
    {
        var id = await referee.Create("contacts", new JsonObject { ["email"] = "one@example.com" });

        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.Create("contacts", new JsonObject { ["email"] = "ONE@example.com" }));

        Assert.Equal((409, "CONFLICT", $"Contact already exists. Existing ID: {id}"), (refused.Status, refused.Category, refused.Message));
    }

    [Theory]
    [InlineData("""{"no_such":"1"}""", "PROPERTY_DOESNT_EXIST")]
    [InlineData("""{"hs_object_id":"1"}""", "READ_ONLY_VALUE")]
    [InlineData("""{"email":"nobody"}""", "INVALID_EMAIL")]
    [InlineData("""{"lifecyclestage":"never"}""", "INVALID_OPTION")]
    [InlineData("""{"firstname":1}""", "Cannot deserialize value")]
    public async Task A_value_that_is_not_valid_is_refused(string properties, string named)
    {
        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.Create("contacts", JsonNode.Parse(properties)!.AsObject()));

        Assert.Equal((400, "VALIDATION_ERROR"), (refused.Status, refused.Category));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notes", "hs_note_body")]
    [InlineData("calls", "hs_call_body")]
    [InlineData("meetings", "hs_meeting_title")]
    [InlineData("tasks", "hs_task_subject")]
    [InlineData("tickets", "content")]
    [InlineData("deals", "amount")]
    public async Task A_record_without_what_it_needs_is_refused(string type, string property)
    {
        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.Create(type, new JsonObject { [property] = "1" }));

        Assert.Equal((400, "VALIDATION_ERROR"), (refused.Status, refused.Category));
        Assert.EndsWith("Some required properties were not set.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_lead_through_all_records()
    {
        var ids = new List<string>();
        for (var index = 0; index < 7; index++)
        {
            ids.Add(await referee.Create("companies", new JsonObject { ["name"] = $"Company {index}" }));
        }

        var all = await referee.Call("crm.companies.getAll", 3);

        Assert.Equal(ids, all!.AsArray().Select(company => company!["id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Associations_of_a_create_body_are_seen_from_both_sides()
    {
        var contact = await referee.Create("contacts", new JsonObject { ["firstname"] = "Linked" });
        var note = await referee.Create("notes", new JsonObject { ["hs_timestamp"] = "2026-01-05T09:00:00Z" }, Link(contact, 202));

        var page = await referee.Call("crm.associations.v4.basicApi.getPage", "notes", note, "contacts");
        Assert.Equal((contact, 202), (
            page!["results"]![0]!["toObjectId"]!.GetValue<string>(), page["results"]![0]!["associationTypes"]![0]!["typeId"]!.GetValue<int>()));
        var read = await referee.Call("crm.contacts.basicApi.getById", contact, "", "", List("notes", "deals"));
        Assert.Equal((note, "contact_to_note"), (
            read!["associations"]!["notes"]!["results"]![0]!["id"]!.GetValue<string>(), read["associations"]!["notes"]!["results"]![0]!["type"]!.GetValue<string>()));
        Assert.Null(read["associations"]!["deals"]);
    }

    [Fact]
    public async Task Associations_are_put_and_removed()
    {
        var contact = await referee.Create("contacts", new JsonObject { ["firstname"] = "Put" });
        var deal = await referee.Create("deals", Deal("Put"));
        var made = await referee.Call("crm.associations.v4.basicApi.createDefault", "deals", deal, "contacts", contact);
        Assert.Equal("COMPLETE", made!["status"]!.GetValue<string>());
        var ticket = await referee.Create("tickets", new JsonObject { ["subject"] = "S", ["hs_pipeline"] = "0", ["hs_pipeline_stage"] = "1" });
        var put = await referee.Call("crm.associations.v4.basicApi.create", "tickets", ticket, "contacts", contact, new JsonArray(Type(16)));
        Assert.Equal(("0-5", contact), (put!["fromObjectTypeId"]!.GetValue<string>(), put["toObjectId"]!.GetValue<string>()));
        Assert.Equal(400, (await Refused(() => referee.Call("crm.associations.v4.basicApi.create", "tickets", ticket, "contacts", contact, new JsonArray(Type(15))))).Status);

        await referee.Call("crm.associations.v4.basicApi.archive", "contacts", contact, "deals", deal);

        Assert.Empty((await referee.Call("crm.associations.v4.basicApi.getPage", "deals", deal, "contacts"))!["results"]!.AsArray());
        Assert.Single((await referee.Call("crm.associations.v4.basicApi.getPage", "contacts", contact, "tickets"))!["results"]!.AsArray());
    }

    [Fact]
    public async Task An_association_to_nothing_leaves_nothing_behind()
    {
        var before = referee.HubSpot.Records.Count;

        var refused = await Refused(() => referee.Create("notes", new JsonObject { ["hs_timestamp"] = "1767603600000" }, Link("34000009999", 202)));

        Assert.Equal((400, "VALIDATION_ERROR"), refused);
        Assert.Equal(before, referee.HubSpot.Records.Count);
    }

    [Fact]
    public async Task A_batch_upsert_says_which_are_new()
    {
        var body = new JsonObject
        {
            ["inputs"] = new JsonArray(Upsert("up1@example.com", "One"), Upsert("up2@example.com", "Two")),
        };
        var first = await referee.Call("crm.contacts.batchApi.upsert", body.DeepClone());
        var second = await referee.Call("crm.contacts.batchApi.upsert", body.DeepClone());

        Assert.Equal([true, true], first!["results"]!.AsArray().Select(result => result!["_new"]!.GetValue<bool>()));
        Assert.Equal([false, false], second!["results"]!.AsArray().Select(result => result!["_new"]!.GetValue<bool>()));
        Assert.Equal(Ids(first), Ids(second));
    }

    [Fact]
    public async Task A_batch_that_is_read_names_what_is_not_there()
    {
        var id = await referee.Create("contacts", new JsonObject { ["firstname"] = "Read" });

        var read = await referee.Call("crm.contacts.batchApi.read", new JsonObject
        {
            ["inputs"] = new JsonArray(new JsonObject { ["id"] = id }, new JsonObject { ["id"] = "34000009998" }),
            ["properties"] = List("firstname"),
            ["propertiesWithHistory"] = List(),
        });

        Assert.Equal([id], Ids(read!));
        Assert.Equal(1, read!["numErrors"]!.GetValue<int>());
        Assert.Equal("OBJECT_NOT_FOUND", read["errors"]![0]!["category"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_batch_of_which_one_fails_is_not_done()
    {
        var before = referee.HubSpot.Records.Count;

        var refused = await Refused(() => referee.Call("crm.contacts.batchApi.create", new JsonObject
        {
            ["inputs"] = new JsonArray(Input(new JsonObject { ["firstname"] = "Good" }), Input(new JsonObject { ["bad"] = "1" })),
        }));

        Assert.Equal((400, "VALIDATION_ERROR"), refused);
        Assert.Equal(before, referee.HubSpot.Records.Count);
    }

    private static JsonObject Deal(string name) => new() { ["dealname"] = name, ["pipeline"] = "default", ["dealstage"] = "qualifiedtobuy" };

    private static JsonObject Input(JsonObject properties) => new() { ["properties"] = properties, ["associations"] = new JsonArray() };

    private static JsonObject Upsert(string email, string name) =>
        new() { ["id"] = email, ["idProperty"] = "email", ["properties"] = new JsonObject { ["firstname"] = name } };

    private static JsonObject Type(int type) => new() { ["associationCategory"] = "HUBSPOT_DEFINED", ["associationTypeId"] = type };

    private static JsonObject Link(string id, int type) => new() { ["to"] = new JsonObject { ["id"] = id }, ["types"] = new JsonArray(Type(type)) };

    private static JsonArray List(params string[] names) => new([.. names.Select(name => JsonValue.Create(name))]);

    private static string? Property(JsonNode? record, string name) => record!["properties"]![name]?.GetValue<string>();

    private static string[] Ids(JsonNode batch) => [.. batch["results"]!.AsArray().Select(result => result!["id"]!.GetValue<string>())];

    private static async Task<(int Status, string? Category)> Refused(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(call);
        return (refused.Status, refused.Category);
    }
}
