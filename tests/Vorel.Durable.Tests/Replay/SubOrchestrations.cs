using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

public sealed class SubOrchestrations
{
    [Fact]
    public void A_child_gets_its_input_and_its_result_comes_back()
    {
        var order = new Order(Guid.Empty, 1.10m, DateTime.UnixEpoch, "\"quoted\"");
        var hub = new TestHub(Calling(context => context.CallSubOrchestratorAsync<Order>("Part", order))
            .AddOrchestrator("part", () => new LambdaOrchestrator<Order, Order>((_, input) => Task.FromResult(input with { Note = "seen" }))));

        var end = hub.Start().RunToEnd();

        Assert.Equal(
            "{\"Id\":\"00000000-0000-0000-0000-000000000000\",\"Amount\":1.10,\"At\":\"1970-01-01T00:00:00Z\",\"Note\":\"seen\"}", end.Result);
        var asked = Assert.Single(hub.Turns[0].Actions).CreateSubOrchestration;
        Assert.StartsWith("{\"Id\":", asked.Input, StringComparison.Ordinal);
    }

    [Fact]
    public void A_child_without_input_and_result_is_awaited()
    {
        var hub = new TestHub(Calling(async context =>
        {
            await context.CallSubOrchestratorAsync("Part");
            return "after";
        }).AddOrchestrator("Part", () => new LambdaOrchestrator<string?, string?>(async (context, input) =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return input;
        })));

