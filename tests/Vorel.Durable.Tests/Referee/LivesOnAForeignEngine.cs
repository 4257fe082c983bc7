using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Referee;

/// <summary>What happens between instances and over their lives, on an engine that is not ours.</summary>
[Trait("Area", "host")]
public sealed class LivesOnAForeignEngine
{
    private const string Flow = TestHub.Orchestrator;
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Sub_orchestrations_run_in_turn_and_at_once_each_under_an_id_of_its_own()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var first = await context.CallSubOrchestratorAsync<int>("Square", 2);
                var rest = await Task.WhenAll(Enumerable.Range(first, 3).Select(n => context.CallSubOrchestratorAsync<int>("Square", n)));
                return string.Join(' ', rest);
            })
            .AddOrchestrator("Square", () => new LambdaOrchestrator<int, int>((context, n) => context.CallActivityAsync<int>("Multiply", n)))
            .Activity<int, int>("Multiply", n => n * n));

        var end = await engine.Run(Flow, "COMPLETED");

        Assert.Equal("\"16 25 36\"", end.Output);
        var children = end.Of("SUBORCHESTRATIONINSTANCECREATED").Select(next => next.Child!).ToList();
        Assert.Equal(4, children.Distinct().Count());
        Assert.Equal("4", (await engine.State(children[0])).Output);
    }

    [Fact]
    public async Task A_failed_sub_orchestration_tells_its_message_and_a_policy_calls_it_again()
    {
        var calls = 0;
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var told = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync<int>("Break"));
                var retry = new TaskOptions(new RetryPolicy(3, s_moment));
                return $"{told.FailureDetails.ErrorMessage} {told.FailureDetails.IsInfrastructure} {await context.CallSubOrchestratorAsync<int>("Flaky", null, retry)}";
            })
            .AddOrchestrator("Break", () => new LambdaOrchestrator<string?, int>((_, _) => throw new DurablePayloadException("broken")))
            .AddOrchestrator("Flaky", () => new LambdaOrchestrator<string?, int>((context, _) => context.CallActivityAsync<int>("Work")))
            .Activity<string?, int>("Work", _ => ++calls == 3 ? 7 : throw new InvalidOperationException()));

        var end = await engine.Run(Flow, "COMPLETED");

        Assert.Equal("\"broken False 7\"", end.Output);
        Assert.Equal(4, end.Of("SUBORCHESTRATIONINSTANCECREATED").Select(next => next.Child).Distinct().Count());
    }

    [Fact]
    public async Task An_interrupted_sub_orchestration_is_called_again_under_another_id_after_five_seconds()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(context => context.CallSubOrchestratorAsync<int>("Part", 7))
            .AddOrchestrator("Part", () => new LambdaOrchestrator<int, int>((_, n) => Task.FromResult(n))));
        await engine.LetTimeFly();
        await engine.Lose("Part");

        var end = await engine.Run(Flow, "COMPLETED");

        Assert.Equal("7", end.Output);
        var children = end.Of("SUBORCHESTRATIONINSTANCECREATED").Select(next => next.Child!).ToList();
        Assert.Equal(2, children.Distinct().Count());
        Assert.Equal("FAILED", (await engine.State(children[0])).Status);
        var told = end.Of("ORCHESTRATORSTARTED")[1].At!.Value;
        Assert.Equal(TimeSpan.FromSeconds(5), Assert.Single(end.Of("TIMERCREATED")).FireAt!.Value - told);
    }

    [Fact]
    public async Task A_terminated_sub_orchestration_tells_its_parent_so()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(async context =>
                (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync<int>("Wait"))).FailureDetails.ErrorMessage)
            .AddOrchestrator("Wait", () => new LambdaOrchestrator<string?, int>((context, _) => context.WaitForExternalEvent<int>("never"))));
        await engine.StartInstance(Flow, "one");
        var waiting = await engine.UntilHistory("one", history => history.Any(next => next.Child is not null));
        var child = Assert.Single(waiting.History, next => next.Child is not null).Child!;
        await engine.Terminate(child, "enough");

        Assert.Equal("\"The orchestration was terminated: enough\"", (await engine.Until("one", "COMPLETED")).Output);
        var ended = await engine.State(child);
        Assert.Equal(("TERMINATED", "enough"), (ended.Status, ended.Output));
    }

    [Fact]
    public async Task Continue_as_new_loses_and_doubles_no_event_however_they_come()
    {
        const int Events = 60;
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry().AddOrchestrator(Flow, () =>
            new LambdaOrchestrator<List<string>, List<string>>(async (context, taken) =>
            {
                for (var i = 0; i < 3; i++)
                {
                    taken.Add(await context.WaitForExternalEvent<string>("go"));
                }

                if (taken.Count < Events)
                {
                    context.ContinueAsNew(taken);
                }

                return taken;
            })));
        var first = await engine.StartInstance(Flow, "one", "[]");
        for (var i = 0; i < Events; i++)
        {
            // Not awaited one by one: some come while a turn is under way.
            var raised = engine.Raise("one", "go", $"\"{i}\"");
            if (i % 7 == 0)
            {
                await raised;
            }
        }

        var end = await engine.Until("one", "COMPLETED");

        Assert.Equal($"[{string.Join(',', Enumerable.Range(0, Events).Select(i => $"\"{i}\""))}]", end.Output);
        Assert.NotEqual(first.Execution, end.Execution);
        Assert.Equal(3, end.Of("EVENTRAISED").Count);
    }

    [Fact]
    public async Task The_next_execution_begins_with_the_new_input_and_the_events_that_nobody_took()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry().AddOrchestrator(Flow, () =>
            new LambdaOrchestrator<int, string>(async (context, round) =>
            {
                if (round == 0)
                {
                    context.SetCustomStatus("first");
                    await context.WaitForExternalEvent<int>("go");
                    context.ContinueAsNew(1);
                    return "dropped";
                }

                return $"{round} {await context.WaitForExternalEvent<string>("b")} {await context.WaitForExternalEvent<string>("a")}";
            })));
        await engine.StartInstance(Flow, "one", "0");
        await engine.Until("one", customStatus: "\"first\"");
        await engine.Raise("one", "a", "\"x\"");
        await engine.Raise("one", "b", "\"y\"");
        await engine.Raise("one", "go", "1");

        var end = await engine.Until("one", "COMPLETED");

        Assert.Equal("\"1 y x\"", end.Output);
        Assert.Equal(["a", "b"], end.Of("EVENTRAISED").Select(next => next.Name));
    }

    [Fact]
    public async Task An_exception_after_continue_as_new_fails_the_instance()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry().Orchestrator<int>(context =>
        {
            context.ContinueAsNew("again");
            throw new DurablePayloadException("after all");
        }));

        var end = await engine.Run(Flow, "FAILED");

        Assert.Equal(("Vorel.Durable.DurablePayloadException", "after all"), (end.FailureType, end.FailureMessage));
    }

    [Fact]
    public async Task A_suspended_instance_stands_still_keeps_its_status_and_goes_on_where_it_was()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                context.SetCustomStatus("waiting");
                var taken = new List<string>();
                for (var i = 0; i < 3; i++)
                {
                    taken.Add(await context.WaitForExternalEvent<string>("go"));
                    await context.CallActivityAsync("Work");
                }

                return taken;
            })
            .Activity<string?, object?>("Work", _ => null));
        await engine.StartInstance(Flow, "one");
        await engine.Until("one", customStatus: "\"waiting\"");
        await engine.Suspend("one");
        await engine.Raise("one", "go", "\"a\"");
        var held = await engine.UntilHistory("one", history => history.Any(next => next.Kind == "EVENTRAISED"));
        Assert.Equal(("SUSPENDED", "\"waiting\""), (held.Status, held.CustomStatus));
        Assert.Empty(held.Of("TASKSCHEDULED"));

        await engine.Resume("one");
        await engine.Suspend("one");
        await engine.Raise("one", "go", "\"b\"");
        await engine.Resume("one");
        await engine.Raise("one", "go", "\"c\"");

        var end = await engine.Until("one", "COMPLETED");
        Assert.Equal("""["a","b","c"]""", end.Output);
        Assert.Equal(2, end.Of("EXECUTIONSUSPENDED").Count);
        Assert.Equal(2, end.Of("EXECUTIONRESUMED").Count);
        Assert.Equal(3, end.Of("TASKSCHEDULED").Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Termination_ends_a_running_and_a_suspended_instance(bool suspended)
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry().Orchestrator(async context =>
        {
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<int>("never");
        }));
        await engine.StartInstance(Flow, "one");
        await engine.Until("one", customStatus: "\"waiting\"");
        if (suspended)
        {
            await engine.Suspend("one");
            await engine.UntilHistory("one", history => history.Any(next => next.Kind == "EXECUTIONSUSPENDED"));
        }

        await engine.Terminate("one", "not JSON");

        var end = await engine.Until("one", "TERMINATED");
        Assert.Equal(("not JSON", null), (end.Output, end.FailureType));
    }

    [Fact]
    public async Task One_instance_sends_another_an_event()
    {
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry()
            .Orchestrator(context => context.WaitForExternalEvent<string>("go"))
            .AddOrchestrator("Sender", () => new LambdaOrchestrator<string, string>((context, receiver) =>
            {
                context.SendEvent(receiver, "go", "hello");
                return Task.FromResult("sent");
            })));
        await engine.StartInstance(Flow, "one");
        await engine.StartInstance("Sender", "two", "\"one\"");

        Assert.Equal("\"hello\"", (await engine.Until("one", "COMPLETED")).Output);
        Assert.Equal("\"sent\"", (await engine.Until("two", "COMPLETED")).Output);
    }
}
