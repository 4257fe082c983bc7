using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Redrives;

/// <summary>What a tenant has written before its CRM was connected, or what an earlier connection had failed, is taken up by a redrive of the connection's own.</summary>
public sealed class ConnectionRedriveTests
{
    private readonly World _world = new();

    [Fact]
    public async Task What_was_written_before_there_was_a_CRM_is_taken_up_when_there_is_one()
    {
        var conversations = await Conversations(3);
        await _world.Patch(conversations[1], """{"customer_name":"Ada"}""");
        await _world.Dispatch();
        Assert.Empty(_world.Orchestrations.Starts);

        await _world.Connect();
        await _world.FinishRedrives();
        Assert.Equal(Instances(conversations), Started());
        Assert.Equal((4L, 4L, RedriveState.Finished), await OnlyRedrive());
    }

    [Fact]
    public async Task A_large_backlog_is_taken_up_page_by_page_each_record_once()
    {
        var conversations = await Conversations(230);
        await _world.Dispatch();
        await _world.Connect();
        await _world.FinishRedrives();
        Assert.Equal(Instances(conversations), Started());
        Assert.Equal((230L, 230L, RedriveState.Finished), await OnlyRedrive());
    }

    [Fact]
    public async Task A_slice_handles_a_hundred_rows_fifty_a_second_and_leaves_a_message_for_the_rest()
    {
        await Conversations(101);
        await _world.Dispatch();
        await _world.Connect();
        await _world.Dispatch();
        var waits = _world.Queue.Inner.Messages(WorkQueues.Bulk).Select(message => (message.VisibleAt - _world.Real.GetUtcNow()).TotalSeconds).ToList();
        Assert.Equal((50, 50), (_world.Orchestrations.Starts.Count, waits.Count(wait => wait is 1)));
        var rest = Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Commands));
        Assert.Equal(_world.Keys("todo|").Order(StringComparer.Ordinal).ElementAt(99), Assert.IsType<WorkMessage.Redrive>(WorkMessage.Parse(rest.Body)).After);
        Assert.Equal(TimeSpan.FromSeconds(2), rest.VisibleAt - _world.Real.GetUtcNow());
    }

    [Fact]
    public async Task A_CRM_that_was_repaired_gets_what_had_failed_for_good()
    {
        await _world.Connect();
        await _world.Dispatch();
        var conversation = await _world.Conversation();
        _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.AuthError, "revoked", retryable: false));
        await Mirror(conversation);
        await _world.Dispatch();
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Empty(_world.Crm.Calls);

        await _world.Connect();
        await _world.Dispatch();
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Single(_world.Crm.Calls);
        Assert.Empty(_world.Keys("todo|"));
    }

    [Fact]
    public async Task What_the_old_connection_refuses_after_the_new_one_was_made_is_not_given_up()
    {
        await _world.Connect();
        await _world.Dispatch();
        var conversation = await _world.Conversation();
        await _world.Dispatch();
        _world.Crm.AfterWrite = async () =>
        {
            _world.Crm.AfterWrite = null;
            await _world.Connect();
            await _world.Dispatch();
            throw new CrmException(CrmErrorCode.AuthError, "revoked", retryable: false);
        };
        Assert.IsType<MirrorStep.Retry>(await Mirror(conversation));
        Assert.Empty(_world.Alerts.Raised);
        _world.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
    }

    [Fact]
    public async Task A_kill_right_after_the_connection_was_stored_does_not_leave_the_backlog_where_it_is()
    {
        var conversations = await Conversations(2);
        await _world.Dispatch();
        _world.Store.AfterCommit = (_, writes) => Connects(writes) ? throw new KilledException() : Task.CompletedTask;
        await Assert.ThrowsAsync<KilledException>(_world.Connect);
        Assert.Equal(0, await _world.Dispatch());

        _world.Advance(_world.Timings.IntentDelay);
        await _world.FinishRedrives();
        Assert.Equal(Instances(conversations), Started());
    }

    [Fact]
    public async Task A_connection_that_could_not_be_stored_takes_nothing_up()
    {
        await Conversations(2);
        await _world.Dispatch();
        _world.Store.BeforeCommit = (_, writes, _) => Connects(writes) ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        await Assert.ThrowsAsync<StoreUnavailableException>(_world.Connect);
        _world.Advance(_world.Timings.IntentDelay);
        Assert.Equal(1, await _world.Dispatch());

        // It may have been stored all the same, and be seen later.
        Assert.Equal(RedriveState.Running, (await _world.Redrives.List(_world.Tenant, 10, null, default)).Redrives.Single().State);
        _world.Advance(TimeSpan.FromMinutes(10));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.Equal(1, await _world.Dispatch());
        Assert.Equal((0L, 0L, RedriveState.Finished), await OnlyRedrive());
        Assert.All(World.Queues, queue => Assert.Empty(_world.Queue.Inner.Messages(queue)));
    }

    [Fact]
    public async Task A_connection_that_was_not_heard_of_and_is_seen_late_has_its_backlog_taken_up()
    {
        var conversations = await Conversations(2);
        await _world.Dispatch();
        IReadOnlyList<RowWrite>? late = null;
        _world.Store.BeforeCommit = (_, writes, _) =>
        {
            late = Connects(writes) ? writes : late;
            return Connects(writes) ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(_world.Connect);
        _world.Store.BeforeCommit = null;
        _world.Advance(_world.Timings.IntentDelay * 2);
        await _world.Dispatch();
        await _world.Store.Commit("TenantCredentials", Partition.Of(_world.Tenant), late!, default);

        _world.Advance(TimeSpan.FromMinutes(5));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        await _world.FinishRedrives();
        Assert.Equal(Instances(conversations), Started());
    }

    [Fact]
    public async Task A_connection_that_is_not_stored_in_time_is_given_up()
    {
        _world.Store.BeforeCommit = (_, writes, _) =>
        {
            if (Connects(writes))
            {
                _world.Advance(_world.Timings.IntentDelay);
            }

            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(_world.Connect);
        Assert.Null(await _world.Connections.Find(_world.Tenant, default));
    }

    [Fact]
    public async Task A_tick_that_comes_before_the_connection_is_stored_does_not_end_the_redrive()
    {
        var conversations = await Conversations(2);
        await _world.Dispatch();
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (Connects(writes))
            {
                _world.Store.BeforeCommit = null;
                _world.Domain.Advance(TimeSpan.FromMinutes(6));
                await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
                Assert.Equal(1, await _world.Dispatch());
            }
        };
        await _world.Connect();
        await _world.FinishRedrives();
        Assert.Equal(Instances(conversations), Started());
    }

    [Fact]
    public async Task A_connection_that_was_replaced_leaves_everything_to_the_present_one()
    {
        await Conversations(2);
        await _world.Dispatch();
        await _world.Connect();
        await _world.Connect();
        await _world.FinishRedrives();

        // For ten minutes the first could still be waiting for its connection; then the tick looks.
        _world.Advance(TimeSpan.FromMinutes(10));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        await _world.FinishRedrives();
        var redrives = (await _world.Redrives.List(_world.Tenant, 10, null, default)).Redrives;
        Assert.Equal([2L, 0L], redrives.Select(redrive => redrive.Redriven));
        Assert.All(redrives, redrive => Assert.Equal(RedriveState.Finished, redrive.State));
    }

    [Fact]
    public async Task To_connect_again_and_again_adds_no_work_that_stays()
    {
        await Conversations(2);
        await _world.Dispatch();
        for (var times = 0; times < 5; times++)
        {
            await _world.Connect();
            await _world.FinishRedrives();
        }

        _world.Advance(_world.Timings.MirrorCheckDelay);
        await _world.Dispatch();
        Assert.Equal(2, World.Queues.Sum(queue => _world.Queue.Inner.Messages(queue).Count));
    }

    private static bool Connects(IReadOnlyList<RowWrite> writes) => writes.Any(write => write.Key == "crm");

    private async Task<(long Total, long Redriven, RedriveState State)> OnlyRedrive()
    {
        var redrive = Assert.Single((await _world.Redrives.List(_world.Tenant, 10, null, default)).Redrives);
        return (redrive.Total!.Value, redrive.Redriven, redrive.State);
    }

    private async Task<IReadOnlyList<RecordRow>> Conversations(int count)
    {
        var made = new List<RecordRow>();
        for (var number = 0; number < count; number++)
        {
            made.Add(await _world.Conversation($"+97150{number}"));
        }

        return made;
    }

    private IEnumerable<string> Instances(IEnumerable<RecordRow> records) =>
        records.Select(record => $"record:{_world.Tenant}:{record.Kind.Name}:{record.Id:D}").Order(StringComparer.Ordinal);

    private IEnumerable<string> Started() => _world.Orchestrations.Starts.Select(start => start.Instance).Order(StringComparer.Ordinal);

    private Task<MirrorStep> Mirror(RecordRow record) => _world.Mirror.Mirror(_world.Tenant, record.Kind, record.Id, default);
}
