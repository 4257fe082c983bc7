using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable;

[Collection(nameof(HubCollection))]
public sealed class LifecycleTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_running_instance_is_not_started_again()
    {
        await using var world = new HubWorld(azurite, Waiting());
        var hub = await world.Start();
        await hub.Run("Wait", "a");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.Run("Wait", "a"));
        await hub.Settle();
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.Run("Wait", "a"));
        hub.Kill();
        var next = await world.Start();
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => next.Run("Wait", "a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_finished_instance_starts_again_from_nothing(bool restarted)
    {
        var handler = Waiting();
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Wait", "a", "first");
        await (await hub.Client()).RaiseEventAsync("a", "go", "1");
        await hub.Ended("a");
        await hub.Settle();
        if (restarted)
        {
            hub.Kill();
            hub = await world.Start();
        }

        await hub.Run("Wait", "a", "second");
        await hub.Settle();

        var turn = handler.Turns.Last();
        Assert.Empty(turn.PastEvents);
        Assert.Equal(["OrchestratorStarted -1", "ExecutionStarted -1 Wait \"second\""], HistoryText.Of(turn.NewEvents));
        Assert.NotEqual(Execution(handler.Turns.First()), Execution(turn));
        var status = await hub.Status("a");
        Assert.Equal((OrchestrationRuntimeStatus.Running, null, "\"second\""), (status.RuntimeStatus, status.SerializedOutput, status.SerializedInput));
        Assert.All((await world.Rows()).Where(row => row.Contains(" history|", StringComparison.Ordinal)), row => Assert.Contains(Execution(turn), row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_raised_before_anyone_waits_stays_in_the_history()
    {
        var gate = new TaskCompletionSource();
        var handler = new ScriptedHandler().Orchestrator("Wait", async request =>
        {
            await gate.Task;
            return Raised(request) ? Answers(Act.Complete(0, "\"got it\"")) : Answers();
        });
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Wait", "a");
        await Eventually.True(() => handler.Turns.Count == 1, "the first turn");
        await (await hub.Client()).RaiseEventAsync("a", "go", "1");
        await (await hub.Client()).RaiseEventAsync("a", "go");
        gate.SetResult();

        Assert.Equal("\"got it\"", (await hub.Ended("a")).SerializedOutput);
        Assert.Equal(["OrchestratorStarted -1", "EventRaised -1 go \"1\"", "EventRaised -1 go -"], HistoryText.Of(handler.Turns.Last().NewEvents));
    }

    [Fact]
    public async Task Terminating_a_pending_instance_asks_the_handler()
    {
        var gate = new TaskCompletionSource();
        var handler = new ScriptedHandler()
            .Orchestrator("Block", async _ =>
            {
                await gate.Task;
                return Answers(Act.Complete(0));
            })
            .Orchestrator("Wait", request => Terminated(request) is { } reason
                ? Answers(Act.Complete(0, reason, OrchestrationStatus.Terminated))
                : Answers());
        await using var world = new HubWorld(azurite, handler) { Orchestrators = 1 };
        var hub = await world.Start();
        await hub.Run("Block", "blocker");
        await Eventually.True(() => handler.Turns.Count == 1, "the only slot is taken");
        await hub.Run("Wait", "a");
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await hub.Status("a")).RuntimeStatus);
        await (await hub.Client()).TerminateInstanceAsync("a", "enough");
        gate.SetResult();

        var end = await hub.Ended("a");

        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "\"enough\""), (end.RuntimeStatus, end.SerializedOutput));
        Assert.Equal(
            ["OrchestratorStarted -1", "ExecutionStarted -1 Wait -", "ExecutionTerminated -1 \"enough\""],
            HistoryText.Of(handler.Turns.Single(turn => turn.InstanceId == "a").NewEvents));
    }

    [Fact]
    public async Task Terminating_a_running_instance_drops_its_timers_and_late_results()
    {
        var late = new TaskCompletionSource();
        var handler = new ScriptedHandler()
            .Orchestrator("Long", request => Terminated(request) is { } reason
                ? Answers(Act.Complete(2, reason, OrchestrationStatus.Terminated))
                : Answers(Act.Call(0, "Slow"), Act.Timer(1, DateTimeOffset.UtcNow.AddHours(1))))
            .Activity("Slow", async _ =>
            {
                await late.Task;
                return Returns("late");
            });
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Long", "a");
        await Eventually.True(() => handler.Activities.Count == 1, "the activity runs");
        await (await hub.Client()).TerminateInstanceAsync("a", "enough");
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await hub.Ended("a")).RuntimeStatus);
        late.SetResult();
        await hub.Settle();

        Assert.False(await hub.JumpToNextTimer());
        Assert.Equal(2, handler.Turns.Count);
        Assert.DoesNotContain(await world.Rows(), row => row.Contains(" t", StringComparison.Ordinal) || row.Contains(" inbox", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Purging_a_finished_instance_leaves_no_row()
    {
        var handler = Waiting();
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        var client = await hub.Client();
        await hub.Run("Wait", "a");
        var refusal = await Assert.ThrowsAsync<DurableClientException>(() => client.PurgeInstanceAsync("a"));
        await client.RaiseEventAsync("a", "go");
        await hub.Ended("a");
        await hub.Settle();

        Assert.Equal(GrpcStatus.FailedPrecondition, refusal.Status);
        Assert.NotEmpty(await world.Rows());
        Assert.Equal(1, (await client.PurgeInstanceAsync("a")).PurgedInstanceCount);
        Assert.Empty(await world.Rows());
        Assert.Equal(0, (await client.PurgeInstanceAsync("a")).PurgedInstanceCount);
        Assert.Null(await client.GetInstanceAsync("a"));
        await hub.Run("Wait", "a");
    }

    [Fact]
    public async Task Events_reach_other_instances_and_those_for_nobody_are_dropped()
    {
        var handler = Waiting().Orchestrator("Tell", _ => Answers(Act.Send(0, "a", "go", "7"), Act.Send(1, "nobody", "go"), Act.Complete(2)));
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Wait", "a");

        await hub.Run("Tell", "b");

        await hub.Ended("a");
        await hub.Settle();
        Assert.Contains("EventRaised -1 go 7", HistoryText.Of(handler.Turns.Last().NewEvents));
        Assert.DoesNotContain(await world.Rows(), row => row.Contains(" send|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusals_carry_the_status_of_their_reason()
    {
        await using var world = new HubWorld(azurite, Waiting());
        var hub = await world.Start();
        var client = await hub.Client();
        await hub.Run("Wait", "ended");
        await client.RaiseEventAsync("ended", "go");
        await hub.Ended("ended");

        Assert.Equal(GrpcStatus.NotFound, await Status(() => client.RaiseEventAsync("nobody", "go")));
        Assert.Equal(GrpcStatus.NotFound, await Status(() => client.TerminateInstanceAsync("nobody")));
        Assert.Equal(GrpcStatus.FailedPrecondition, await Status(() => client.RaiseEventAsync("ended", "go")));
        Assert.Equal(GrpcStatus.FailedPrecondition, await Status(() => client.TerminateInstanceAsync("ended")));
        Assert.Equal(GrpcStatus.InvalidArgument, await Status(() => hub.Run("Unknown", "a")));
        Assert.Equal(GrpcStatus.InvalidArgument, await Status(() => hub.Run("Wait", "a", new string('x', 500_000))));
        Assert.Equal(["ended"], (await world.Rows()).Select(row => row.Split(' ')[0]).Distinct());
    }

    private static ScriptedHandler Waiting() => new ScriptedHandler()
        .Orchestrator("Wait", request => Raised(request) ? Answers(Act.Complete(0, "\"done\"")) : Answers());

    private static bool Raised(OrchestratorRequest request) => request.NewEvents.Any(item => item.EventRaised is not null);

    private static string? Terminated(OrchestratorRequest request) =>
        request.NewEvents.FirstOrDefault(item => item.ExecutionTerminated is not null)?.ExecutionTerminated.Input;

    private static string Execution(OrchestratorRequest request) =>
        request.PastEvents.Concat(request.NewEvents).First(item => item.ExecutionStarted is not null).ExecutionStarted.OrchestrationInstance.ExecutionId;

    private static async Task<GrpcStatus> Status(Func<Task> call) => (await Assert.ThrowsAnyAsync<DurableClientException>(call)).Status;
}
