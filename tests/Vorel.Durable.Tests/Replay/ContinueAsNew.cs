using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

public sealed class ContinueAsNew
{
    private const string LateStep = "Vorel.Durable.StepAfterContinueAsNewException";

    [Fact]
    public void The_next_execution_gets_the_new_input_and_an_empty_history()
    {
        var hub = new TestHub(Flow<int>(async (context, round) =>
        {
            await context.CallActivityAsync("Work");
            if (round < 3)
            {
                context.ContinueAsNew(round + 1);
                return "dropped";
            }

            return $"round {round}";
        }));

        Assert.Equal("\"round 3\"", hub.Start("1").RunToEnd().Result);
        Assert.Equal(3, hub.Execution);
        Assert.Equal(3, hub.Calls.Count);
        Assert.Single(hub.History, next => next.TaskScheduled is not null);
    }

    [Fact]
    public void The_answer_completes_with_the_new_input_and_no_other_step()
    {
        var hub = new TestHub(Once(context =>
        {
            context.ContinueAsNew(new Race("a", DateTime.UnixEpoch));
            return Task.FromResult(1);
        }));
        hub.Start().TurnOnly();

        var action = Assert.Single(hub.Turns[0].Actions);
        Assert.Equal(
            (OrchestrationStatus.ContinuedAsNew, "{\"Winner\":\"a\",\"At\":\"1970-01-01T00:00:00Z\"}"),
            (action.CompleteOrchestration.OrchestrationStatus, action.CompleteOrchestration.Result));
        Assert.Null(action.CompleteOrchestration.FailureDetails);
    }

    [Fact]
    public void Events_that_nobody_took_are_carried_over_in_order_whatever_their_names_and_whenever_they_came()
    {
        var hub = new TestHub(Once(async context =>
        {
            await context.WaitForExternalEvent<int>("go");
            context.ContinueAsNew(2);
            return 1;
        }));
        hub.Start();
        hub.Raise("b", "1");
        hub.Raise("a", "2");
        hub.Settle();
        hub.Raise("B", "3");
        hub.Raise("go", "4");
        hub.Raise("go", "5");
        hub.Raise("a", null);
        hub.TurnOnly();

        var carried = hub.Turns[^1].Actions[^1].CompleteOrchestration.CarryoverEvents;
        Assert.Equal(
            [("b", "1"), ("a", "2"), ("B", "3"), ("go", "5"), ("a", null)],
            carried.Select(next => (next.EventRaised.Name, (string?)next.EventRaised.Input)));
        Assert.All(carried, next => Assert.Equal(-1, next.EventId));
    }

    [Fact]
    public void Events_are_dropped_if_the_code_says_so()
    {
        var hub = new TestHub(Once(async context =>
        {
            await context.WaitForExternalEvent<int>("go");
            context.ContinueAsNew(2, preserveUnprocessedEvents: false);
            return 1;
        }));
        hub.Start();
        hub.Raise("other", "1");
        hub.Raise("go", "2");
        hub.Raise("go", "3");
        hub.TurnOnly();

        Assert.Empty(hub.Turns[^1].Actions[^1].CompleteOrchestration.CarryoverEvents);
    }

    [Fact]
    public void The_next_execution_takes_the_carried_events()
    {
        var hub = new TestHub(Flow<string>(async (context, taken) =>
        {
            taken += await context.WaitForExternalEvent<int>("go");
            if (taken.Length < 5)
            {
                context.ContinueAsNew(taken);
            }

            return taken;
        }));
        hub.Start("\"\"");
        for (var i = 0; i < 5; i++)
        {
            hub.Raise("go", $"{i}");
        }

        Assert.Equal("\"01234\"", hub.RunToEnd().Result);
        Assert.Equal(5, hub.Execution);
    }

    [Fact]
    public void A_waiter_that_lost_its_race_takes_no_event_from_the_next_execution()
    {
        var hub = new TestHub(Once(async context =>
        {
            var lost = context.WaitForExternalEvent<int>("go");
            await Task.WhenAny(lost, context.CallActivityAsync("Work"));
            context.ContinueAsNew(2);
            return 1;
        }));
        hub.Start().TurnOnly();
        hub.WorkOnly();
        hub.Raise("go", "7");
        hub.TurnOnly();

        Assert.Equal("7", Assert.Single(hub.Turns[^1].Actions[^1].CompleteOrchestration.CarryoverEvents).EventRaised.Input);
    }

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

    [Fact]
    public void A_child_of_the_next_execution_has_another_id()
    {
        var hub = new TestHub(Flow<int>(async (context, round) =>
        {
            await context.CallSubOrchestratorAsync("Part");
            if (round < 2)
            {
                context.ContinueAsNew(round + 1);
            }

            return "done";
        }).AddOrchestrator("Part", () => new LambdaOrchestrator<string?, int>((_, _) => Task.FromResult(1))));
        hub.Start("1").RunToEnd();

        Assert.Equal(2, hub.Children.Select(child => child.Id).Distinct().Count());
    }

    [Fact]
    public void Termination_wins_over_the_request()
    {
        var hub = new TestHub(Once(context =>
        {
            context.ContinueAsNew(2);
            return Task.FromResult(1);
        })).Start();
        hub.Terminate("stop");

        Assert.Equal(OrchestrationStatus.Terminated, hub.Settle().End!.OrchestrationStatus);
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
