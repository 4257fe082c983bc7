using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.Functions.Triggers.Durable;
using Vorel.Testing.Golden;

namespace Vorel.Functions.Tests.Golden;

/// <summary>The replay finds what would break instances in flight: each test changes the code of one path and reads what it is told.</summary>
public sealed class ChangedOrchestratorTests
{
    private const string Path = "WebhookDelivery/delivered-at-second-attempt";

    [Fact]
    public async Task Code_that_takes_the_recorded_steps_passes()
    {
        Assert.Null(await Replay(As()).AsRecorded());
        Assert.Null(await Replay(As()).InOtherBatches());
    }

    [Fact]
    public Task A_renamed_activity_is_found() =>
        Found(As(attempt: "AttemptNow"), "Turn 2 of 5 (on TaskCompleted):", "  - 1 activity 'AttemptDelivery'", "  + 1 activity 'AttemptNow'");

    [Fact]
    public Task A_step_more_is_found() =>
        Found(As(last: context => context.CallActivityAsync("Audit")), "Turn 5 of 5 (on TaskCompleted):", "  - 4 end Completed with \"done\"", "  + 4 activity 'Audit'");

    [Fact]
    public Task A_step_beside_another_is_found() =>
        Found(As(beside: context => _ = context.CallActivityAsync("Audit")), "Turn 1 of 5 (on ExecutionStarted):", "    0 activity 'LoadDelivery'", "  + 1 activity 'Audit'");

    [Fact]
    public Task A_step_less_is_found() =>
        Found(As(waits: false), "Turn 3 of 5 (on TaskCompleted):", "  - 2 timer due ", "  + 2 activity 'AttemptDelivery'");

    [Fact]
    public Task Steps_in_another_order_are_found() =>
        Found(As("AttemptDelivery", "LoadDelivery"), "Turn 1 of 5 (on ExecutionStarted):", "  - 0 activity 'LoadDelivery'", "  + 0 activity 'AttemptDelivery'");

    [Fact]
    public async Task A_changed_delay_is_found()
    {
        var due = GoldenFiles.Read(Path).Events.Single(item => item.TimerCreated is not null).TimerCreated.FireAt.ToDateTime();

        await Found(
            As(later: TimeSpan.FromTicks(1)), "Turn 3 of 5 (on TaskCompleted):", $"  - 2 timer due {due:O}", $"  + 2 timer due {due.AddTicks(1):O}");
    }

    [Fact]
    public Task Another_result_is_found() =>
        Found(As(result: "finished"), "Turn 5 of 5 (on TaskCompleted):", "  - 4 end Completed with \"done\"", "  + 4 end Completed with \"finished\"");

    [Fact]
    public Task An_earlier_end_is_found() =>
        Found(As(again: false), "Turn 4 of 5 (on TimerFired):", "  - 3 activity 'AttemptDelivery'", "  + 3 end Completed with \"done\"");

    [Fact]
    public Task A_failure_is_found() => Found(
        As(last: _ => throw new InvalidOperationException()),
        "Turn 5 of 5 (on TaskCompleted):", "  - 4 end Completed with \"done\"", "  + 4 end Failed with System.InvalidOperationException");

    [Fact]
    public Task Another_custom_status_is_found() => Found(
        As(beside: context => context.SetCustomStatus("begun")), "Turn 5 of 5 (on TaskCompleted):", "  - custom status none", "  + custom status \"begun\"");

    [Fact]
    public async Task Code_that_asks_whether_it_is_replayed_is_found_by_other_batches()
    {
        var began = false;
        Func<TaskOrchestrationContext, DeliveryInput, Task<string>> code = async (context, input) =>
        {
            began = context.IsReplaying;
            await As()(context, input);
            return began ? "done" : "other";
        };

        Assert.Null(await Replay(code).AsRecorded());
        var difference = await Replay(code).InOtherBatches();
        Assert.Contains("Turn 5 of 5 (on TaskCompleted), with turns 1 to 5 in one batch of new events:", difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestrator_that_is_gone_is_found()
    {
        var replay = new HistoryReplay(Path, GoldenFiles.Read(Path), request => Worker.Play(new DurableTaskRegistry(), request));

        Assert.Contains("No orchestrator is named 'WebhookDelivery'.", await replay.AsRecorded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_that_the_host_gave_up_is_left_out()
    {
        var history = GoldenFiles.Read(Path);
        var end = history.Events.Single(item => item.ExecutionCompleted is not null);
        (end.EventId, end.ExecutionCompleted) = (-1, new ExecutionCompletedEvent { OrchestrationStatus = OrchestrationStatus.Failed });
        var replay = new HistoryReplay(Path, history, request => Worker.Play(new DurableTaskRegistry().AddOrchestrator("WebhookDelivery", () => new Changed(As())), request));

        Assert.Equal(4, replay.Turns.Count);
        Assert.Null(await replay.AsRecorded());
    }

    /// <summary>The steps of the recorded path, with changes.</summary>
    private static Func<TaskOrchestrationContext, DeliveryInput, Task<string>> As(
        string load = "LoadDelivery",
        string attempt = "AttemptDelivery",
        Action<TaskOrchestrationContext>? beside = null,
        bool waits = true,
        TimeSpan later = default,
        bool again = true,
        Func<TaskOrchestrationContext, Task>? last = null,
        string result = "done") => async (context, input) =>
    {
        var loaded = context.CallActivityAsync<NextStep>(load, input);
        beside?.Invoke(context);
        await loaded;
        var step = await context.CallActivityAsync<NextStep>(attempt, input);
        if (waits)
        {
            await context.CreateTimer(step.At!.Value.UtcDateTime + later, CancellationToken.None);
        }

        if (again)
        {
            await context.CallActivityAsync<NextStep>(attempt, input);
        }

        await (last?.Invoke(context) ?? Task.CompletedTask);
        return result;
    };

    private static HistoryReplay Replay(Func<TaskOrchestrationContext, DeliveryInput, Task<string>> code)
    {
        var registry = new DurableTaskRegistry().AddOrchestrator("WebhookDelivery", () => new Changed(code));
        return new HistoryReplay(Path, GoldenFiles.Read(Path), request => Worker.Play(registry, request));
    }

    private static async Task Found(Func<TaskOrchestrationContext, DeliveryInput, Task<string>> code, params string[] lines)
    {
        var difference = await Replay(code).AsRecorded();

        Assert.NotNull(difference);
        Assert.StartsWith($"WebhookDelivery no longer follows its recorded path '{Path}'", difference, StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Contains("\n" + line, difference, StringComparison.Ordinal));
    }

    private sealed class Changed(Func<TaskOrchestrationContext, DeliveryInput, Task<string>> code) : TaskOrchestrator<DeliveryInput, string>
    {
        public override Task<string> RunAsync(TaskOrchestrationContext context, DeliveryInput input) => code(context, input);
    }
}
