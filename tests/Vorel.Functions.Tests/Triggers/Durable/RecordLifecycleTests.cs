using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;
using Vorel.Functions.Triggers.Durable;

namespace Vorel.Functions.Tests.Triggers.Durable;

public sealed class RecordLifecycleTests
{
    private const string Input = """{"tenant":"01a1fd74-fa09-7de3-ab90-dc88294bb513","kind":"lead","id":"01a1fd74-fa09-7de3-ab90-dc88294bb514"}""";

    [Fact]
    public void A_record_that_the_crm_holds_ends_at_once()
    {
        var hub = Hub(() => NextStep.Done);

        Assert.Equal(OrchestrationStatus.Completed, hub.RunToEnd().OrchestrationStatus);
        Assert.Single(hub.Calls);
        Assert.Empty(hub.TimersAsked);
    }

    [Fact]
    public void A_failed_write_is_repeated_after_the_wait_that_was_asked_for()
    {
        var hub = Hub(() => NextStep.After(TimeSpan.FromMinutes(5)), () => NextStep.Now, () => NextStep.Done);

        hub.RunToEnd();

        Assert.Equal(3, hub.Calls.Count);
        Assert.Equal([new DateTime(2026, 1, 5, 9, 5, 0, DateTimeKind.Utc)], hub.TimersAsked);
    }

    [Fact]
    public void A_turn_is_waited_for_as_it_was_told_however_often()
    {
        var failed = NextStep.After(TimeSpan.FromMinutes(5));
        var hub = Hub([.. ((int[])[100, 3, 3, 3, 40]).Select(seconds => (Func<NextStep>)(() => NextStep.Busy(TimeSpan.FromSeconds(seconds)))), () => failed, () => NextStep.Done]);

        hub.RunToEnd();

        Assert.Equal([100, 3, 3, 3, 40, 300], Waits(hub));
    }

    [Fact]
    public void A_change_does_not_bring_a_turn_forward_and_is_met_by_it()
    {
        var hub = Hub(() => NextStep.Busy(TimeSpan.FromSeconds(100)), () => NextStep.Done);
        hub.Settle();

        hub.Raise("changed", null);
        hub.Settle();
        Assert.Single(hub.Calls);

        hub.RunToEnd();
        Assert.Equal(2, hub.Calls.Count);
        Assert.Equal(new DateTime(2026, 1, 5, 9, 1, 40, DateTimeKind.Utc), hub.Now);
    }

    [Fact]
    public void A_change_cuts_a_wait_short()
    {
        var hub = Hub(() => NextStep.After(TimeSpan.FromHours(1)), () => NextStep.Done);
        hub.Settle();
        Assert.Single(hub.Calls);

        hub.Raise("changed", null);
        hub.Settle();

        Assert.Equal(2, hub.Calls.Count);
        Assert.Equal("\"done\"", hub.Output());
    }

    [Fact]
    public void A_change_during_the_last_write_leads_to_another()
    {
        TestHub? hub = null;
        hub = Hub(
            () =>
            {
                hub!.Raise("changed", null);
                return NextStep.Done;
            },
            () => NextStep.Done);

        hub.RunToEnd();

        Assert.Equal(2, hub.Calls.Count);
    }

    [Fact]
    public void A_write_that_does_not_come_back_is_made_again()
    {
        var hub = Hub(() => NextStep.Done);
        var failures = 3;
        hub.HostFailure = _ => failures-- > 0 ? new TaskFailedEvent() : null;

        hub.RunToEnd();

        Assert.Equal(4, hub.Calls.Count);
        Assert.Equal("\"done\"", hub.Output());
    }

    [Fact]
    public void A_crm_that_is_away_for_days_is_asked_as_long_and_no_history_reaches_100_events()
    {
        var hub = Hub([.. Enumerable.Repeat<Func<NextStep>>(() => NextStep.After(TimeSpan.FromHours(1)), 80), () => NextStep.Done]);

        hub.RunToEnd();

        Assert.Equal("\"done\"", hub.Output());
        Assert.Equal(81, hub.Calls.Count);
        Assert.Equal(11, hub.Execution);
        Assert.Equal(new DateTime(2026, 1, 5, 9, 0, 0, DateTimeKind.Utc).AddHours(80), hub.Now);
        Assert.All(hub.Requests, request => Assert.InRange(request.PastEvents.Count + request.NewEvents.Count, 1, 99));
    }

    [Fact]
    public void A_change_that_nobody_took_goes_on_to_the_next_execution()
    {
        TestHub? hub = null;
        hub = Hub(
            [
                .. Enumerable.Repeat<Func<NextStep>>(() => NextStep.Now, 7),
                () =>
                {
                    hub!.Raise("changed", null);
                    return NextStep.Now;
                },
                () => NextStep.Done,
                () => NextStep.Done,
            ]);

        hub.RunToEnd();

        Assert.Equal(2, hub.Execution);
        Assert.Equal(10, hub.Calls.Count);
    }

    [Fact]
    public void When_no_call_comes_back_it_leaves_the_rest_to_the_check()
    {
        var hub = Hub(() => NextStep.Done);
        hub.HostFailure = _ => new TaskFailedEvent();

        hub.RunToEnd();

        Assert.Equal("\"unfinished\"", hub.Output());
        Assert.Equal(8, hub.Calls.Count);
        Assert.Equal([5, 10, 20, 40, 60, 60, 60], Waits(hub));
    }

    private static IEnumerable<int> Waits(TestHub hub)
    {
        DateTime[] moments = [new(2026, 1, 5, 9, 0, 0, DateTimeKind.Utc), .. hub.TimersAsked];
        return moments.Zip(moments.Skip(1), (from, to) => (int)(to - from).TotalSeconds);
    }

    private static TestHub Hub(params Func<NextStep>[] steps)
    {
        var script = new Queue<Func<NextStep>>(steps);
        var registry = new DurableTaskRegistry()
            .AddOrchestrator(TestHub.Orchestrator, () => new RecordLifecycle())
            .AddActivity("MirrorRecord", _ => new ScriptedActivity<RecordReference>(script));
        return new TestHub(registry).Start(Input);
    }
}
