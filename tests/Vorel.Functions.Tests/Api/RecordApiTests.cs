using System.Text.Json.Nodes;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api;

public sealed class RecordApiTests
{
    private const string Conversation = """{"channel":"webform","customer_identifier":"ada@example.com","customer_name":"Ada"}""";

    [Fact]
    public async Task A_conversation_and_its_lead_are_made_read_changed_and_listed()
    {
        await using var api = await ApiHarness.Start();
        var client = await api.Key(await api.Tenant(), "read", "leads:write", "conversations:write");

        var conversation = await client.Post("/v1/conversations", Conversation);
        Assert.Equal(201, conversation.Status);
        Assert.Equal("application/json", conversation.ContentType);
        Assert.Equal("active", conversation.Text("status"));
        Assert.Equal($"/v1/conversations/{conversation.Text("id")}", conversation.Headers.Location?.ToString());

        var lead = await client.Post("/v1/leads", $$"""{"conversation_id":"{{conversation.Text("id")}}","name":"Ada","attributes":{"budget":1.10} }""");
        Assert.Equal(201, lead.Status);
        var path = $"/v1/leads/{lead.Text("id")}";
        Assert.Equal(lead.Body, (await client.Get(path)).Body);

        var changed = await client.Patch(path, """{"status":"qualified","name":null}""");
        Assert.Equal(200, changed.Status);
        Assert.Equal("qualified", changed.Text("status"));
        Assert.Null(changed.Json["name"]);

        var renamed = await client.Patch($"/v1/conversations/{conversation.Text("id")}", """{"customer_name":"Ada L."}""");
        Assert.Equal("Ada L.", renamed.Text("customer_name"));

        var list = await client.Get("/v1/leads");
        Assert.Equal(["data", "next_cursor", "has_more"], list.Json.Select(member => member.Key));
        Assert.True(JsonNode.DeepEquals(changed.Json, Assert.Single(list.Json["data"]!.AsArray())));
        Assert.False(list.Json["has_more"]!.GetValue<bool>());
        Assert.Null(list.Json["next_cursor"]);
    }

    [Fact]
    public async Task A_list_is_walked_page_by_page_newest_first()
    {
        await using var api = await ApiHarness.Start();
        var client = await api.Key(await api.Tenant(), "read", "conversations:write");
        var made = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            made.Insert(0, (await client.Post("/v1/conversations", $$"""{"channel":"email","customer_identifier":"{{i}}@example.com"}""")).Text("id"));
        }

        var seen = new List<string>();
        var pages = new List<int>();
        string? cursor = null;
        do
        {
            var page = (await client.Get("/v1/conversations" + (cursor is null ? "" : "?cursor=" + cursor))).Json;
            pages.Add(page["data"]!.AsArray().Count);
            seen.AddRange(page["data"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()));
            cursor = page["next_cursor"]?.GetValue<string>();
            Assert.Equal(cursor is not null, page["has_more"]!.GetValue<bool>());
        }
        while (cursor is not null);

        Assert.Equal(made, seen);
        Assert.Equal([25, 25, 10], pages);
    }

    [Fact]
    public async Task A_repeat_shows_the_record_as_it_now_is_under_the_status_of_the_first_answer()
    {
        await using var api = await ApiHarness.Start();
        var client = await api.Key(await api.Tenant(), "read", "conversations:write");
        var path = "/v1/conversations/" + (await client.Post("/v1/conversations", Conversation, "key-1")).Text("id");
        var first = await client.Patch(path, """{"customer_name":"Ada B."}""", "key-2");
        var renamed = await client.Patch(path, """{"customer_name":"Ada L."}""", "key-3");

        var created = await client.Post("/v1/conversations", Conversation, "key-1");
        var changed = await client.Patch(path, """{"customer_name":"Ada B."}""", "key-2");
        var other = await client.Patch(path, """{"customer_name":"Ada C."}""", "key-2");

        Assert.Equal((200, 200), (first.Status, renamed.Status));
        Assert.Equal((201, renamed.Body), (created.Status, created.Body));
        Assert.Equal(path, created.Headers.Location?.ToString());
        Assert.Equal((200, renamed.Body), (changed.Status, changed.Body));
        Assert.Equal((422, "idempotency_conflict"), Of(other));
    }

    [Fact]
    public async Task The_location_of_what_was_made_leads_to_it_however_the_address_was_written()
    {
        await using var api = await ApiHarness.Start();
        var client = await api.Key(await api.Tenant(), "read", "conversations:write");

        var made = await client.Post("/v1/conversations/", Conversation);

        Assert.Equal($"/v1/conversations/{made.Text("id")}", made.Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_repeat_under_an_idempotency_key_answers_the_same_and_another_request_under_it_is_refused()
    {
        await using var api = await ApiHarness.Start();
        var client = await api.Key(await api.Tenant(), "read", "conversations:write");

        var first = await client.Post("/v1/conversations", Conversation, "key-1");
        var before = api.Dump();
        var repeat = await client.Post("/v1/conversations", Conversation, "key-1");
        var other = await client.Post("/v1/conversations", """{"channel":"voice","customer_identifier":"+15550100"}""", "key-1");

        Assert.Equal((201, first.Body), (repeat.Status, repeat.Body));
        Assert.Equal((422, "idempotency_conflict"), (other.Status, other.Code));
        Assert.Equal(before, api.Dump());
    }

    [Fact]
    public async Task Another_tenants_records_are_not_there()
    {
        await using var api = await ApiHarness.Start();
        var owner = await api.Key(await api.Tenant(), "read", "leads:write", "conversations:write");
        var stranger = await api.Key(await api.Tenant(), "read", "leads:write", "conversations:write");
        var id = (await owner.Post("/v1/conversations", Conversation)).Text("id");
        var before = api.Dump();

        Assert.Equal((404, "not_found"), Of(await stranger.Get($"/v1/conversations/{id}")));
        Assert.Equal((404, "not_found"), Of(await stranger.Patch($"/v1/conversations/{id}", """{"customer_name":"x"}""")));
        Assert.Equal((404, "not_found"), Of(await stranger.Post("/v1/leads", $$"""{"conversation_id":"{{id}}"}""")));
        Assert.Equal((400, "validation_error"), Of(await stranger.Get($"/v1/conversations?cursor={id}")));
        Assert.Empty((await stranger.Get("/v1/conversations")).Json["data"]!.AsArray());
        Assert.Equal(before, api.Dump());
    }

    [Fact]
    public async Task A_second_conversation_of_the_same_pair_and_a_second_lead_of_a_conversation_are_conflicts()
    {
        await using var api = await ApiHarness.Start();
        var client = await api.Key(await api.Tenant(), "read", "leads:write", "conversations:write");
        var id = (await client.Post("/v1/conversations", Conversation)).Text("id");
        await client.Post("/v1/leads", $$"""{"conversation_id":"{{id}}"}""");
        var before = api.Store.Dump().Count;

        Assert.Equal((409, "conflict"), Of(await client.Post("/v1/conversations", Conversation)));
        Assert.Equal((409, "conflict"), Of(await client.Post("/v1/leads", $$"""{"conversation_id":"{{id}}"}""")));
        Assert.Equal(before, api.Store.Dump().Count);
    }

    private static (int Status, string? Code) Of(ApiAnswer answer) => (answer.Status, answer.Code);
}
