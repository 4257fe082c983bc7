using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Referee;

/// <summary>What an orchestration does by itself, on an engine that is not ours.</summary>
[Trait("Area", "host")]
public sealed class StepsOnAForeignEngine
{
    private const string Flow = TestHub.Orchestrator;
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Activities_run_in_turn_and_at_once_and_their_payloads_survive_being_printed_anew()
    {
        var order = new Order(Guid.Parse("01a1fdd2-9255-7000-8000-000000000001"), 1.10m, new DateTime(2026, 1, 5, 9, 0, 0, DateTimeKind.Utc), "\"é");
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var first = await context.CallActivityAsync<Order>("Echo", order);
                var rest = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.CallActivityAsync<Order>("Echo", first with { Amount = i + 0.50m })));
                return rest.Select(next => $"{next.Amount} {next.Note} {first == order}").ToList();
            })
            .Activity<Order, Order>("Echo", input => input));

        var end = await engine.Run(Flow, "COMPLETED");

        Assert.Equal("""["0.50 \u0022\u00E9 True","1.50 \u0022\u00E9 True","2.50 \u0022\u00E9 True","3.50 \u0022\u00E9 True","4.50 \u0022\u00E9 True"]""", end.Output);
        Assert.Equal([0, 1, 2, 3, 4, 5], end.Of("TASKSCHEDULED").Select(next => next.Number));
    }

    [Fact]
    public async Task A_failing_activity_is_tried_again_by_timers_and_then_succeeds()
    {
        var calls = 0;
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(context => context.CallActivityAsync<int>("Flaky", 7, new TaskOptions(new RetryPolicy(3, s_moment, backoffCoefficient: 2))))
            .Activity<int, int>("Flaky", n => ++calls == 3 ? n : throw new InvalidOperationException()));

        var end = await engine.Run(Flow, "COMPLETED");

        Assert.Equal("7", end.Output);
        Assert.Equal(3, calls);
        Assert.Equal([0, 2, 4], end.Of("TASKSCHEDULED").Select(next => next.Number));
        Assert.Equal([1, 3], end.Of("TIMERCREATED").Select(next => next.Number));
    }

    [Fact]
    public async Task A_failure_that_escapes_fails_the_instance_with_type_and_message()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(context => context.CallActivityAsync<int>("Break", 7))
            .Activity<int, int>("Break", _ => throw new DurablePayloadException("broken")));

        var end = await engine.Run(Flow, "FAILED");

        Assert.Equal(("Vorel.Durable.DurablePayloadException", "broken"), (end.FailureType, end.FailureMessage));
        Assert.Equal("Vorel.Durable.DurablePayloadException: broken", end.Output);
    }

    [Fact]
    public async Task An_activity_call_that_does_not_come_back_is_infrastructure()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var lost = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync<int>("Lost", 7));
                return $"{lost.FailureDetails.IsInfrastructure} {lost.FailureDetails.ErrorMessage}";
            }));
        engine.DropsActivities = true;

        Assert.Equal("\"True The call was dropped.\"", (await engine.Run(Flow, "COMPLETED")).Output);
    }

    [Fact]
    public async Task Ends_that_are_told_twice_count_once()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var first = await context.CallActivityAsync<int>("Count");
                await context.CreateTimer(s_moment, CancellationToken.None);
                return first + await context.CallActivityAsync<int>("Count") + await context.CallSubOrchestratorAsync<int>("Part");
            })
            .AddOrchestrator("Part", () => new LambdaOrchestrator<string?, int>((_, _) => Task.FromResult(4)))
            .Activity<string?, int>("Count", _ => 1));
        await engine.DoubleEnds();

        var end = await engine.Run(Flow, "COMPLETED");

        Assert.Equal("6", end.Output);
        Assert.Equal([0, 2], end.Of("TASKSCHEDULED").Select(next => next.Number));
        Assert.Equal(
            (4, 2, 2),
            (end.Of("TASKCOMPLETED").Count, end.Of("TIMERFIRED").Count, end.Of("SUBORCHESTRATIONINSTANCECOMPLETED").Count));
    }

    [Fact]
    public async Task A_long_timer_is_split_and_a_short_one_fires()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry().Orchestrator(async context =>
        {
            await context.CreateTimer(s_moment, CancellationToken.None);
            await context.CreateTimer(TimeSpan.FromDays(10), CancellationToken.None);
            return 1;
        }));
        await engine.StartInstance(Flow, "one");
        var waiting = await engine.UntilHistory("one", history => history.Count(next => next.Kind == "TIMERCREATED") == 2);

        var turn = waiting.Of("ORCHESTRATORSTARTED")[^1].At!.Value;
        Assert.Equal(TimeSpan.FromDays(3), waiting.Of("TIMERCREATED")[^1].FireAt!.Value - turn);
        Assert.Single(waiting.Of("TIMERFIRED"));
    }

    [Fact]
    public async Task Events_are_taken_in_order_whatever_their_case_and_a_race_is_won_by_the_timer_or_the_event()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry().Orchestrator(async context =>
        {
            var taken = new List<string>();
            await Assert.ThrowsAsync<TaskCanceledException>(() => context.WaitForExternalEvent<string>("go", s_moment));
            context.SetCustomStatus("ready");
            for (var i = 0; i < 4; i++)
            {
                taken.Add(await context.WaitForExternalEvent<string>("go", TimeSpan.FromMinutes(1)));
            }

            return taken;
        }));
        await engine.StartInstance(Flow, "one");
        await engine.Until("one", customStatus: "\"ready\"");
        foreach (var letter in "abcd")
        {
            await engine.Raise("one", letter == 'c' ? "GO" : "go", $"\"{letter}\"");
        }

        Assert.Equal("""["a","b","c","d"]""", (await engine.Until("one", "COMPLETED")).Output);
    }

    [Fact]
    public async Task The_custom_status_is_shown_while_the_instance_runs_and_after()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry().Orchestrator(async context =>
        {
            context.SetCustomStatus(new Race("nobody", DateTime.UnixEpoch));
            await context.WaitForExternalEvent<int>("go");
            await context.CreateTimer(s_moment, CancellationToken.None);
            return 1;
        }));
        const string status = "{\"Winner\":\"nobody\",\"At\":\"1970-01-01T00:00:00Z\"}";
        await engine.StartInstance(Flow, "one");
        await engine.Until("one", customStatus: status);
        await engine.Raise("one", "go", "1");

        Assert.Equal(status, (await engine.Until("one", "COMPLETED")).CustomStatus);
    }

    [Fact]
    public async Task Code_that_does_not_fit_the_engines_history_fails_the_instance()
    {
        var second = "Send";
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                await context.CallActivityAsync("Load");
                context.SetCustomStatus("loaded");
                await context.CallActivityAsync(second);
                await context.WaitForExternalEvent<int>("go");
                return 1;
            })
            .Activity<string?, object?>("Load", _ => null)
            .Activity<string?, object?>("Send", _ => null));
        await engine.StartInstance(Flow, "one");
        await engine.UntilHistory("one", history => history.Count(next => next.Kind == "TASKCOMPLETED") == 2);
        second = "Charge";
        await engine.Raise("one", "go", "1");

        var end = await engine.Until("one", "FAILED");

        Assert.Equal("Vorel.Durable.NonDeterministicOrchestrationException", end.FailureType);
        Assert.Equal("Step 1 is activity 'Send' in the history, but activity 'Charge' in the code.", end.FailureMessage);
    }
}
