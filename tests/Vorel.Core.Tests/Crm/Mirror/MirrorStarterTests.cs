using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

public sealed class MirrorStarterTests
{
    private readonly World _world = new();

    [Fact]
    public async Task A_fan_out_starts_the_lifecycle_and_leaves_a_check_two_minutes_on()
    {
        var conversation = await Connected();
        await _world.Dispatch();
        var start = Assert.Single(_world.Orchestrations.Starts);
        Assert.Equal(
            ("RecordLifecycle", $"record:{_world.Tenant}:conversation:{conversation.Id:D}", $$"""{"tenant":"{{_world.Tenant}}","kind":"conversation","id":"{{conversation.Id:D}}"}"""),
            start);
        var check = Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live));
        Assert.Equal(new WorkMessage.Check(_world.Tenant, RecordKinds.Conversation, conversation.Id), WorkMessage.Parse(check.Body));
        Assert.Equal(_world.Real.GetUtcNow() + TimeSpan.FromMinutes(2), check.VisibleAt);
    }

    [Fact]
    public async Task A_check_starts_again_while_the_CRM_is_owed_something_and_ends_when_it_is_not()
    {
        var conversation = await Connected();
        await _world.Dispatch();
        _world.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await _world.Dispatch());
        Assert.Equal(2, _world.Orchestrations.Starts.Count);
        Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live));

        await _world.Mirror.Mirror(_world.Tenant, conversation.Kind, conversation.Id, default);
        _world.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await _world.Dispatch());
        Assert.Equal(2, _world.Orchestrations.Starts.Count);
        Assert.Empty(_world.Queue.Inner.Messages(WorkQueues.Live));
    }

    [Fact]
    public async Task A_lifecycle_that_ends_just_as_it_is_woken_is_started_again()
    {
        var conversation = await Connected();
        _world.Orchestrations.Running.Add($"record:{_world.Tenant}:conversation:{conversation.Id:D}");
        _world.Orchestrations.EndsBeforeRaise = true;
        await _world.Dispatch();
        Assert.Single(_world.Orchestrations.Raises);
        Assert.Single(_world.Orchestrations.Starts);
    }

    [Fact]
    public async Task Many_changes_and_repeated_messages_leave_one_check_that_goes_on()
    {
        var conversation = await Connected();
        for (var change = 0; change < 20; change++)
        {
            await _world.Patch(conversation, $$"""{"customer_name":"Ada {{change}}"}""");
        }

        await _world.Dispatch();
        Assert.Equal(21, _world.Queue.Inner.Messages(WorkQueues.Live).Count);
        for (var looks = 0; looks < 3; looks++)
        {
            _world.Advance(TimeSpan.FromMinutes(2));
            await _world.Dispatch();
            Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live));
        }
    }

    [Fact]
    public async Task A_check_that_dies_before_its_message_is_deleted_does_not_end_the_looking()
    {
        var conversation = await Connected();
        await _world.Dispatch();
        _world.Advance(TimeSpan.FromMinutes(2));
        var check = _world.Queue.Inner.TakeNext(WorkQueues.Live, TimeSpan.FromSeconds(30))!;
        await _world.Live.Handle(check.Body, default);

        // The message comes again, beside the next one that the first handling has put.
        await _world.Live.Handle(check.Body, default);
        await _world.Queue.Inner.Remove(WorkQueues.Live, check.Receipt, default);
        Assert.Equal(2, _world.Orchestrations.Starts.Count);
        Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live));
    }

    [Fact]
    public async Task A_check_wakes_an_instance_that_waits_though_nothing_says_to_wait()
    {
        var conversation = await Connected();
        await _world.Dispatch();
        _world.Orchestrations.Running.Add($"record:{_world.Tenant}:conversation:{conversation.Id:D}");
        await _world.MirrorStarter.Check(_world.Tenant, conversation.Kind, conversation.Id, mark: null, default);
        Assert.Single(_world.Orchestrations.Raises);
    }

    private async Task<RecordRow> Connected()
    {
        await _world.Connect();
        await _world.Dispatch();
        return await _world.Conversation();
    }
}
