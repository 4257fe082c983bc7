using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

/// <summary>What code may still do, and what becomes of what it left open, once it has asked to continue as new.</summary>
public sealed class AfterContinueAsNew
{
    private const string LateStep = "Vorel.Durable.StepAfterContinueAsNewException";

    [Fact]
    public void An_exception_after_the_request_wins()
    {
        var hub = new TestHub(Once<int>(context =>
        {
            context.ContinueAsNew(2);
            throw new DurablePayloadException("after all");
        }));

        var end = hub.Start().RunToEnd();

        Assert.Equal((OrchestrationStatus.Failed, "after all"), (end.OrchestrationStatus, end.FailureDetails.ErrorMessage));
        Assert.Equal(1, hub.Execution);
    }

    [Theory]
    [InlineData("activity")]
    [InlineData("child")]
    [InlineData("timer")]
    [InlineData("event")]
    [InlineData("send")]
    [InlineData("again")]
    public void A_step_after_the_request_fails_the_instance_even_if_nobody_looks(string kind)
    {
        var hub = new TestHub(Once(context =>
        {
            context.ContinueAsNew(2);
            try
            {
                _ = kind switch
                {
                    "activity" => context.CallActivityAsync("Work"),
                    "child" => context.CallSubOrchestratorAsync("Flow"),
                    "timer" => context.CreateTimer(TimeSpan.Zero, CancellationToken.None),
                    "event" => context.WaitForExternalEvent<int>("go"),
                    "send" => Done(() => context.SendEvent("other", "go")),
                    _ => Done(() => context.ContinueAsNew(3)),
                };
            }
            catch (StepAfterContinueAsNewException)
            {
                // Swallowed on purpose.
            }

            return Task.FromResult(1);
        }));

        var end = hub.Start().RunToEnd();

        Assert.Equal((OrchestrationStatus.Failed, LateStep), (end.OrchestrationStatus, end.FailureDetails.ErrorType));
        Assert.Single(hub.Turns[^1].Actions);
        Assert.True(end.FailureDetails.IsNonRetriable);
    }

    [Fact]
    public void Time_ids_status_and_what_began_before_may_be_used_after_the_request()
    {
        var hub = new TestHub(Flow<string?>(async (context, input) =>
        {
            if (input is not null)
            {
                return input;
            }

            var work = context.CallActivityAsync<int>("Flaky", 1, new TaskOptions(new RetryPolicy(2, TimeSpan.FromDays(9))));
            context.ContinueAsNew($"{context.NewGuid() != Guid.Empty}");
            context.SetCustomStatus("leaving");
            await work;
            return "dropped";
        }));
        var calls = 0;
        hub.Registry.Activity<int, int>("Flaky", n => ++calls == 2 ? n : throw new InvalidOperationException());

        Assert.Equal("\"True\"", hub.Start().RunToEnd().Result);
        Assert.Equal(2, calls);
        Assert.Contains(hub.Turns, turn => turn.CustomStatus == "\"leaving\"");
    }

    [Fact]
    public void Waiting_on_after_the_request_for_an_event_that_goes_to_the_next_execution_is_a_clear_failure()
    {
        var hub = new TestHub(Once(async context =>
        {
            var waiting = context.WaitForExternalEvent<int>("go");
            context.ContinueAsNew(2);
            return await waiting;
        }));

        var failure = hub.Start().RunToEnd().FailureDetails;

        Assert.Equal(LateStep, failure.ErrorType);
        Assert.Contains("waits for an event after ContinueAsNew", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_timers_are_dropped_and_open_work_runs_on_unheard()
    {
        var hub = new TestHub(Once(context =>
        {
            _ = context.CallActivityAsync("Work");
            _ = context.CallSubOrchestratorAsync("Flow");
            _ = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            context.ContinueAsNew(2);
            return Task.FromResult(1);
        }));
        hub.Start().TurnOnly();

        Assert.Equal(
            ["ScheduleTask", "CreateSubOrchestration", "CompleteOrchestration"],
            hub.Turns[0].Actions.Select(action => action.OrchestratorActionTypeCase.ToString()));
    }

    [Fact]
    public void What_the_code_left_running_takes_no_step_once_it_has_returned()
    {
        var ended = new List<string>();
        var hub = new TestHub(Once(async context =>
        {
            _ = Straggler();
            await context.WaitForExternalEvent<int>("go");
            context.ContinueAsNew(2);
            return 1;

            async Task Straggler()
            {
                await context.CallActivityAsync("Work");
                ended.Add("straggler");
                await context.CallActivityAsync("Work");
            }
        }));
        hub.Start().TurnOnly();
        hub.Raise("go", "1");
        hub.WorkOnly();
        hub.TurnOnly();

        Assert.Equal(OrchestrationStatus.ContinuedAsNew, Assert.Single(hub.Turns[^1].Actions).CompleteOrchestration.OrchestrationStatus);
        Assert.Empty(ended);
    }

    [Fact]
    public void What_the_code_left_running_cannot_continue_it_as_new_even_if_the_same_event_moves_both()
    {
        var hub = new TestHub(Once(async context =>
        {
            var shared = context.CallActivityAsync("Work");
            _ = Straggler();
            await shared;
            return 1;

            async Task Straggler()
            {
                await context.WaitForExternalEvent<int>("go");
                await shared;
                context.ContinueAsNew(2);
            }
        }));
        hub.Start();
        hub.Raise("go", "1");

        Assert.Equal("1", hub.RunToEnd().Result);
        Assert.Equal(1, hub.Execution);
    }

    private static Task Done(Action step)
    {
        step();
        return Task.CompletedTask;
    }

    private static DurableTaskRegistry Flow<TInput>(Func<TaskOrchestrationContext, TInput, Task<string?>> code) => new DurableTaskRegistry()
        .AddOrchestrator(TestHub.Orchestrator, () => new LambdaOrchestrator<TInput, string?>(code))
        .Activity<string?, object?>("Work", _ => null);

    private static DurableTaskRegistry Once<T>(Func<TaskOrchestrationContext, Task<T>> code) =>
        new DurableTaskRegistry().Orchestrator(code).Activity<string?, object?>("Work", _ => null);
}
