using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Records;

public sealed class CloseConversationTests
{
    private readonly World _world = new();

    [Theory]
    [InlineData("active")]
    [InlineData("awaiting_human")]
    public async Task A_conversation_is_closed_from_any_status_with_one_event(string status)
    {
        var conversation = await _world.Conversation();
        await _world.Records.Change(_world.Tenant, conversation.Kind, conversation.Id.ToString("D"), _ => new Dictionary<string, object?> { ["status"] = status }, default);
        var closed = await Close(conversation);
        Assert.Equal("closed", closed.Values["status"]);
        Assert.Equal("conversation.closed", await _world.EventsOfLastWrite());

        var before = _world.Store.Inner.Dump().Select(entry => (entry.Row.Key, entry.Row.ETag)).ToList();
        Assert.Equal(closed.Version, (await Close(conversation)).Version);
        Assert.Equal(before, _world.Store.Inner.Dump().Select(entry => (entry.Row.Key, entry.Row.ETag)));
    }

    [Fact]
    public async Task Two_who_close_at_once_emit_one_event()
    {
        await _world.Subscribe("conversation.closed");
        var conversation = await _world.Conversation();
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes.Count > 1)
            {
                _world.Store.BeforeCommit = null;
                await Close(conversation);
            }
        };
        await Close(conversation);
        _world.Advance(TimeSpan.FromMinutes(2));
        await _world.Dispatch();
        Assert.Equal("conversation.closed", (await _world.OnlyDelivery()).Event);
    }

    [Fact]
    public async Task A_conversation_is_closed_and_stamped_while_people_talk_all_the_time()
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        var said = 0;
        var saying = false;
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (!saying && said % 20 != 19 && writes.Any(write => write is RowWrite.Replace && write.Key == conversation.RowKey))
            {
                saying = true;
                await _world.Say(conversation, $"{said++}");
                saying = false;
            }
        };

        Assert.Equal("closed", (await Close(conversation)).Values["status"]);
        said = 20;
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Conversation, conversation.Id, default);

        Assert.Equal(39, said);
        Assert.Single(_world.Crm.Calls);
        Assert.NotNull((await _world.Records.Get(_world.Tenant, conversation.Kind, conversation.Id.ToString("D"), default)).Sync);
    }

    [Fact]
    public async Task A_conversation_whose_window_ends_while_it_is_written_gives_way_to_its_successor()
    {
        foreach (var write in new Func<RecordRow, Task>[]
        {
            found => _world.Patch(found, """{"customer_name":"Ada"}"""),
            found => _world.Say(found, "late"),
        })
        {
            await _world.Connect();
            var conversation = await _world.Conversation();
            await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Conversation, conversation.Id, default);
            _world.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
            RecordRow? successor = null;
            _world.Store.BeforeCommit = async (_, writes, _) =>
            {
                if (successor is null && writes.Any(other => other.Key == conversation.RowKey))
                {
                    _world.Advance(TimeSpan.FromSeconds(1));
                    successor = conversation;
                    successor = await _world.Conversation();
                }
            };

            await Assert.ThrowsAsync<NotFoundException>(() => write(conversation));
            _world.Store.BeforeCommit = null;
            Assert.NotEqual(conversation.Id, successor!.Id);
            Assert.Equal([successor.RowKey], _world.Keys("conversation|"));
            await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Conversation, successor.Id, default);
            _world.Advance(TimeSpan.FromDays(31));
        }
    }

    [Fact]
    public async Task The_event_comes_once_even_if_the_conversation_were_opened_again()
    {
        var conversation = await _world.Conversation();
        await Close(conversation);
        await _world.Records.Change(_world.Tenant, conversation.Kind, conversation.Id.ToString("D"), _ => new Dictionary<string, object?> { ["status"] = "active" }, default);
        await Close(conversation);
        Assert.Equal("", await _world.EventsOfLastWrite());
    }

    [Fact]
    public async Task The_CRM_is_told_of_the_status()
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        await _world.Mirror.Mirror(_world.Tenant, conversation.Kind, conversation.Id, default);
        await Close(conversation);
        await _world.Mirror.Mirror(_world.Tenant, conversation.Kind, conversation.Id, default);
        Assert.Equal(("update", "closed"), (_world.Crm.Calls[^1].Verb, (string)_world.Crm.Calls[^1].Fields.Values["status"]!));
    }

    [Fact]
    public async Task A_closed_conversation_still_takes_what_may_be_learned_after_the_end()
    {
        var conversation = await _world.Conversation();
        await _world.Say(conversation, "a");
        await Close(conversation);

        Assert.Equal(2, (await _world.Say(conversation, "thank you")).Sequence);
        await _world.Lead(conversation);
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        await _world.Create(RecordKinds.Case, $$"""{"subject":"x","conversation_id":"{{conversation.Id:D}}"}""");
        Assert.Equal("closed", (await _world.Records.Get(_world.Tenant, conversation.Kind, conversation.Id.ToString("D"), default)).Values["status"]);

        // The customer has no other conversation on this channel while this one is there.
        await Assert.ThrowsAsync<ConflictException>(() => _world.Conversation());
    }

    [Fact]
    public async Task What_is_not_there_or_another_tenants_is_not_closed()
    {
        var conversation = await _world.Conversation();
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Conversations.Close(_world.Tenant, _world.Ids.Next().ToString("D"), default));
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Conversations.Close(TenantId.New(TimeProvider.System), conversation.Id.ToString("D"), default));
    }

    private Task<RecordRow> Close(RecordRow conversation) => _world.Conversations.Close(_world.Tenant, conversation.Id.ToString("D"), default);
}