        Assert.Equal("\"after\"", hub.Start().RunToEnd().Result);
        Assert.Equal(TimeSpan.FromMinutes(1), hub.Now - new DateTime(2026, 1, 5, 9, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public void A_childs_failure_carries_its_type_and_message_and_can_escape_as_its_own()
    {
        var hub = new TestHub(Failing(context => context.CallSubOrchestratorAsync<int>("Part")));

        var end = hub.Start().RunToEnd();

        Assert.Equal(OrchestrationStatus.Failed, end.OrchestrationStatus);
        Assert.Equal(("Vorel.Durable.DurablePayloadException", "broken"), (end.FailureDetails.ErrorType, end.FailureDetails.ErrorMessage));
        Assert.Single(hub.Children);
    }

    [Fact]
    public void A_childs_own_failure_is_not_called_infrastructure()
    {
        TaskFailedException? caught = null;
        new TestHub(Failing(async context =>
            caught = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync<int>("Part")))).Start().RunToEnd();

        Assert.NotNull(caught);
        Assert.False(caught.FailureDetails.IsInfrastructure);
        Assert.True(caught.FailureDetails.IsNonRetriable);
        Assert.Equal(("Part", 0), (caught.TaskName, caught.TaskId));
    }

    [Fact]
    public void A_failed_child_is_called_again_as_the_callers_policy_says_under_another_id()
    {
        var calls = 0;
        var retry = new TaskOptions(new RetryPolicy(3, TimeSpan.FromMinutes(1), backoffCoefficient: 2));
        var hub = new TestHub(Calling(context => context.CallSubOrchestratorAsync<int>("Part", 7, retry))
            .AddOrchestrator("Part", () => new LambdaOrchestrator<int, int>((context, input) => context.CallActivityAsync<int>("Work", input)))
            .Activity<int, int>("Work", n => ++calls == 3 ? n : throw new InvalidOperationException()));

        Assert.Equal("7", hub.Start().RunToEnd().Result);
        Assert.Equal(3, hub.Children.Select(child => child.Id).Distinct().Count());
        Assert.Equal([1.0, 2.0], Waits(hub).Select(wait => wait.TotalMinutes));
    }

    [Fact]
    public void Without_a_policy_a_failed_child_is_not_called_again()
    {
        var hub = new TestHub(Failing(context => context.CallSubOrchestratorAsync<int>("Part")));
        hub.Start().RunToEnd();

        Assert.Single(hub.Children);
        Assert.Empty(hub.TimersAsked);
    }

    [Fact]
    public void A_child_that_was_interrupted_is_called_again_under_another_id_without_any_policy()
    {
        var asked = new List<string>();
        var hub = new TestHub(Calling(context => context.CallSubOrchestratorAsync<int>("Part"))
            .AddOrchestrator("Part", () => new LambdaOrchestrator<string?, int>((_, _) => Task.FromResult(5))))
        {
            ChildFailure = child =>
            {
                asked.Add(child.InstanceId);
                return asked.Count <= 2 ? new SubOrchestrationInstanceFailedEvent() : null;
            },
        };

        Assert.Equal("5", hub.Start().RunToEnd().Result);
        Assert.Equal(3, asked.Distinct().Count());
        Assert.Equal([5.0, 10.0], Waits(hub).Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public void A_child_that_is_always_interrupted_fails_as_infrastructure_after_eight_calls()
    {
        TaskFailedException? caught = null;
        var hub = new TestHub(Calling(async context =>
        {
            caught = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync<int>(
                "Part", null, new TaskOptions(new RetryPolicy(50, TimeSpan.FromDays(1)))));
            return "told";
        }))
        {
            ChildFailure = _ => new SubOrchestrationInstanceFailedEvent(),
        };

        Assert.Equal("\"told\"", hub.Start().RunToEnd().Result);
        Assert.Equal([5.0, 10, 20, 40, 80, 160, 300], Waits(hub).Select(wait => wait.TotalSeconds));
        Assert.True(caught!.FailureDetails.IsInfrastructure);
        Assert.Equal("Vorel.Durable.SubOrchestrationInterrupted", caught.FailureDetails.ErrorType);
    }

    [Fact]
    public void Interruptions_do_not_count_against_the_callers_policy()
    {
        var (asked, calls) = (0, 0);
        var retry = new TaskOptions(new RetryPolicy(2, TimeSpan.FromMinutes(1)));
        var hub = new TestHub(Calling(context => context.CallSubOrchestratorAsync<int>("Part", 7, retry))
            .AddOrchestrator("Part", () => new LambdaOrchestrator<int, int>((context, input) => context.CallActivityAsync<int>("Work", input)))
            .Activity<int, int>("Work", n => ++calls == 2 ? n : throw new InvalidOperationException()))
        {
            ChildFailure = _ => ++asked % 2 == 1 ? new SubOrchestrationInstanceFailedEvent() : null,
        };

        Assert.Equal("7", hub.Start().RunToEnd().Result);
        Assert.Equal([5.0, 60, 10], Waits(hub).Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public void The_time_that_interruptions_take_does_not_count_against_the_callers_policy()
    {
        var asked = 0;
        var retry = new TaskOptions(new RetryPolicy(100, TimeSpan.FromSeconds(10), retryTimeout: TimeSpan.FromSeconds(20)));
        var hub = new TestHub(Failing(context => context.CallSubOrchestratorAsync<int>("Part", null, retry), retriable: true))
        {
            ChildFailure = _ => ++asked is 1 or 2 or 4 ? new SubOrchestrationInstanceFailedEvent() : null,
        };

        Assert.Equal(OrchestrationStatus.Failed, hub.Start().RunToEnd().OrchestrationStatus);
        Assert.Equal([5.0, 10, 10, 20, 10], Waits(hub).Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public void A_parent_that_is_started_again_gets_other_children()
    {
        var hub = new TestHub(Calling(context => context.CallSubOrchestratorAsync<int>("Part"))
            .AddOrchestrator("Part", () => new LambdaOrchestrator<string?, int>((_, _) => Task.FromResult(5))));
        hub.Start().RunToEnd();
        hub.Restart().RunToEnd();

        Assert.Equal(2, hub.Children.Select(child => child.Id).Distinct().Count());
        Assert.All(hub.Children, child => Assert.True(Guid.TryParseExact(child.Id, "N", out _)));
    }

    [Fact]
    public void Only_an_event_of_its_own_kind_ends_a_step()
    {
        var hub = new TestHub(Calling(context => context.CallSubOrchestratorAsync<int>("Part"))
            .AddOrchestrator("Part", () => new LambdaOrchestrator<string?, int>((_, _) => Task.FromResult(5)))).Start().TurnOnly();
        hub.Put(new HistoryEvent { TimerFired = new() { TimerId = 0 } });
        hub.Put(new HistoryEvent { TaskCompleted = new() { TaskScheduledId = 0, Result = "7" } });
        hub.TurnOnly();

        Assert.Null(hub.End);
        Assert.Equal("5", hub.RunToEnd().Result);
    }

    [Fact]
    public void A_terminated_child_is_not_called_again()
    {
        TaskFailedException? caught = null;
        var hub = new TestHub(Calling(async context =>
        {
            caught = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync<int>("Part"));
            return "told";
        }).AddOrchestrator("Part", () => new LambdaOrchestrator<string?, int>((context, _) => context.WaitForExternalEvent<int>("never"))))
        {
            Starting = child => child.Terminate("enough"),
        };

        Assert.Equal("\"told\"", hub.Start().RunToEnd().Result);
        var child = Assert.Single(hub.Children);
        Assert.Equal((OrchestrationStatus.Terminated, "enough"), (child.End!.OrchestrationStatus, child.End.Result));
        Assert.Equal("Vorel.Durable.OrchestrationTerminated", caught!.FailureDetails.ErrorType);
        Assert.Equal("The orchestration was terminated: enough", caught.FailureDetails.ErrorMessage);
        Assert.True(caught.FailureDetails.IsNonRetriable);
    }

    [Fact]
    public void A_child_of_another_name_is_a_violation()
    {
        var hub = new TestHub(Calling(context => context.CallSubOrchestratorAsync<int>("Part")));
        hub.Start().TurnOnly();
        hub.Registry = Calling(context => context.CallSubOrchestratorAsync<int>("Whole"));
        hub.Raise("any", null);

        var end = hub.TurnOnly().End!;

        Assert.Equal("Vorel.Durable.NonDeterministicOrchestrationException", end.FailureDetails.ErrorType);
        Assert.Equal("Step 0 is sub-orchestration 'Part' in the history, but sub-orchestration 'Whole' in the code.", end.FailureDetails.ErrorMessage);
    }

    [Fact]
    public void An_event_is_sent_to_another_instance_without_an_execution_and_is_a_step()
    {
        var hub = new TestHub(Calling(async context =>
        {
            context.SendEvent("other:1", "go", 7);
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return "sent";
        }));

        Assert.Equal("\"sent\"", hub.Start().RunToEnd().Result);
        var sent = Assert.Single(hub.Sent);
        Assert.Equal(("other:1", null, "go", "7"), (sent.Instance.InstanceId, sent.Instance.ExecutionId, sent.Name, sent.Data));
    }

    [Fact]
    public void A_sent_event_that_the_code_does_not_send_any_more_is_a_violation()
    {
        var hub = new TestHub(Calling(async context =>
        {
            context.SendEvent("other:1", "go");
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return "sent";
        })).Start().Settle();
        hub.Registry = Calling(async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return "sent";
        });

        Assert.Equal(
            "Step 0 is sending event 'go' in the history, but a timer in the code.", hub.RunToEnd().FailureDetails.ErrorMessage);
    }

    private static IEnumerable<TimeSpan> Waits(TestHub hub) => hub.History
        .Where(next => next.TimerCreated is not null)
        .Select(next => next.TimerCreated.FireAt.ToDateTime() - next.Timestamp.ToDateTime());

    private static DurableTaskRegistry Calling<T>(Func<TaskOrchestrationContext, Task<T>> code) =>
        new DurableTaskRegistry().Orchestrator(code);

    private static DurableTaskRegistry Failing<T>(Func<TaskOrchestrationContext, Task<T>> code, bool retriable = false) => Calling(code)
        .AddOrchestrator("Part", () => new LambdaOrchestrator<string?, int>((_, _) =>
            throw (retriable ? new InvalidOperationException() : new DurablePayloadException("broken"))));
}
