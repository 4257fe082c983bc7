using Vorel.Core.Errors;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Outbox;

/// <summary>Commits of which the store does not tell in time: those refused for certain emit nothing, those that stand are answered as such.</summary>
public sealed class UnknownCommitTests
{
    private const string Conversation = """{"channel":"voice","customer_identifier":"1"}""";

    private readonly World _world = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_that_lands_after_its_refusal_and_before_its_intent_appears_fails_and_emits_nothing(bool overBudget)
    {
        await _world.Subscribe("conversation.created");
        var commit = HoldUp();
        var writing = _world.Create(RecordKinds.Conversation, Conversation, "key-1");
        await GiveUp(commit, overBudget);
        await Assert.ThrowsAsync<UnavailableException>(() => writing);

        var conflict = await Assert.ThrowsAsync<RowConflictException>(commit.Land);
        Assert.Equal((0, RowConflict.AlreadyExists), (conflict.Index, conflict.Conflict));
        Assert.Empty(_world.Keys("conversation|"));
        Assert.Empty(_world.Keys("idem|"));
        Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live));
        await AssertEmits(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_that_lands_before_it_is_buried_stands_and_is_answered_so(bool overBudget)
    {
        await _world.Subscribe("conversation.created");
        var commit = HoldUp();
        var writing = _world.Create(RecordKinds.Conversation, Conversation, "key-1");
        await commit.Arrived.Task;
        await commit.Land();
        await GiveUp(commit, overBudget);
        var answer = await writing;

        Assert.Equal(201, answer.Status);
        Assert.Equal([answer.Record.RowKey], _world.Keys("conversation|"));
        Assert.True(Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live)).VisibleAt <= _world.Real.GetUtcNow());
        Assert.Equal(answer.Record.Id, (await _world.Create(RecordKinds.Conversation, Conversation, "key-1")).Record.Id);
        await AssertEmits(1);
    }

    [Fact]
    public async Task A_change_that_stands_is_answered_with_its_outcome()
    {
        var conversation = await _world.Conversation();
        _world.Store.AfterCommit = (_, writes) => writes.Count > 1 ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        var answer = await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        Assert.Equal((200, 2), (answer.Status, answer.Record.Version));
    }

    [Fact]
    public async Task After_a_certain_refusal_the_same_key_makes_a_new_write_that_the_late_commit_cannot_touch()
    {
        await _world.Subscribe("conversation.created");
        var commit = HoldUp();
        var writing = _world.Create(RecordKinds.Conversation, Conversation, "key-1");
        await GiveUp(commit, overBudget: true);
        await Assert.ThrowsAsync<UnavailableException>(() => writing);

        var repeat = await _world.Create(RecordKinds.Conversation, Conversation, "key-1");
        await Assert.ThrowsAsync<RowConflictException>(commit.Land);
        Assert.Equal([repeat.Record.RowKey], _world.Keys("conversation|"));
        await AssertEmits(1);
    }

    [Fact]
    public async Task A_repeat_while_the_first_is_still_under_way_refuses_it()
    {
        await _world.Subscribe("conversation.created");
        var commit = HoldUp();
        var first = _world.Create(RecordKinds.Conversation, Conversation, "key-1");
        await commit.Arrived.Task;
        var repeat = await _world.Create(RecordKinds.Conversation, Conversation, "key-1");
        await Assert.ThrowsAsync<RowConflictException>(commit.Land);
        await GiveUp(commit, overBudget: true);
        await Assert.ThrowsAsync<UnavailableException>(() => first);

        Assert.Equal([repeat.Record.RowKey], _world.Keys("conversation|"));
        await AssertEmits(1);
    }

    [Fact]
    public async Task The_tombstone_of_a_dispatcher_that_was_faster_is_a_refusal_as_well()
    {
        await _world.Subscribe("conversation.created");
        var commit = HoldUp();
        var writing = _world.Create(RecordKinds.Conversation, Conversation);
        await commit.Arrived.Task;
        await _world.Live.Handle(_world.LastIntent(), default);
        await GiveUp(commit, overBudget: false);

        await Assert.ThrowsAsync<UnavailableException>(() => writing);
        await Assert.ThrowsAsync<RowConflictException>(commit.Land);
        await AssertEmits(0);
    }

    [Fact]
    public async Task The_tombstone_of_a_writer_goes_after_ten_minutes()
    {
        var commit = HoldUp();
        var writing = _world.Create(RecordKinds.Conversation, Conversation);
        await GiveUp(commit, overBudget: true);
        await Assert.ThrowsAsync<UnavailableException>(() => writing);
        Assert.Single(_world.Keys("outbox|"));

        _world.Advance(TimeSpan.FromMinutes(11));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.Empty(_world.Keys("outbox|"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_store_stays_away_nobody_can_know_and_the_repeat_finds_out(bool landed)
    {
        await _world.Subscribe("conversation.created");
        var commit = HoldUp(tombstone: _ => throw new StoreUnavailableException("scripted"));
        var writing = _world.Create(RecordKinds.Conversation, Conversation, "key-1");
        await commit.Arrived.Task;
        await (landed ? commit.Land() : Task.CompletedTask);
        await GiveUp(commit, overBudget: false);
        await Assert.ThrowsAsync<UnavailableException>(() => writing);

        _world.Store.BeforeCommit = null;
        var repeat = await _world.Create(RecordKinds.Conversation, Conversation, "key-1");
        Assert.Equal([repeat.Record.RowKey], _world.Keys("conversation|"));
        await AssertEmits(1);
    }

    [Fact]
    public async Task A_tombstone_that_hangs_is_given_up_before_the_intent_appears()
    {
        var hanging = new TaskCompletionSource();
        var commit = HoldUp(tombstone: async cancellationToken =>
        {
            hanging.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        var writing = _world.Create(RecordKinds.Conversation, Conversation);
        await GiveUp(commit, overBudget: true);
        await hanging.Task;
        Assert.False(writing.IsCompleted);
        _world.Real.Advance(_world.Timings.SettleBudget);

        await Assert.ThrowsAsync<UnavailableException>(() => writing);
        Assert.Equal(0, await _world.Dispatch());
    }

    [Fact]
    public async Task The_budget_of_a_commit_runs_from_its_intent_which_may_have_come_long_before_its_receipt()
    {
        await _world.Subscribe("conversation.created");
        _world.Queue.AfterPut = () => _world.Real.Advance(_world.Timings.CommitBudget);
        await Assert.ThrowsAsync<UnavailableException>(() => _world.Conversation());

        Assert.Empty(_world.Keys("conversation|"));
        await AssertEmits(0);
    }

    [Theory]
    [InlineData(60, 20, 5)]
    [InlineData(6, 4, 2)]
    public void The_outcome_is_settled_in_seconds_and_before_the_intent_appears(int intentDelay, int commitBudget, int expected)
    {
        var timings = new Timings { IntentDelay = TimeSpan.FromSeconds(intentDelay), CommitBudget = TimeSpan.FromSeconds(commitBudget) };
        Assert.Equal(TimeSpan.FromSeconds(expected), timings.SettleBudget);
    }

    /// <summary>Keeps the next commit of a write from the store until the test lets it land, whatever its writer hears meanwhile.</summary>
    private HeldCommit HoldUp(Func<CancellationToken, Task>? tombstone = null)
    {
        var held = new HeldCommit();
        _world.Store.BeforeCommit = (table, writes, cancellationToken) =>
        {
            var outbox = table == RecordRow.Table && writes[0].Key.StartsWith("outbox|", StringComparison.Ordinal);
            if (outbox && writes.Count == 1)
            {
                return tombstone?.Invoke(cancellationToken) ?? Task.CompletedTask;
            }

            if (!outbox || held.Arrived.Task.IsCompleted)
            {
                return Task.CompletedTask;
            }

            held.Land = () => _world.Store.Inner.Commit(table, Partition.Of(_world.Tenant), writes, default);
            held.Arrived.SetResult();
            return held.Outcome.Task.WaitAsync(cancellationToken);
        };
        return held;
    }

    private async Task GiveUp(HeldCommit commit, bool overBudget)
    {
        await commit.Arrived.Task;
        if (overBudget)
        {
            _world.Real.Advance(_world.Timings.CommitBudget);
        }
        else
        {
            commit.Outcome.SetException(new StoreUnavailableException("scripted"));
        }
    }

    /// <summary>Everything that is announced is handled; how many deliveries that makes.</summary>
    private async Task AssertEmits(int deliveries)
    {
        _world.Advance(_world.Timings.IntentDelay);
        await _world.Dispatch();
        Assert.Equal(deliveries, (await _world.AllDeliveries()).Count);
        Assert.Empty(_world.Queue.Inner.Messages(WorkQueues.Live));
    }

    private sealed class HeldCommit
    {
        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Lets the transaction reach the store.</summary>
        public Func<Task> Land { get; set; } = () => throw new InvalidOperationException("Nothing is held.");
    }
}
