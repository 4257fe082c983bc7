using Vorel.Core.Alerts;
using Vorel.Core.Errors;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Outbox;

public sealed class WritePathTests
{
    private readonly World _world = new();

    [Fact]
    public async Task A_write_commits_record_index_outbox_and_todo_in_one_transaction_and_shows_its_intent()
    {
        var transactions = new List<IReadOnlyList<string>>();
        _world.Store.BeforeCommit = (table, writes, _) =>
        {
            transactions.Add([.. writes.Select(write => $"{table}:{write.Key.Split('|')[0]}")]);
            return Task.CompletedTask;
        };
        await _world.Conversation();

        Assert.Equal(["Records:outbox", "Records:ix", "Records:conversation", "Records:todo"], transactions[^1]);
        var message = Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live));
        Assert.True(message.VisibleAt <= _world.Real.GetUtcNow());
        var intent = Assert.IsType<WorkMessage.Intent>(WorkMessage.Parse(message.Body));
        Assert.Equal(_world.Keys("outbox|"), [intent.Row]);
    }

    [Fact]
    public async Task The_intent_is_put_before_the_commit_and_is_invisible_for_its_delay()
    {
        WorkMessageState? atCommit = null;
        _world.Store.BeforeCommit = (_, writes, _) =>
        {
            if (writes.Count > 1)
            {
                atCommit = new WorkMessageState(Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live)).VisibleAt - _world.Real.GetUtcNow());
            }

            return Task.CompletedTask;
        };
        await _world.Conversation();
        Assert.Equal(TimeSpan.FromSeconds(60), atCommit!.Delay);
    }

    [Fact]
    public async Task A_commit_that_comes_after_the_tombstone_is_answered_unavailable_and_emits_nothing()
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation("warms the day key");
        await _world.Dispatch();
        var before = _world.Orchestrations.Starts.Count;
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes[0] is RowWrite.Insert { Key: var key } && key.StartsWith("outbox|", StringComparison.Ordinal) && writes.Count > 1)
            {
                // While the commit is held up, its intent appears and a dispatcher gives the write up.
                _world.Store.BeforeCommit = null;
                await _world.Live.Handle(_world.LastIntent(), default);
            }
        };

        await Assert.ThrowsAsync<UnavailableException>(() => _world.Conversation("late"));

        Assert.Single((await _world.Records.List(_world.Tenant, RecordKinds.Conversation, 10, null, default)).Records);
        _world.Advance(TimeSpan.FromMinutes(2));
        await _world.Dispatch();
        Assert.Equal(before, _world.Orchestrations.Starts.Count);
        Assert.Single(await _world.AllDeliveries());
    }

    [Fact]
    public async Task Without_an_intent_nothing_is_written()
    {
        _world.Queue.PutFails = true;
        await Assert.ThrowsAsync<UnavailableException>(() => _world.Conversation());
        Assert.Empty(_world.Keys("conversation|"));
        Assert.Empty(_world.Keys("outbox|"));
    }

    [Fact]
    public async Task An_intent_that_cannot_be_shown_does_not_fail_the_answer_and_appears_by_itself()
    {
        await _world.Subscribe("conversation.created");
        _world.Queue.ShowFails = true;
        await _world.Conversation();

        Assert.Equal(1, _world.Alerts.Count(AlertCode.IntentNotShown));
        Assert.Equal(0, await _world.Dispatch());
        _world.Advance(_world.Timings.IntentDelay);
        Assert.Equal(1, await _world.Dispatch());
        Assert.Single(_world.Orchestrations.Starts);
    }

    [Fact]
    public async Task An_intent_that_is_gone_is_put_again()
    {
        _world.Store.AfterCommit = async (_, writes) =>
        {
            if (writes.Count > 1)
            {
                var message = Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live));
                await _world.Queue.Inner.Remove(WorkQueues.Live, message.Receipt, default);
            }
        };
        await _world.Conversation();
        Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live));
        Assert.Equal(1, await _world.Dispatch());
    }

    [Fact]
    public async Task A_refused_write_takes_its_intent_back()
    {
        await _world.Conversation();
        await Assert.ThrowsAsync<ConflictException>(() => _world.Conversation());
        Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live));
    }

    [Fact]
    public async Task A_refused_write_whose_intent_cannot_be_taken_back_emits_nothing_all_the_same()
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        _world.Queue.RemoveFails = true;
        await Assert.ThrowsAsync<ConflictException>(() => _world.Conversation());

        _world.Advance(_world.Timings.IntentDelay);
        Assert.Equal(2, await _world.Dispatch());
        Assert.Single(await _world.AllDeliveries());
    }

    private sealed record WorkMessageState(TimeSpan Delay);
}
