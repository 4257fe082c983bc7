using System.Text;
using Vorel.Core.Errors;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Records;

public sealed class RecordServiceTests
{
    private readonly World _world = new();

    [Fact]
    public async Task A_conversation_reads_as_it_was_created()
    {
        var answer = await _world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"+971500000001","customer_language":"ar"}""");
        Assert.Equal(201, answer.Status);
        Assert.Equal(
            $$"""{"id":"{{answer.Record.Id:D}}","channel":"voice","customer_identifier":"\u002B971500000001","customer_name":null,"customer_language":"ar","status":"active","created_at":"2026-01-05T09:00:00.000Z"}""",
            Json(await _world.Records.Get(_world.Tenant, RecordKinds.Conversation, answer.Record.Id.ToString("D"), default)));
    }

    [Fact]
    public async Task A_lead_reads_as_it_was_created_without_its_notes()
    {
        var conversation = await _world.Conversation();
        var lead = await _world.Lead(conversation, ""","name":"Ada","qualification_score":85,"notes":"allergic","attributes":{"b":1.50,"a":null,"c":{"d":null}}""");
        Assert.Equal(
            $$$"""{"id":"{{{lead.Id:D}}}","conversation_id":"{{{conversation.Id:D}}}","name":"Ada","email":null,"phone":null,"intent":null,"timeline":null,"qualification_score":85,"status":"new","source":null,"attributes":{"b":1.50,"c":{"d":null}},"created_at":"2026-01-05T09:00:00.000Z","updated_at":"2026-01-05T09:00:00.000Z"}""",
            Json(await _world.Records.Get(_world.Tenant, RecordKinds.Lead, lead.Id.ToString("D"), default)));
        Assert.Equal("allergic", lead.Values["notes"]);
    }

    [Fact]
    public async Task A_second_conversation_of_the_same_customer_on_the_same_channel_is_a_conflict()
    {
        await _world.Conversation();
        await Assert.ThrowsAsync<ConflictException>(() => _world.Conversation());
        await _world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"+971500000001"}""");
        await _world.Create(RecordKinds.Conversation, """{"channel":"whatsapp","customer_identifier":"+971500000001"}""", tenant: TenantId.New(TimeProvider.System));
    }

    [Fact]
    public async Task A_conversation_has_one_lead()
    {
        var conversation = await _world.Conversation();
        await _world.Lead(conversation);
        await Assert.ThrowsAsync<ConflictException>(() => _world.Lead(conversation));
    }

    [Fact]
    public async Task A_lead_of_a_conversation_that_is_missing_or_anothers_is_not_found_by_the_conversations_name()
    {
        var foreign = (await _world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"1"}""", tenant: TenantId.New(TimeProvider.System))).Record;
        foreach (var id in new[] { foreign.Id, _world.Ids.Next(), Guid.NewGuid() })
        {
            var exception = await Assert.ThrowsAsync<NotFoundException>(() => _world.Create(RecordKinds.Lead, $$"""{"conversation_id":"{{id:D}}"}"""));
            Assert.Equal("conversation", exception.What);
        }
    }

    [Theory]
    [InlineData("", "lead.created")]
    [InlineData(""","status":"new" """, "lead.created")]
    [InlineData(""","status":"qualified" """, "lead.created lead.qualified")]
    [InlineData(""","status":"lost" """, "lead.created lead.qualified")]
    public async Task A_created_lead_emits_created_and_qualified_when_it_is_off_new(string more, string events)
    {
        await _world.Lead(await _world.Conversation(), more);
        Assert.Equal(events, await _world.EventsOfLastWrite());
    }

    [Fact]
    public async Task A_lead_is_qualified_once_in_its_life()
    {
        var lead = await _world.Lead(await _world.Conversation());
        var seen = new List<string>();
        foreach (var status in new[] { "booked", "new", "qualified" })
        {
            await _world.Patch(lead, $$"""{"status":"{{status}}"}""");
            seen.Add(await _world.EventsOfLastWrite());
        }

        Assert.Equal(["lead.updated lead.qualified", "lead.updated", "lead.updated"], seen);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        var lead = await _world.Lead(await _world.Conversation(), ""","name":"Ada","email":"ada@example.com","attributes":{"a":1,"b":{"x":1,"y":2},"c":3}""");
        _world.Advance(TimeSpan.FromSeconds(5));
        var answer = await _world.Patch(lead, """{"name":null,"qualification_score":7,"attributes":{"a":null,"b":{"y":9},"d":[1]}}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(2, answer.Record.Version);
        Assert.False(answer.Record.Values.ContainsKey("name"));
        Assert.Equal("ada@example.com", answer.Record.Values["email"]);
        Assert.Equal(7L, answer.Record.Values["qualification_score"]);
        Assert.Equal("""{"c":3,"b":{"y":9},"d":[1]}""", Encoding.UTF8.GetString((byte[])answer.Record.Values["attributes"]));
        Assert.Equal(_world.Domain.GetUtcNow(), answer.Record.UpdatedAt);
        Assert.Equal(Json(answer.Record), Json(await _world.Records.Get(_world.Tenant, RecordKinds.Lead, lead.Id.ToString("D"), default)));
    }

    [Theory]
    [InlineData("""{"name":"Ada"}""")]
    [InlineData("""{"email":null}""")]
    [InlineData("""{"status":"new"}""")]
    [InlineData("""{"attributes":{}}""")]
    [InlineData("""{"attributes":{"b":2,"a":{"y":1.0,"x":"1"}}}""")]
    [InlineData("""{"attributes":{"missing":null}}""")]
    [InlineData("""{"name":"Ada","attributes":{"b":2}}""")]
    public async Task A_patch_that_changes_nothing_writes_and_emits_nothing(string patch)
    {
        var lead = await _world.Lead(await _world.Conversation(), ""","name":"Ada","attributes":{"a":{"x":"1","y":1.0},"b":2}""");
        var before = _world.Store.Inner.Dump().Select(entry => (entry.Row.Key, entry.Row.ETag)).ToList();
        var messages = _world.Queue.Inner.Messages(WorkQueues.Live).Count;

        var answer = await _world.Patch(lead, patch);
        Assert.Equal((200, 1), (answer.Status, answer.Record.Version));
        Assert.Equal(before, _world.Store.Inner.Dump().Select(entry => (entry.Row.Key, entry.Row.ETag)));
        Assert.Equal(messages, _world.Queue.Inner.Messages(WorkQueues.Live).Count);
    }

    [Fact]
    public async Task Two_patches_at_once_both_take_effect()
    {
        var lead = await _world.Lead(await _world.Conversation());
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes.Count > 1)
            {
                _world.Store.BeforeCommit = null;
                await _world.Patch(lead, """{"name":"Ada"}""");
            }
        };
        var answer = await _world.Patch(lead, """{"phone":"1"}""");

        Assert.Equal(("Ada", "1", 3L), (answer.Record.Values["name"], answer.Record.Values["phone"], answer.Record.Version));
        Assert.Equal(3, _world.Keys($"todo|mirror|lead:{lead.Id:D}|").Count);
    }

    [Fact]
    public async Task Every_write_leaves_a_todo_row_of_its_version()
    {
        var lead = await _world.Lead(await _world.Conversation());
        await _world.Patch(lead, """{"name":"Ada"}""");
        Assert.Equal(
            [$"todo|mirror|lead:{lead.Id:D}|0000000000000000001", $"todo|mirror|lead:{lead.Id:D}|0000000000000000002"],
            _world.Keys($"todo|mirror|lead:{lead.Id:D}"));
    }

    [Fact]
    public async Task Lists_are_newest_first_page_by_page()
    {
        var made = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await _world.Conversation("customer " + i)).Id);
        }

        made.Reverse();
        var first = await _world.Records.List(_world.Tenant, RecordKinds.Conversation, 2, null, default);
        var second = await _world.Records.List(_world.Tenant, RecordKinds.Conversation, 2, first.NextCursor, default);
        var third = await _world.Records.List(_world.Tenant, RecordKinds.Conversation, 2, second.NextCursor, default);
        Assert.Equal(made, [.. first.Records.Select(record => record.Id), .. second.Records.Select(record => record.Id), .. third.Records.Select(record => record.Id)]);
        Assert.Equal((true, true, false), (first.HasMore, second.HasMore, third.HasMore));
        Assert.Null(third.NextCursor);
    }

    [Fact]
    public async Task A_page_that_is_just_full_has_no_more()
    {
        await _world.Conversation("1");
        await _world.Conversation("2");
        var page = await _world.Records.List(_world.Tenant, RecordKinds.Conversation, 2, null, default);
        Assert.Equal((2, false), (page.Records.Count, page.HasMore));
    }

    [Theory]
    [InlineData(0, null, "?limit")]
    [InlineData(101, null, "?limit")]
    [InlineData(10, "x", "?cursor")]
    [InlineData(10, "", "?cursor")]
    [InlineData(10, "019B8D5E-0000-7000-8000-000000000000", "?cursor")]
    public async Task A_bad_limit_or_cursor_is_refused(int limit, string? cursor, string pointer)
    {
        var exception = await Assert.ThrowsAsync<ValidationException>(() => _world.Records.List(_world.Tenant, RecordKinds.Lead, limit, cursor, default));
        Assert.Equal(pointer, Assert.Single(exception.Errors).Pointer);
    }

    [Fact]
    public async Task Another_tenants_record_is_not_found_nor_a_cursor()
    {
        var conversation = await _world.Conversation();
        var stranger = TenantId.New(TimeProvider.System);
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Records.Get(stranger, RecordKinds.Conversation, conversation.Id.ToString("D"), default));
        await Assert.ThrowsAsync<ValidationException>(() => _world.Records.List(stranger, RecordKinds.Conversation, 10, conversation.Id.ToString("D"), default));
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Records.Get(_world.Tenant, RecordKinds.Lead, conversation.Id.ToString("D"), default));
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Records.Get(_world.Tenant, RecordKinds.Conversation, conversation.Id.ToString("D").ToUpperInvariant(), default));
    }

    [Fact]
    public async Task A_record_expires_thirty_days_after_the_CRM_took_its_current_version_and_never_before()
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        _world.Advance(TimeSpan.FromDays(400));
        Assert.NotNull(await Get(conversation));

        await _world.Mirror.Mirror(_world.Tenant, conversation.Kind, conversation.Id, default);
        _world.Advance(TimeSpan.FromDays(29));
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        _world.Advance(TimeSpan.FromDays(29));
        Assert.NotNull(await Get(conversation));

        await _world.Mirror.Mirror(_world.Tenant, conversation.Kind, conversation.Id, default);
        _world.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await Get(conversation));
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await Get(conversation));
        Assert.Empty((await _world.Records.List(_world.Tenant, RecordKinds.Conversation, 10, null, default)).Records);
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Patch(conversation, """{"customer_name":"Eve"}"""));
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Lead(conversation));

        // It is there until the sweep comes, and yet the customer may come back.
        var next = await _world.Conversation();
        Assert.NotEqual(conversation.Id, next.Id);
        await Assert.ThrowsAsync<ConflictException>(() => _world.Conversation());
    }

    [Fact]
    public async Task Index_keys_hold_nothing_of_the_customer()
    {
        await _world.Lead(await _world.Conversation("+971500000001"), ""","email":"ada@example.com" """);
        Assert.DoesNotContain(_world.Store.Inner.Dump(), entry => entry.Row.Key.Contains("971500000001", StringComparison.Ordinal) || entry.Row.Key.Contains("example", StringComparison.OrdinalIgnoreCase));
    }

    private static string Json(RecordRow record) => Encoding.UTF8.GetString(RecordJson.Write(record));

    private async Task<RecordRow?> Get(RecordRow record)
    {
        try
        {
            return await _world.Records.Get(_world.Tenant, record.Kind, record.Id.ToString("D"), default);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
