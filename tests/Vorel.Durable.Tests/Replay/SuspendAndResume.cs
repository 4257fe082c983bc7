using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

public sealed class SuspendAndResume
{
    [Fact]
    public void A_suspended_turn_takes_no_step_and_keeps_the_custom_status()
    {
        var hub = new TestHub(Steps()).Start().TurnOnly();
        hub.Suspend();
        hub.WorkOnly().TurnOnly();

        Assert.Empty(hub.Turns[^1].Actions);
        Assert.Equal("\"step 0\"", hub.CustomStatus);
    }

    [Fact]
    public void What_comes_meanwhile_waits_for_the_resume_and_is_applied_in_order()
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(async context =>
        {
            var taken = new List<string>();
            for (var i = 0; i < 3; i++)
            {
                taken.Add(await context.WaitForExternalEvent<string>("go"));
            }

            return taken;
        })).Start().Settle();
        hub.Suspend();
        hub.Raise("go", "\"a\"");
        hub.Settle();
        hub.Raise("go", "\"b\"");
        hub.Settle();
        hub.Resume();
        hub.Raise("go", "\"c\"");

        Assert.Equal("[\"a\",\"b\",\"c\"]", hub.RunToEnd().Result);
        Assert.All(hub.Turns.Take(3), turn => Assert.Empty(turn.Actions));
    }

    [Fact]
    public void Steps_that_were_pending_are_set_aside_and_come_back_on_resume()
    {
        var hub = new TestHub(Steps()).Start().TurnOnly().WorkOnly();
        hub.Suspend();
        hub.TurnOnly();
        Assert.Empty(hub.Turns[^1].Actions);

        hub.Resume();
        hub.TurnOnly();

        var action = Assert.Single(hub.Turns[^1].Actions);
        Assert.Equal((1, "Work"), (action.Id, action.ScheduleTask.Name));
        Assert.Equal("\"done\"", hub.RunToEnd().Result);
        Assert.Equal(3, hub.Calls.Count);
        Assert.DoesNotContain(hub.Log.Lines, line => line.Contains("did not record", StringComparison.Ordinal));
    }

    [Fact]
    public void An_end_that_was_reached_in_the_suspending_turn_waits_for_the_resume()
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(context => context.WaitForExternalEvent<int>("go"))).Start().Settle();
        hub.Raise("go", "7");
        hub.Suspend();
        hub.Settle();
        Assert.Null(hub.End);

        hub.Resume();

        Assert.Equal("7", hub.RunToEnd().Result);
    }

    [Fact]
    public void Suspended_again_or_resumed_without_need_changes_nothing()
    {
        var hub = new TestHub(Steps()).Start();
        hub.Resume();
        hub.TurnOnly();
        hub.Suspend();
        hub.Suspend();
        hub.Settle();
        Assert.Null(hub.End);
        Assert.Empty(hub.Turns[^1].Actions);

        hub.Suspend();
        hub.Resume();

        Assert.Equal("\"done\"", hub.RunToEnd().Result);
    }

    [Fact]
    public void One_batch_may_suspend_and_resume_several_times()
    {
        var hub = new TestHub(Steps()).Start().TurnOnly().WorkOnly();
        hub.Suspend();
        hub.Resume();
        hub.Suspend();
        hub.Raise("any", null);
        hub.Resume();
        hub.TurnOnly();

        Assert.Equal(1, Assert.Single(hub.Turns[^1].Actions).Id);
        hub.Suspend();
        hub.Resume();
        hub.Suspend();
        hub.TurnOnly();
        Assert.Empty(hub.Turns[^1].Actions);
        hub.Resume();

        Assert.Equal("\"done\"", hub.RunToEnd().Result);
    }

    [Fact]
    public void Time_goes_on_while_suspended()
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(async context =>
        {
            await context.WaitForExternalEvent<string?>("go");
            return context.CurrentUtcDateTime;
        })).Start().Settle();
        hub.Suspend();
        hub.Raise("go", null);
        hub.Settle();
        hub.Now += TimeSpan.FromHours(1);
        hub.Resume();

        Assert.Equal("\"2026-01-05T10:00:00Z\"", hub.RunToEnd().Result);
    }

    [Fact]
    public void An_instance_suspended_before_its_start_begins_on_resume()
    {
        var hub = new TestHub(Steps());
        hub.Suspend();
        hub.Start().Settle();
        Assert.Empty(Assert.Single(hub.Turns).Actions);

        hub.Resume();

        Assert.Equal("\"done\"", hub.RunToEnd().Result);
    }

    [Fact]
    public void Termination_ends_a_suspended_instance()
    {
        var hub = new TestHub(Steps()).Start().TurnOnly();
        hub.Suspend();
        hub.TurnOnly();
        hub.Terminate("enough");
        hub.TurnOnly();

        Assert.Equal((OrchestrationStatus.Terminated, "enough"), (hub.End!.OrchestrationStatus, hub.End.Result));
    }

    [Fact]
    public void Termination_ends_an_instance_that_never_started()
    {
        var hub = new TestHub(Steps());
        hub.Suspend();
        hub.Start();
        hub.Terminate("never mind");
        hub.Settle();

        Assert.Equal((OrchestrationStatus.Terminated, "never mind"), (hub.End!.OrchestrationStatus, hub.End.Result));
        Assert.Empty(hub.Calls);
    }

    [Fact]
    public void Of_two_terminations_the_first_counts()
    {
        var hub = new TestHub(Steps()).Start().TurnOnly();
        hub.Terminate("first");
        hub.Terminate("second");

        Assert.Equal("first", hub.TurnOnly().End!.Result);
    }

    [Fact]
    public void Code_that_does_not_fit_its_history_can_be_mended_while_the_instance_is_suspended()
    {
        var hub = new TestHub(Steps()).Start().TurnOnly();
        var right = hub.Registry;
        hub.WorkOnly().Suspend();
        hub.Registry = new DurableTaskRegistry();
        hub.TurnOnly();
        Assert.Empty(hub.Turns[^1].Actions);
        Assert.Null(hub.CustomStatus);
        Assert.Null(hub.End);

        hub.Registry = right;
        hub.Resume();
        hub.TurnOnly();
        Assert.Equal("\"step 1\"", hub.CustomStatus);

        Assert.Equal("\"done\"", hub.RunToEnd().Result);
    }

    [Fact]
    public void Code_that_does_not_fit_its_history_fails_once_it_is_resumed()
    {
        var hub = new TestHub(Steps()).Start().TurnOnly();
        hub.Registry = new DurableTaskRegistry();
        hub.Suspend();
        hub.TurnOnly();
        hub.Resume();

        Assert.Equal(OrchestrationStatus.Failed, hub.TurnOnly().End!.OrchestrationStatus);
    }

    [Fact]
    public void A_request_to_continue_as_new_waits_for_the_resume_with_its_events()
    {
        var hub = new TestHub(new DurableTaskRegistry().AddOrchestrator(TestHub.Orchestrator, () =>
            new LambdaOrchestrator<string, string>(async (context, taken) =>
            {
                taken += await context.WaitForExternalEvent<string>("go");
                if (taken.Length < 3)
                {
                    context.ContinueAsNew(taken);
                }

                return taken;
            })));
        hub.Start("\"\"").Settle();
        hub.Raise("go", "\"a\"");
        hub.Suspend();
        hub.Raise("go", "\"b\"");
        hub.Settle();
        Assert.Equal(1, hub.Execution);
        hub.Resume();
        hub.Raise("go", "\"c\"");

        Assert.Equal("\"abc\"", hub.RunToEnd().Result);
        Assert.Equal(3, hub.Execution);
    }

    private static DurableTaskRegistry Steps() => new DurableTaskRegistry()
        .Orchestrator(async context =>
        {
            for (var i = 0; i < 3; i++)
            {
                context.SetCustomStatus($"step {i}");
                await context.CallActivityAsync("Work");
            }

            return "done";
        })
        .Activity<string?, object?>("Work", _ => null);
}
