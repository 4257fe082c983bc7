using Google.Protobuf.WellKnownTypes;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable.Instances;

[Collection(nameof(HubCollection))]
[Trait("Area", "host")]
public sealed class ScheduledStartTests(AzuriteFixture azurite)
{
    private readonly ScriptedHandler _handler = new ScriptedHandler().Orchestrator("Echo", request =>
        request.NewEvents.FirstOrDefault(item => item.ExecutionTerminated is not null) is { } end
            ? Answers(Act.Complete(0, end.ExecutionTerminated.Input, OrchestrationStatus.Terminated))
            : Answers(Act.Complete(0, "\"done\"")));

    [Fact]
    public async Task The_first_turn_waits_for_the_domain_clock_and_for_no_event()
    {
        await using var world = new HubWorld(azurite, _handler);
        var hub = await world.Start();
        var due = world.Clock.GetUtcNow().AddDays(6);
        await Start(hub, due);
        await (await hub.Client()).RaiseEventAsync("a", "early", "1");

        Assert.Equal(due, await hub.Hub.Next(CancellationToken.None));
        Assert.Empty(_handler.Turns);
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await hub.Status("a")).RuntimeStatus);
        Assert.True(await hub.JumpToNextTimer());

        Assert.Equal("\"done\"", (await hub.Ended("a")).SerializedOutput);
        var turn = Assert.Single(_handler.Turns);
        Assert.Equal(["OrchestratorStarted -1", "ExecutionStarted -1 Echo -", "EventRaised -1 early \"1\""], HistoryText.Of(turn.NewEvents));
        Assert.Equal(due, turn.NewEvents[1].ExecutionStarted.ScheduledStartTimestamp.ToDateTimeOffset());
        Assert.False(await hub.JumpToNextTimer());
    }

    [Fact]
    public async Task It_outlives_the_host()
    {
        await using var world = new HubWorld(azurite, _handler);
        var hub = await world.Start();
        await Start(hub, world.Clock.GetUtcNow().AddHours(1));
        hub.Kill();

        hub = await world.Start();
        await hub.Settle();
        Assert.Empty(_handler.Turns);
        Assert.True(await hub.JumpToNextTimer());

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await hub.Ended("a")).RuntimeStatus);
    }

    [Fact]
    public async Task Terminating_it_does_not_wait_and_leaves_no_timer()
    {
        await using var world = new HubWorld(azurite, _handler);
        var hub = await world.Start();
        await Start(hub, world.Clock.GetUtcNow().AddHours(1));

        await (await hub.Client()).TerminateInstanceAsync("a", "changed my mind");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await hub.Ended("a")).RuntimeStatus);
        Assert.Null(await hub.Hub.Next(CancellationToken.None));
    }

    [Fact]
    public async Task The_id_is_taken_while_it_waits()
    {
        await using var world = new HubWorld(azurite, _handler);
        var hub = await world.Start();
        await Start(hub, world.Clock.GetUtcNow().AddHours(1));

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.Run("Echo", "a"));
    }

    [Fact]
    public async Task A_time_in_the_past_is_no_wait_and_one_that_cannot_be_waited_for_is_refused()
    {
        await using var world = new HubWorld(azurite, _handler);
        var hub = await world.Start();
        using var sidecar = new GrpcProbe(await hub.Hub.Address(CancellationToken.None));

        var past = await sidecar.Send("StartInstance", Request("past", new Timestamp()));
        var far = await sidecar.Send("StartInstance", Request("far", world.Clock.GetUtcNow().AddDays(7).AddMinutes(1).ToTimestamp()));
        var never = await sidecar.Send("StartInstance", Request("never", new Timestamp { Seconds = long.MaxValue }));

        Assert.Equal((0, 3, 3), (past.Status, far.Status, never.Status));
        await hub.Ended("past");
    }

    private static CreateInstanceRequest Request(string id, Timestamp at) => new() { InstanceId = id, Name = "Echo", ScheduledStartTimestamp = at };

    private static Task Start(RunningHub hub, DateTimeOffset at) => hub.Call("StartInstance", Request("a", at.ToTimestamp()));
}
