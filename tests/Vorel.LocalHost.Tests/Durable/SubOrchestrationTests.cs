using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable;

[Collection(nameof(HubCollection))]
[Trait("Area", "host")]
public sealed class SubOrchestrationTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_child_runs_under_its_own_id_and_tells_its_parent_its_result()
    {
        var handler = Parent().Orchestrator("Child", request => Answers(Act.Complete(0, request.NewEvents[1].ExecutionStarted.Input)));
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Parent", "p");

        var end = await hub.Ended("p");
        await hub.Settle();

        Assert.Equal("SubOrchestrationInstanceCompleted -1 of 0 \"in\"", end.SerializedOutput);
        var parent = handler.Turns.Last(turn => turn.InstanceId == "p");
        Assert.Equal(
            ["OrchestratorStarted -1", "ExecutionStarted -1 Parent -", "SubOrchestrationInstanceCreated 0 Child -", "OrchestratorCompleted -1"],
            HistoryText.Of(parent.PastEvents));
        var started = handler.Turns.Single(turn => turn.InstanceId == "c").NewEvents[1].ExecutionStarted;
        Assert.Equal((0, "Parent", "p"), (started.ParentInstance.TaskScheduledId, started.ParentInstance.Name, started.ParentInstance.OrchestrationInstance.InstanceId));
        Assert.Equal(
            parent.PastEvents[1].ExecutionStarted.OrchestrationInstance.ExecutionId, started.ParentInstance.OrchestrationInstance.ExecutionId);
        Assert.DoesNotContain(await world.Rows(), row => row.Contains(" send|", StringComparison.Ordinal) || row.Contains(" inbox|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_child_that_reports_its_failure_tells_the_details()
    {
        var failed = Act.Complete(0, status: OrchestrationStatus.Failed);
        failed.CompleteOrchestration.FailureDetails = new Vorel.Durable.Protocol.TaskFailureDetails { ErrorType = "Some.Error", ErrorMessage = "it broke" };

        Assert.Equal("SubOrchestrationInstanceFailed -1 of 0 it broke", await End(_ => Answers(failed)));
    }

    [Fact]
    public async Task A_child_whose_call_failed_tells_none() => Assert.Equal(
        "SubOrchestrationInstanceFailed -1 of 0 without details",
        await End(_ => new InvocationResult.Failure(InvocationFailure.Status, "Response status code does not indicate success: 500 (Reason).")));

    [Fact]
    public async Task A_child_of_an_unknown_function_fails_without_details() =>
        Assert.Equal("SubOrchestrationInstanceFailed -1 of 0 without details", await End(child: null));

    [Fact]
    public async Task A_child_id_that_is_at_work_already_is_refused()
    {
        var handler = Parent().Orchestrator("Child", _ => Answers());
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Child", "c");
        await hub.Settle();
        await hub.Run("Parent", "p");

        Assert.Contains("of 0 An orchestration with the instance id 'c' is Running", (await hub.Ended("p")).SerializedOutput, StringComparison.Ordinal);
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await hub.Status("c")).RuntimeStatus);
    }

    [Fact]
    public async Task Terminating_a_parent_leaves_its_child_at_work_and_the_childs_end_concerns_nobody()
    {
        var handler = Parent().Orchestrator("Child", request => request.NewEvents.Any(item => item.EventRaised is not null) ? Answers(Act.Complete(0)) : Answers());
        await using var world = new HubWorld(azurite, handler);
        var hub = await ParentTerminated(world);
        var turns = handler.Turns.Count(turn => turn.InstanceId == "p");

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await hub.Status("c")).RuntimeStatus);
        await (await hub.Client()).RaiseEventAsync("c", "go");
        await hub.Ended("c");
        await hub.Settle();

        Assert.Equal(turns, handler.Turns.Count(turn => turn.InstanceId == "p"));
        Assert.DoesNotContain(await world.Rows(), row => row.Contains(" send|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_end_of_a_child_does_not_reach_a_later_execution_of_its_parent()
    {
        var handler = Parent().Orchestrator("Child", request => request.NewEvents.Any(item => item.EventRaised is not null) ? Answers(Act.Complete(0)) : Answers());
        await using var world = new HubWorld(azurite, handler);
        var hub = await ParentTerminated(world);
        await hub.Run("Idle", "p");
        await hub.Settle();

        await (await hub.Client()).RaiseEventAsync("c", "go");
        await hub.Ended("c");
        await hub.Settle();

        Assert.DoesNotContain(handler.Turns.Last(turn => turn.InstanceId == "p").NewEvents, item => item.SubOrchestrationInstanceCompleted is not null);
    }

    [Fact]
    public async Task A_purge_waits_until_the_end_of_a_child_has_reached_its_parent()
    {
        var handler = Parent().Orchestrator("Child", _ => Answers(Act.Complete(0, "\"end\"")));
        await using var world = new HubWorld(azurite, handler);
        var first = await world.Start();
        await first.Run("Parent", "p");
        await first.Ended("c");

        // However early the purge comes, and whether or not the host outlives it, the parent hears of its child.
        await (await first.Client()).PurgeInstanceAsync("c");
        first.Kill();
        var second = await world.Start();

        Assert.Equal("SubOrchestrationInstanceCompleted -1 of 0 \"end\"", (await second.Ended("p")).SerializedOutput);
        Assert.DoesNotContain(await world.Rows(), row => row.StartsWith("c ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_child_that_continues_as_new_still_tells_its_parent()
    {
        var end = await End(request => request.NewEvents[1].ExecutionStarted.Input == "\"in\"" ? Answers(Act.Again(0, "\"again\"")) : Answers(Act.Complete(0, "\"end\"")));

        Assert.Equal("SubOrchestrationInstanceCompleted -1 of 0 \"end\"", end);
    }

    /// <summary>A parent that calls the child "c" once and ends with the event that came of it.</summary>
    private static ScriptedHandler Parent() => new ScriptedHandler()
        .Orchestrator("Idle", _ => Answers())
        .Orchestrator("Parent", request => request switch
        {
            { PastEvents.Count: 0 } => Answers(Act.Child(0, "Child", "c", "\"in\"")),
            _ when request.NewEvents.FirstOrDefault(item => item.ExecutionTerminated is not null) is not null => Answers(Act.Complete(1, status: OrchestrationStatus.Terminated)),
            _ => Answers(Act.Complete(1, HistoryText.Of(request.NewEvents).ElementAt(1))),
        });

    /// <summary>A hub on which the parent "p" was terminated while its child "c" waits.</summary>
    private static async Task<RunningHub> ParentTerminated(HubWorld world)
    {
        var hub = await world.Start();
        await hub.Run("Parent", "p");
        await hub.Settle();
        await (await hub.Client()).TerminateInstanceAsync("p", "enough");
        await hub.Ended("p");
        return hub;
    }

    private async Task<string?> End(Func<OrchestratorRequest, InvocationResult>? child)
    {
        await using var world = new HubWorld(azurite, child is null ? Parent() : Parent().Orchestrator("Child", child));
        var hub = await world.Start();
        await hub.Run("Parent", "p");
        return (await hub.Ended("p")).SerializedOutput;
    }
}
