using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable;

[Collection(nameof(HubCollection))]
[Trait("Area", "host")]
public sealed class SuspensionTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_suspended_instance_shows_the_reason_as_output_until_it_is_resumed()
    {
        await using var world = new HubWorld(azurite, Handler());
        var hub = await world.Start();
        await hub.Run("Wait", "a");
        await Suspend(hub, "lunch");
        await Suspend(hub, "tea");

        var suspended = await hub.Status("a");
        await Resume(hub);
        var resumed = await hub.Status("a");

        Assert.Equal((OrchestrationRuntimeStatus.Suspended, "lunch"), (suspended.RuntimeStatus, suspended.SerializedOutput));
        Assert.Equal((OrchestrationRuntimeStatus.Running, null), (resumed.RuntimeStatus, resumed.SerializedOutput));
    }

    [Fact]
    public async Task A_suspended_instance_gets_its_events_and_stays_suspended_over_a_restart()
    {
        var handler = Handler();
        await using var world = new HubWorld(azurite, handler);
        var first = await world.Start();
        await first.Run("Wait", "a");
        await Suspend(first, "lunch");
        first.Kill();
        var hub = await world.Start();

        await (await hub.Client()).RaiseEventAsync("a", "go", "1");
        await hub.Settle();

        Assert.Equal(["OrchestratorStarted -1", "EventRaised -1 go \"1\""], HistoryText.Of(handler.Turns.Last().NewEvents));
        var status = await hub.Status("a");
        Assert.Equal((OrchestrationRuntimeStatus.Suspended, "lunch"), (status.RuntimeStatus, status.SerializedOutput));
    }

    [Fact]
    public async Task Terminating_a_suspended_instance_asks_the_handler()
    {
        var handler = Handler();
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Wait", "a");
        await Suspend(hub, "lunch");

        await (await hub.Client()).TerminateInstanceAsync("a", "enough");

        var end = await hub.Ended("a");
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "\"enough\""), (end.RuntimeStatus, end.SerializedOutput));
    }

    private static ScriptedHandler Handler() => new ScriptedHandler().Orchestrator("Wait", request =>
        request.NewEvents.FirstOrDefault(item => item.ExecutionTerminated is not null) is { } asked
            ? Answers(Act.Complete(0, asked.ExecutionTerminated.Input, OrchestrationStatus.Terminated))
            : Answers());

    private static async Task Suspend(RunningHub hub, string reason)
    {
        await hub.Call("SuspendInstance", new SuspendRequest { InstanceId = "a", Reason = reason });
        await hub.Settle();
    }

    private static async Task Resume(RunningHub hub)
    {
        await hub.Call("ResumeInstance", new ResumeRequest { InstanceId = "a" });
        await hub.Settle();
    }
}
