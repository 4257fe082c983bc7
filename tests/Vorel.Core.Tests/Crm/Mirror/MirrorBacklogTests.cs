using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

public sealed class MirrorBacklogTests
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
        await _world.Dispatch();
        Assert.Equal(Instances(conversations), Started());
    }

    [Fact]
    public async Task A_large_backlog_is_taken_up_page_by_page_each_record_once()
    {
        var conversations = await Conversations(230);
        await _world.Dispatch();
        await _world.Connect();
        await _world.Dispatch();
        Assert.Equal(Instances(conversations), Started());
    }

    [Fact]
    public async Task A_page_handles_a_hundred_rows_and_leaves_a_message_for_the_rest()
    {
        await Conversations(101);
        await _world.Dispatch();
        await _world.Connect();
        var message = Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live));
        await _world.Live.Handle(message.Body, default);
        var kinds = _world.Queue.Inner.Messages(WorkQueues.Live).Skip(1).Select(put => WorkMessage.Parse(put.Body)!).ToLookup(put => put.GetType());
        Assert.Equal(100, kinds[typeof(WorkMessage.Check)].Count());
        var rest = Assert.IsType<WorkMessage.Backlog>(Assert.Single(kinds[typeof(WorkMessage.Backlog)]));
        Assert.Equal(_world.Keys("todo|").Order(StringComparer.Ordinal).ElementAt(99), rest.After);
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
        _world.Store.AfterCommit = (table, _) => table == "TenantCredentials" ? throw new KilledException() : Task.CompletedTask;
        await Assert.ThrowsAsync<KilledException>(_world.Connect);
        Assert.Equal(0, await _world.Dispatch());

        _world.Advance(_world.Timings.IntentDelay);
        await _world.Dispatch();
        Assert.Equal(Instances(conversations), Started());
    }

    [Fact]
    public async Task A_connection_that_could_not_be_stored_takes_nothing_up()
    {
        await Conversations(2);
        await _world.Dispatch();
        _world.Store.BeforeCommit = (_, _, _) => throw new StoreUnavailableException("scripted");
        await Assert.ThrowsAsync<StoreUnavailableException>(_world.Connect);
        _world.Advance(_world.Timings.IntentDelay);
        Assert.Equal(1, await _world.Dispatch());
        Assert.Empty(_world.Queue.Inner.Messages(WorkQueues.Live));
    }

    [Fact]
    public async Task To_connect_again_and_again_adds_no_work_that_stays()
    {
        await Conversations(2);
        await _world.Dispatch();
        for (var times = 0; times < 5; times++)
        {
            await _world.Connect();
            await _world.Dispatch();
        }

        _world.Advance(_world.Timings.MirrorCheckDelay);
        await _world.Dispatch();
        Assert.Equal(2, _world.Queue.Inner.Messages(WorkQueues.Live).Count);
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
