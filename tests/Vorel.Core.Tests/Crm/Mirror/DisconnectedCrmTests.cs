using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

public sealed class DisconnectedCrmTests
{
    private readonly World _world = new();

    [Fact]
    public async Task While_nothing_is_connected_lifecycles_and_checks_end_and_nothing_is_lost_or_purged()
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        await _world.Dispatch();
        await Disconnect();
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        var started = _world.Orchestrations.Starts.Count;
        await _world.MirrorStarter.Check(_world.Tenant, conversation.Kind, conversation.Id, mark: null, default);
        var later = await _world.Conversation("+971500000002");
        for (var looks = 0; looks < 3; looks++)
        {
            _world.Advance(_world.Timings.MirrorCheckDelay);
            await _world.Dispatch();
        }

        Assert.Equal(started, _world.Orchestrations.Starts.Count);
        Assert.Empty(_world.Queue.Inner.Messages(WorkQueues.Live));
        Assert.Empty(_world.Crm.Calls);
        _world.Advance(TimeSpan.FromDays(400));
        await _world.Sweep.Run(default);
        Assert.Equal(2, _world.Keys("todo|").Count);

        await _world.Connect();
        await _world.Dispatch();
        Assert.Equal(started + 2, _world.Orchestrations.Starts.Count);
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.IsType<MirrorStep.Done>(await Mirror(later));
        Assert.Equal(2, _world.Crm.Records);
    }

    [Fact]
    public async Task A_write_that_succeeds_after_the_disconnect_counts_and_says_where()
    {
        await _world.Connect();
        var system = (await _world.Connections.Find(_world.Tenant, default))!.System;
        var conversation = await _world.Conversation();
        _world.Crm.AfterWrite = Disconnect;
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        var stored = await Stored(conversation);
        Assert.Equal((system, 1L), (stored.Sync!.System, stored.Sync.Version));
        Assert.NotNull(stored.PurgeDue);
        Assert.Empty(_world.Keys("todo|"));
    }

    [Fact]
    public async Task A_refusal_that_comes_after_the_disconnect_is_not_held_against_the_record()
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        _world.Crm.AfterWrite = async () =>
        {
            _world.Crm.AfterWrite = null;
            await Disconnect();
            throw new CrmException(CrmErrorCode.AuthError, "revoked", retryable: false);
        };
        Assert.IsType<MirrorStep.Retry>(await Mirror(conversation));
        Assert.Empty(_world.Alerts.Raised);
        _world.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Null((await Stored(conversation)).Sync);
    }

    [Theory]
    [InlineData("https://crm.example.com/in", 1, 0)]
    [InlineData("https://other.example.com/in", 1, 1)]
    public async Task Disconnected_and_connected_in_the_middle_of_a_write(string url, int first, int other)
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        _world.Crm.AfterWrite = async () =>
        {
            _world.Crm.AfterWrite = null;
            await Disconnect();
            await _world.Connect(url);
        };
        await Mirror(conversation);
        await Mirror(conversation);
        Assert.Equal((first, other), (_world.Crm.Records, _world.CrmAt("other.example.com").Records));
        Assert.Single(_world.Crm.Calls);
        Assert.Equal((await _world.Connections.Find(_world.Tenant, default))!.System, (await Stored(conversation)).Sync!.System);
        Assert.Empty(_world.Keys("todo|"));
    }

    private Task Disconnect() => _world.Connecting.Disconnect(_world.Tenant, CrmRole.Main, AuditActor.System, default);

    private Task<MirrorStep> Mirror(RecordRow record) => _world.Mirror.Mirror(_world.Tenant, record.Kind, record.Id, default);

    private Task<RecordRow> Stored(RecordRow record) => _world.Records.Get(_world.Tenant, record.Kind, record.Id.ToString("D"), default);
}
