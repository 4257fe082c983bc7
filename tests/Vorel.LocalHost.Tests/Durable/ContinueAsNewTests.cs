using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable;

[Collection(nameof(HubCollection))]
[Trait("Area", "host")]
public sealed class ContinueAsNewTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_next_execution_begins_with_the_new_input_and_an_empty_history()
    {
        var handler = new ScriptedHandler().Orchestrator("Loop", request => Input(request) == "1"
            ? Answers(Act.Again(0, "2"))
            : Answers(Act.Complete(0, "\"done\"")));
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Loop", "a", 1);

        var end = await hub.Ended("a");
        await hub.Settle();

        Assert.Equal((OrchestrationRuntimeStatus.Completed, "\"done\"", "2"), (end.RuntimeStatus, end.SerializedOutput, end.SerializedInput));
        var (first, second) = (handler.Turns.First(), handler.Turns.Last());
        Assert.Equal(2, handler.Turns.Count);
        Assert.Empty(second.PastEvents);
        Assert.Equal(["OrchestratorStarted -1", "ExecutionStarted -1 Loop 2"], HistoryText.Of(second.NewEvents));
        Assert.NotEqual(Execution(first), Execution(second));
        Assert.All(await world.Rows(), row => Assert.DoesNotContain(Execution(first), row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Carried_events_come_first_then_what_arrived_meanwhile_and_nothing_but_raised_events_is_carried()
    {
        var reached = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var handler = new ScriptedHandler().Orchestrator("Loop", async request =>
        {
            if (Input(request) == "2")
            {
                return Answers();
            }

            reached.TrySetResult();
            await gate.Task;
            var timer = new HistoryEvent { EventId = -1, TimerFired = new TimerFiredEvent { TimerId = 3 } };
            return Answers(Act.Again(0, "2", Raised("carried", "1"), timer, Raised("carried", "2")));
        });
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Loop", "a", 1);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await (await hub.Client()).RaiseEventAsync("a", "late", "3");
        gate.SetResult();
        await hub.Settle();

        Assert.Equal(
            ["OrchestratorStarted -1", "ExecutionStarted -1 Loop 2", "EventRaised -1 carried \"1\"", "EventRaised -1 carried \"2\"", "EventRaised -1 late \"3\""],
            HistoryText.Of(handler.Turns.Last().NewEvents));
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await hub.Status("a")).RuntimeStatus);
    }

    [Fact]
    public async Task A_result_that_comes_while_the_instance_continues_as_new_reaches_nobody()
    {
        var result = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var handler = new ScriptedHandler()
            .Orchestrator("Loop", async request =>
            {
                if (Input(request) == "2" || request.PastEvents.Count == 0)
                {
                    return Input(request) == "2" ? Answers() : Answers(Act.Call(0, "Slow"));
                }

                reached.TrySetResult();
                await gate.Task;
                return Answers(Act.Again(1, "2"));
            })
            .Activity("Slow", async _ =>
            {
                await result.Task;
                return Returns("late");
            });
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Loop", "a", 1);
        await Eventually.True(() => handler.Activities.Count == 1, "the activity runs");
        await (await hub.Client()).RaiseEventAsync("a", "go");
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10));
        result.SetResult();
        await Eventually.True(async () => !(await world.Rows()).Any(row => row.Contains(" task|", StringComparison.Ordinal)), "the result is in the inbox");
        gate.SetResult();
        await hub.Settle();

        Assert.Equal(["OrchestratorStarted -1", "ExecutionStarted -1 Loop 2"], HistoryText.Of(handler.Turns.Last().NewEvents));
        Assert.DoesNotContain(await world.Rows(), row => row.Contains(" inbox|", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3, KillSide.Before)]
    [InlineData(3, KillSide.After)]
    [InlineData(4, KillSide.Before)]
    [InlineData(4, KillSide.After)]
    public async Task A_next_execution_that_was_never_committed_leaves_nothing(int write, KillSide side)
    {
        await using var world = new HubWorld(azurite, Carrying(250));
        var first = await world.Start(write, side);
        await first.Run("Loop", "a", 1);
        await first.Killed.WaitAsync(TimeSpan.FromSeconds(10));

        // The turn is played again, and this time carries less.
        var next = Carrying(3);
        var second = await world.Start(next);
        await second.Settle();

        Assert.Equal(["\"0\"", "\"1\"", "\"2\""], Seen(next).Select(item => item.EventRaised.Input));
    }

    [Fact]
    public async Task Open_activities_run_out_unheard_and_open_timers_are_dropped()
    {
        var slow = new TaskCompletionSource();
        var handler = new ScriptedHandler()
            .Orchestrator("Loop", request => Input(request) switch
            {
                "1" when request.PastEvents.Count == 0 => Answers(Act.Call(0, "Slow"), Act.Timer(1, DateTimeOffset.UtcNow.AddHours(1))),
                "1" => Answers(Act.Call(2, "Quick"), Act.Again(3, "2")),
                _ => Answers(),
            })
            .Activity("Slow", async _ =>
            {
                await slow.Task;
                return Returns("late");
            })
            .Activity("Quick", _ => Returns("late too"));
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Loop", "a", 1);
        await Eventually.True(() => handler.Activities.Count == 1, "the slow activity runs");
        await (await hub.Client()).RaiseEventAsync("a", "go");
        await Eventually.True(() => handler.Activities.Count == 2, "the activity of the turn that continued as new runs");
        slow.SetResult();
        await hub.Settle();

        Assert.False(await hub.JumpToNextTimer());
        Assert.Equal(["OrchestratorStarted -1", "ExecutionStarted -1 Loop 2"], HistoryText.Of(handler.Turns.Last().NewEvents));
        Assert.DoesNotContain(await world.Rows(), row => row.Contains(" task|", StringComparison.Ordinal) || row.Contains(" timer|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_old_execution_left_to_do_survives_a_crash()
    {
        var handler = new ScriptedHandler()
            .Orchestrator("Loop", request => Input(request) == "1" ? Answers(Act.Call(0, "Work"), Act.Again(1, "2")) : Answers())
            .Activity("Work", _ => Hang);
        await using var world = new HubWorld(azurite, handler);
        var first = await world.Start();
        await first.Run("Loop", "a", 1);
        await Eventually.True(() => handler.Activities.Count == 1 && handler.Turns.Count == 2, "the second execution waits");
        first.Kill();

        var next = new ScriptedHandler().Orchestrator("Loop", _ => Answers()).Activity("Work", _ => Returns("done"));
        var second = await world.Start(next);
        await second.Settle();

        Assert.Single(next.Activities);
        Assert.DoesNotContain(await world.Rows(), row => row.Contains(" task|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_termination_that_came_too_late_for_one_execution_ends_the_next()
    {
        var reached = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var handler = new ScriptedHandler().Orchestrator("Loop", async request =>
        {
            if (request.NewEvents.FirstOrDefault(item => item.ExecutionTerminated is not null) is { } asked)
            {
                return Answers(Act.Complete(0, asked.ExecutionTerminated.Input, OrchestrationStatus.Terminated));
            }

            reached.TrySetResult();
            await gate.Task;
            return Answers(Act.Again(0, "2"));
        });
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Loop", "a", 1);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await (await hub.Client()).TerminateInstanceAsync("a", "enough");
        gate.SetResult();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await hub.Ended("a")).RuntimeStatus);
    }

    [Fact]
    public async Task More_events_than_a_transaction_takes_are_carried_over()
    {
        const int Events = 250;
        var handler = Carrying(Events);
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Loop", "a", 1);
        await hub.Settle();

        Assert.Equal(Enumerable.Range(0, Events).Select(number => $"\"{number}\""), Seen(handler).Select(item => item.EventRaised.Input));
    }

    private static ScriptedHandler Carrying(int events) => new ScriptedHandler().Orchestrator("Loop", request => Input(request) == "1"
        ? Answers(Act.Again(0, "2", Enumerable.Range(0, events).Select(number => Raised("carried", $"{number}"))))
        : Answers());

    /// <summary>The events that the last turn knew of.</summary>
    private static IEnumerable<HistoryEvent> Seen(ScriptedHandler handler) =>
        handler.Turns.Last().PastEvents.Concat(handler.Turns.Last().NewEvents).Where(item => item.EventRaised is not null);

    private static string? Input(OrchestratorRequest request) =>
        request.PastEvents.Concat(request.NewEvents).First(item => item.ExecutionStarted is not null).ExecutionStarted.Input;

    private static string Execution(OrchestratorRequest request) =>
        request.NewEvents.First(item => item.ExecutionStarted is not null).ExecutionStarted.OrchestrationInstance.ExecutionId!;

    private static HistoryEvent Raised(string name, string value) =>
        new() { EventId = -1, EventRaised = new EventRaisedEvent { Name = name, Input = $"\"{value}\"" } };
}
