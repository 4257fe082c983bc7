using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Records;

public sealed class IdempotencyTests
{
    private const string Body = """{"channel":"voice","customer_identifier":"1"}""";

    private readonly World _world = new();

    [Fact]
    public async Task A_repeat_gets_the_first_status_and_the_record_as_it_now_is()
    {
        var first = await _world.Create(RecordKinds.Conversation, Body, "key-1");
        await _world.Patch(first.Record, """{"customer_name":"Ada"}""");
        var repeat = await _world.Create(RecordKinds.Conversation, """ { "channel" : "voice", "customer_identifier":"1" } """, "key-1");

        Assert.Equal((201, first.Record.Id, 2L), (repeat.Status, repeat.Record.Id, repeat.Record.Version));
        Assert.Single(_world.Keys("conversation|"));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        await _world.Create(RecordKinds.Conversation, Body, "key-1");
        await Assert.ThrowsAsync<IdempotencyConflictException>(() =>
            _world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"2"}""", "key-1"));
    }

    [Fact]
    public async Task A_repeat_that_races_the_first_gets_its_record_and_makes_none()
    {
        RecordAnswer? first = null;
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes.Count > 1)
            {
                _world.Store.BeforeCommit = null;
                first = await _world.Create(RecordKinds.Conversation, Body, "key-1");
            }
        };
        var second = await _world.Create(RecordKinds.Conversation, Body, "key-1");

        Assert.Equal(first!.Record.Id, second.Record.Id);
        Assert.Equal(201, second.Status);
        Assert.Single(_world.Keys("conversation|"));
    }

    [Fact]
    public async Task A_request_that_stood_still_until_the_day_of_another_use_was_over_succeeds_that_use()
    {
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes.Count > 1)
            {
                _world.Store.BeforeCommit = null;
                await _world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"2"}""", "key-1");
                _world.Domain.Advance(TimeSpan.FromHours(25));
            }
        };
        var late = await _world.Create(RecordKinds.Conversation, Body, "key-1");

        Assert.Equal(201, late.Status);
        Assert.Equal(2, _world.Keys("conversation|").Count);
        Assert.Single(_world.Keys("idem|"));
        Assert.Single(_world.Keys("idemx|"));
    }

    [Fact]
    public async Task Another_body_that_races_the_first_under_its_key_is_refused()
    {
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes.Count > 1)
            {
                _world.Store.BeforeCommit = null;
                await _world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"2"}""", "key-1");
            }
        };
        await Assert.ThrowsAsync<IdempotencyConflictException>(() => _world.Create(RecordKinds.Conversation, Body, "key-1"));
        Assert.Single(_world.Keys("conversation|"));
    }

    [Fact]
    public async Task Without_the_key_a_repeat_is_a_duplicate()
    {
        await _world.Create(RecordKinds.Conversation, Body, "key-1");
        await Assert.ThrowsAsync<ConflictException>(() => _world.Create(RecordKinds.Conversation, Body, "key-2"));
    }

    [Fact]
    public async Task A_key_counts_within_its_tenant_and_its_route()
    {
        var conversation = (await _world.Create(RecordKinds.Conversation, Body, "key-1")).Record;
        await _world.Create(RecordKinds.Conversation, Body, "key-1", TenantId.New(TimeProvider.System));
        var lead = (await _world.Create(RecordKinds.Lead, $$"""{"conversation_id":"{{conversation.Id:D}}"}""", "key-1")).Record;
        await _world.Patch(lead, """{"name":"Ada"}""", "key-1");
        await _world.Patch(conversation, """{"customer_name":"Ada"}""", "key-1");
        Assert.Equal(4, _world.Store.Inner.Dump().Count(entry => entry.Row.Key.StartsWith("idem|", StringComparison.Ordinal) && entry.Partition == _world.Tenant.ToString()));
    }

    [Fact]
    public async Task A_repeated_patch_is_applied_once()
    {
        var conversation = await _world.Conversation();
        var first = await _world.Patch(conversation, """{"customer_name":"Ada"}""", "key-1");
        await _world.Patch(conversation, """{"customer_name":"Eve"}""");
        var repeat = await _world.Patch(conversation, """{"customer_name":"Ada"}""", "key-1");

        Assert.Equal((200, 2L), (first.Status, first.Record.Version));
        Assert.Equal((200, 3L), (repeat.Status, repeat.Record.Version));
        Assert.Equal("Eve", repeat.Record.Values["customer_name"]);
    }

    [Fact]
    public async Task A_repeat_of_a_change_that_changed_nothing_does_not_undo_what_came_in_between()
    {
        var record = (await _world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"1","customer_name":"Ada"}""")).Record;
        var messages = _world.Queue.Inner.Messages("live").Count;
        await _world.Patch(record, """{"customer_name":"Ada"}""", "key-1");
        Assert.Equal(messages, _world.Queue.Inner.Messages("live").Count);
        Assert.Single(_world.Keys("todo|"));

        await _world.Patch(record, """{"customer_name":"Eve"}""");
        var repeat = await _world.Patch(record, """{"customer_name":"Ada"}""", "key-1");
        Assert.Equal((200, 2L, "Eve"), (repeat.Status, repeat.Record.Version, repeat.Record.Values["customer_name"]));
    }

    [Fact]
    public async Task A_key_is_free_again_after_a_day()
    {
        await _world.Create(RecordKinds.Conversation, Body, "key-1");
        _world.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<IdempotencyConflictException>(() => _world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"2"}""", "key-1"));
        _world.Advance(TimeSpan.FromSeconds(1));
        var second = await _world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"2"}""", "key-1");
        Assert.Equal(second.Record.Id, (await _world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"2"}""", "key-1")).Record.Id);
    }

    [Fact]
    public async Task Neither_the_key_nor_the_body_is_stored()
    {
        await _world.Create(RecordKinds.Conversation, Body, "visible-key");
        var row = _world.Store.Inner.Dump().Single(entry => entry.Row.Key.StartsWith("idem|", StringComparison.Ordinal)).Row;
        Assert.DoesNotContain("visible-key", row.Key + string.Join(' ', row.Columns.Values), StringComparison.Ordinal);
        Assert.Equal(["at", "record", "request", "status"], row.Columns.Keys.Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("with blank")]
    [InlineData("tab\t")]
    [InlineData("ключ")]
    public void A_key_of_anything_but_visible_ascii_is_refused(string key) => Assert.Throws<ValidationException>(() => IdempotencyKey.Parse(key));

    [Fact]
    public void A_key_has_at_most_two_hundred_characters()
    {
        Assert.Equal(200, IdempotencyKey.Parse(new string('k', 200))!.Value.Length);
        Assert.Throws<ValidationException>(() => IdempotencyKey.Parse(new string('k', 201)));
        Assert.Null(IdempotencyKey.Parse(null));
    }
}
