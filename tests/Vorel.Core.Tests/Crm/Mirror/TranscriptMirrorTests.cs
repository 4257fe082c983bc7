using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

public sealed class TranscriptMirrorTests
{
    private readonly World _world = new();

    [Fact]
    public async Task Messages_go_out_in_one_write_oldest_first_and_are_stamped()
    {
        var conversation = await Mirrored();
        await _world.Say(conversation, "a");
        await _world.Say(conversation, "b");
        await _world.Dispatch();
        Assert.Contains(_world.Orchestrations.Starts, start => start.Instance == $"record:{_world.Tenant}:message:{conversation.Id:D}");
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));

        var call = _world.Crm.Calls[^1];
        Assert.Equal(("create", CrmObject.Message, $"{conversation.Id:D}:1-2"), (call.Verb, call.Object, call.Key));
        var messages = call.Fields.Values["messages"]!.AsArray();
        Assert.Equal(
            (conversation.Id.ToString("D"), 1L, 2L, "a", "b"),
            ((string)call.Fields.Values["conversation_id"]!, (long)call.Fields.Values["first_sequence_number"]!, (long)call.Fields.Values["last_sequence_number"]!, (string)messages[0]!["content"]!, (string)messages[1]!["content"]!));
        Assert.Equal(["id", "sequence_number", "role", "content", "created_at"], messages[0]!.AsObject().Select(member => member.Key));
        Assert.All(await Stored(conversation), message => Assert.True(message.Sync is { Version: 1 }));
        Assert.Empty(_world.Keys("todo|mirror|message:"));
        Assert.Single(_world.Store.Inner.Dump(), entry => entry.Table == "PurgeIndex" && entry.Row.Key.Contains("|message|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Messages_wait_for_their_conversation()
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        await _world.Say(conversation, "a");
        Assert.IsType<MirrorStep.Retry>(await Mirror(conversation));
        Assert.Empty(_world.Crm.Calls);
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Conversation, conversation.Id, default);
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Equal([CrmObject.Conversation, CrmObject.Message], _world.Crm.Calls.Select(call => call.Object));
    }

    [Fact]
    public async Task A_repeat_writes_the_same_messages_under_the_same_key_whatever_was_said_meanwhile()
    {
        var conversation = await Mirrored();
        await _world.Say(conversation, "a");
        await _world.Say(conversation, "b");
        _world.Crm.AfterWrite = async () =>
        {
            _world.Crm.AfterWrite = null;
            await _world.Say(conversation, "c");
            throw new KilledException();
        };
        await Assert.ThrowsAsync<KilledException>(() => Mirror(conversation));
        Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));

        var calls = _world.Crm.Calls.Where(call => call.Object == CrmObject.Message).ToList();
        Assert.Equal([$"{conversation.Id:D}:1-2", $"{conversation.Id:D}:1-2", $"{conversation.Id:D}:3-3"], calls.Select(call => call.Key));
        Assert.True(JsonNode.DeepEquals(calls[0].Fields.Values, calls[1].Fields.Values));
    }

    [Theory]
    [InlineData(0, "b c")]
    [InlineData(1, "a c")]
    [InlineData(2, "a b")]
    public async Task A_repeat_after_an_erasure_sends_what_is_left_under_the_same_key_and_numbers(int erased, string left)
    {
        var conversation = await Mirrored();
        var messages = new List<MessageRow> { await _world.Say(conversation, "a"), await _world.Say(conversation, "b"), await _world.Say(conversation, "c") };
        _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "down", retryable: true));
        Assert.IsType<MirrorStep.Retry>(await Mirror(conversation));
        await _world.Store.Commit(RecordRow.Table, Partition.Of(_world.Tenant), [new RowWrite.Delete(messages[erased].RowKey, "*")], default);
        _world.Advance(MirrorBackoff.Delays[0]);
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));

        var call = _world.Crm.Calls[^1];
        Assert.Equal(
            ($"{conversation.Id:D}:1-3", 1L, 3L, left),
            (call.Key, (long)call.Fields.Values["first_sequence_number"]!, (long)call.Fields.Values["last_sequence_number"]!, string.Join(' ', Contents())));
        Assert.Empty(_world.Keys("todo|mirror|message:"));
    }

    [Fact]
    public async Task What_fails_waits_and_goes_out_as_the_same_batch()
    {
        var conversation = await Mirrored();
        await _world.Say(conversation, "a");
        _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "down", retryable: true));
        Assert.Equal(new MirrorStep.Retry(MirrorBackoff.Delays[0]), await Mirror(conversation));
        await _world.Say(conversation, "b");
        Assert.IsType<MirrorStep.Retry>(await Mirror(conversation));
        Assert.Equal(1, (await Debt(conversation)).Attempts);

        _world.Advance(MirrorBackoff.Delays[0]);
        _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "down", retryable: true));
        Assert.Equal(new MirrorStep.Retry(MirrorBackoff.Delays[1]), await Mirror(conversation));
        _world.Advance(MirrorBackoff.Delays[1]);
        Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Equal(["1-1", "2-2"], Keys());
    }

    [Fact]
    public async Task What_the_CRM_refuses_for_good_holds_up_what_is_behind_it_until_the_CRM_is_connected_anew()
    {
        var conversation = await Mirrored();
        await _world.Say(conversation, "a");
        _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ValidationError, "no", retryable: false));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        await _world.Say(conversation, "b");
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Empty(Keys());

        // Nobody looks again and again for what is given up.
        await _world.Dispatch();
        _world.Orchestrations.Starts.Clear();
        var messages = _world.Queue.Inner.Messages(WorkQueues.Live).Count;
        await _world.MirrorStarter.Check(_world.Tenant, RecordKinds.Message, conversation.Id, null, default);
        Assert.Equal((0, messages), (_world.Orchestrations.Starts.Count, _world.Queue.Inner.Messages(WorkQueues.Live).Count));

        await _world.Connect();
        await _world.Dispatch();
        Assert.Contains(_world.Orchestrations.Starts, start => start.Instance == $"record:{_world.Tenant}:message:{conversation.Id:D}");
        Assert.Equal(1, (await Debt(conversation)).Until);
        Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Equal(["1-1", "2-2"], Keys());
    }

    [Fact]
    public async Task A_backlog_wakes_the_messages_of_a_conversation_that_is_owed_itself()
    {
        var conversation = await _world.Conversation();
        await _world.Say(conversation, "a");
        await _world.Connect();
        await _world.Dispatch();
        Assert.Equal(
            [$"record:{_world.Tenant}:conversation:{conversation.Id:D}", $"record:{_world.Tenant}:message:{conversation.Id:D}"],
            _world.Orchestrations.Starts.Select(start => start.Instance).Distinct().Order());
    }

    [Fact]
    public async Task Two_at_once_write_the_same_batch_and_leave_nothing_owed()
    {
        var conversation = await Mirrored();
        await _world.Say(conversation, "a");
        _world.Crm.AfterWrite = async () =>
        {
            _world.Crm.AfterWrite = null;
            Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        };
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Equal(["1-1", "1-1"], Keys());
        Assert.Empty(_world.Keys("todo|mirror|message:"));
    }

    [Fact]
    public async Task The_end_of_a_batch_that_another_process_fixed_is_kept()
    {
        var conversation = await Mirrored();
        await _world.Say(conversation, "a");
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes is [RowWrite.Replace { Key: var key }] && key.StartsWith("todo|", StringComparison.Ordinal))
            {
                _world.Store.BeforeCommit = null;
                Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
                await _world.Say(conversation, "b");
            }
        };
        Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Equal(["1-1", "2-2"], Keys());
    }

    [Fact]
    public async Task A_debt_whose_message_was_erased_goes_and_holds_nothing_up()
    {
        var conversation = await Mirrored();
        var erased = new List<MessageRow>();
        foreach (var content in new[] { "a", "b", "c", "d" })
        {
            erased.Add(await _world.Say(conversation, content));
        }

        await _world.Store.Commit(RecordRow.Table, Partition.Of(_world.Tenant), [new RowWrite.Delete(erased[0].RowKey, "*"), new RowWrite.Delete(erased[2].RowKey, "*")], default);
        while (await Mirror(conversation) is MirrorStep.Again)
        {
        }

        Assert.Equal(["2-2", "4-4"], Keys());
        Assert.Empty(_world.Keys("todo|mirror|message:"));
    }

    [Fact]
    public async Task A_message_is_there_for_seven_days_after_the_CRM_took_it_and_for_ever_before()
    {
        var conversation = await Mirrored();
        await _world.Say(conversation, "a");
        _world.Advance(TimeSpan.FromDays(20));
        Assert.Single(await Read(conversation));
        await Mirror(conversation);
        _world.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Single(await Read(conversation));
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await Read(conversation));
    }

    private async Task<RecordRow> Mirrored()
    {
        await _world.Connect();
        await _world.FinishRedrives();
        var conversation = await _world.Conversation();
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Conversation, conversation.Id, default);
        return conversation;
    }

    private Task<MirrorStep> Mirror(RecordRow conversation) => _world.Mirror.Mirror(_world.Tenant, RecordKinds.Message, conversation.Id, default);

    private IReadOnlyList<string> Keys() => [.. _world.Crm.Calls.Where(call => call.Object == CrmObject.Message).Select(call => call.Key.Split(':')[1])];

    private IEnumerable<string> Contents() =>
        _world.Crm.Calls.Where(call => call.Object == CrmObject.Message).SelectMany(call => call.Fields.Values["messages"]!.AsArray()).Select(message => (string)message!["content"]!);

    private Task<IReadOnlyList<MessageRow>> Read(RecordRow conversation) => _world.Transcripts.Read(_world.Tenant, conversation.Id.ToString("D"), 100, 0, default);

    private async Task<IReadOnlyList<RecordRow>> Stored(RecordRow conversation)
    {
        var stored = new List<RecordRow>();
        await foreach (var message in _world.Reader.ReadMessages(_world.Tenant, conversation.Id, 1, long.MaxValue - 1, default))
        {
            stored.Add(message.Row);
        }

        return stored;
    }

    private async Task<TodoRow> Debt(RecordRow conversation) =>
        (await _world.Store.Get<TodoRow>(Partition.Of(_world.Tenant), _world.Keys($"todo|mirror|message:{conversation.Id:D}|")[0], default))!.Row;
}
