using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

public sealed class ContinueAsNew
{
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

    private static DurableTaskRegistry Flow<TInput>(Func<TaskOrchestrationContext, TInput, Task<string?>> code) => new DurableTaskRegistry()
        .AddOrchestrator(TestHub.Orchestrator, () => new LambdaOrchestrator<TInput, string?>(code))
        .Activity<string?, object?>("Work", _ => null);

    private static DurableTaskRegistry Once<T>(Func<TaskOrchestrationContext, Task<T>> code) =>
        new DurableTaskRegistry().Orchestrator(code).Activity<string?, object?>("Work", _ => null);
}
