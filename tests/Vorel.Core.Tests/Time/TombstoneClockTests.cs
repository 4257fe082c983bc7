using Vorel.Core.Errors;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Time;

/// <summary>How long a tombstone lies, on two clocks, against how late a commit can be.</summary>
[Trait("Area", "crash")]
public sealed class TombstoneClockTests
{
    private static readonly string s_row = "outbox|" + new string('a', 32);

    private readonly World _world = new();

    [Fact]
    public async Task A_commit_gives_up_long_before_its_tombstone_goes()
    {
        var arrived = new TaskCompletionSource();
        CancellationToken commit = default;
        _world.Store.BeforeCommit = (table, writes, cancellationToken) =>
        {
            if (table != RecordRow.Table || writes.Count == 1)
            {
                return Task.CompletedTask;
            }

            commit = cancellationToken;
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        };
        var writing = _world.Conversation();
        await arrived.Task;

        // The domain clock jumps by days, over every hint, and does not move the budget of a commit.
        _world.Domain.Advance(TimeSpan.FromDays(15));
        Assert.False(commit.IsCancellationRequested);
        _world.Real.Advance(_world.Timings.CommitBudget);
        Assert.True(commit.IsCancellationRequested);
        await Assert.ThrowsAsync<UnavailableException>(() => writing);

        // What is cancelled can still be on its way: its tombstone waits until the real clock has left it nine minutes behind.
        var left = TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1);
        for (var day = 0; day < 3; day++)
        {
            _world.Domain.Advance(TimeSpan.FromDays(1));
            await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
            Assert.Single(_world.Keys("outbox|"));
            _world.Real.Advance(left / 3);
        }

        _world.Real.Advance(TimeSpan.FromSeconds(1));
        _world.Domain.Advance(TimeSpan.FromMinutes(11));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.Empty(_world.Keys("outbox|"));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(360)]
    public async Task A_jump_between_hint_and_tombstone_leaves_no_tombstone_for_ever(int hours)
    {
        _world.Store.BeforeCommit = async (table, _, _) =>
        {
            if (table == RecordRow.Table)
            {
                _world.Store.BeforeCommit = null;
                _world.Domain.Advance(TimeSpan.FromHours(hours));
                Assert.Equal(1, (await _world.Tick.Run(_world.Domain.GetUtcNow(), default)).Handled);
            }
        };
        await _world.FanOut.Handle(_world.Tenant, s_row, default);
        Assert.Equal([s_row], _world.Keys("outbox|"));
        await AssertGoes();
    }

    [Fact]
    public async Task Clocks_that_are_set_back_keep_a_tombstone_longer_and_not_for_ever()
    {
        await _world.FanOut.Handle(_world.Tenant, s_row, default);
        _world.Real.SetBack(TimeSpan.FromHours(2));
        _world.Domain.SetBack(TimeSpan.FromHours(1));
        _world.Advance(TimeSpan.FromMinutes(90));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.Equal([s_row], _world.Keys("outbox|"));

        _world.Advance(TimeSpan.FromMinutes(41));
        await AssertGoes();
    }

    [Fact]
    public async Task A_dispatcher_that_was_overtaken_leaves_the_tombstone_under_its_row_as_it_is()
    {
        await _world.Subscribe("conversation.created");
        await _world.Connect();
        await _world.Dispatch();
        await _world.Conversation();
        var row = Assert.Single(_world.Keys("outbox|"));
        string? etag = null;
        _world.Store.BeforeCommit = async (table, _, _) =>
        {
            if (table.StartsWith("WebhookDeliveries", StringComparison.Ordinal))
            {
                // Another dispatcher does it all, and a third one buries what it no longer finds.
                _world.Store.BeforeCommit = null;
                await _world.NewFanOut().Handle(_world.Tenant, row, default);
                await _world.NewFanOut().Handle(_world.Tenant, row, default);
                etag = (await _world.Store.Get<OutboxRow>(Partition.Of(_world.Tenant), row, default))!.ETag;
            }
        };
        await _world.FanOut.Handle(_world.Tenant, row, default);

        Assert.Equal(etag, (await _world.Store.Get<OutboxRow>(Partition.Of(_world.Tenant), row, default))!.ETag);
        Assert.Single(await _world.AllDeliveries());
        await AssertGoes();
    }

    private async Task AssertGoes()
    {
        _world.Advance(TimeSpan.FromMinutes(11));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.Empty(_world.Keys("outbox|"));
    }
}
