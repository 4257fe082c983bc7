using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;
using Vorel.Functions.Tests.Support;
using Vorel.Functions.Triggers.Durable;

namespace Vorel.Functions.Tests.Triggers.Durable;

public sealed class WebhookDeliveryTests
{
    private const string Input = """{"tenant":"01a1fd74-fa09-7de3-ab90-dc88294bb513","delivery":"01a1fd74-fa09-7de3-ab90-dc88294bb514"}""";

    private static readonly TimeSpan[] s_ladder =
        [TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(12)];

    [Fact]
    public void A_delivery_that_is_over_ends_at_once()
    {
        var hub = Hub([NextStep.Done], []);

        Assert.Equal(OrchestrationStatus.Completed, hub.RunToEnd().OrchestrationStatus);
        Assert.Equal(["LoadDelivery"], hub.Calls);
    }

    [Fact]
    public void Six_attempts_wait_for_the_moments_that_the_row_names()
    {
        TestHub? hub = null;
        var moments = new List<DateTime>();
        NextStep Retry(int rung)
        {
            moments.Add(hub!.Now + s_ladder[rung]);
            return NextStep.Until(new DateTimeOffset(moments[^1]));
        }

        var attempts = Enumerable.Range(0, s_ladder.Length).Select(rung => (Func<NextStep>)(() => Retry(rung))).Append(() => NextStep.Done);
        hub = Hub([NextStep.Now], attempts);

        hub.RunToEnd();

        Assert.Equal("\"done\"", hub.Output());
        Assert.Equal(6, hub.Calls.Count(call => call == "AttemptDelivery"));
        Assert.Equal(moments, hub.TimersAsked);
        Assert.Equal(TimeSpan.FromMinutes((14 * 60) + 36), hub.Now - new DateTime(2026, 1, 5, 9, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public void A_delivery_that_is_taken_up_between_attempts_waits_for_the_next_one_first()
    {
        var due = new DateTime(2026, 1, 5, 11, 0, 0, DateTimeKind.Utc);
        var hub = Hub([NextStep.Until(new DateTimeOffset(due))], [() => NextStep.Done]);

        hub.RunToEnd();

        Assert.Equal([due], hub.TimersAsked);
        Assert.Equal(["LoadDelivery", "AttemptDelivery"], hub.Calls);
    }

    [Fact]
    public void A_busy_receiver_is_asked_again_after_ever_longer_waits()
    {
        var busy = Enumerable.Repeat<Func<NextStep>>(() => NextStep.After(TimeSpan.FromSeconds(1)), 6).Append(() => NextStep.Done);
        var hub = Hub([NextStep.Now], busy);

        hub.RunToEnd();

        Assert.Equal([1, 2, 4, 8, 16, 30], Waits(hub));
    }

    [Fact]
    public void A_call_that_does_not_come_back_is_made_again()
    {
        var hub = Hub([NextStep.Now], [() => NextStep.Done]);
        var failures = 2;
        hub.HostFailure = _ => failures-- > 0 ? new TaskFailedEvent() : null;

        hub.RunToEnd();

        Assert.Equal(["LoadDelivery", "LoadDelivery", "LoadDelivery", "AttemptDelivery"], hub.Calls);
        Assert.Equal([5, 10], Waits(hub));
        Assert.Equal("\"done\"", hub.Output());
    }

    [Fact]
    public void A_failing_activity_is_called_again_and_its_message_stays_out_of_the_history()
    {
        var script = new Func<NextStep>[] { () => throw new InvalidOperationException("phone +15550100"), () => NextStep.Done };
        var hub = Hub([NextStep.Now], script);

        hub.RunToEnd();

        Assert.Equal("\"done\"", hub.Output());
        Assert.DoesNotContain("5550100", hub.History.ToString() + string.Concat(hub.History.Select(entry => entry.ToString())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void At_its_longest_it_stays_under_100_events_and_leaves_the_rest_to_the_tick(bool broken)
    {
        var hub = Hub([NextStep.Now], [() => NextStep.After(TimeSpan.FromSeconds(1))]);
        hub.HostFailure = _ => broken ? new TaskFailedEvent() : null;

        hub.RunToEnd();

        Assert.Equal("\"unfinished\"", hub.Output());
        Assert.Equal(12, hub.Calls.Count);
        Assert.True(hub.History.Count < 100, $"{hub.History.Count} events");
    }

    [Fact]
    public async Task A_process_started_anew_for_every_turn_gives_the_same_actions()
    {
        TestHub? hub = null;
        var attempts = s_ladder.Select(delay => (Func<NextStep>)(() => NextStep.Until(new DateTimeOffset(hub!.Now + delay)))).Append(() => NextStep.Done);
        hub = Hub([NextStep.Now], attempts);
        hub.RunToEnd();
        Assert.True(hub.Requests.Count > 12, "The ladder takes a turn for each activity and each timer.");

        foreach (var (request, turn) in hub.Requests.Zip(hub.Turns))
        {
            await using var handler = await HandlerExecutable.StartReady();
            var answer = await handler.Turn("WebhookDelivery", Renamed(request));

            Assert.Equal(turn, answer);
        }
    }

    /// <summary>The hub calls every orchestrator Flow; the handler knows this one by its own name.</summary>
    private static OrchestratorRequest Renamed(OrchestratorRequest request)
    {
        var copy = request.Clone();
        foreach (var started in copy.PastEvents.Concat(copy.NewEvents).Where(entry => entry.ExecutionStarted is not null))
        {
            started.ExecutionStarted.Name = "WebhookDelivery";
        }

        return copy;
    }

    private static IEnumerable<int> Waits(TestHub hub) => hub.History
        .Where(entry => entry.TimerCreated is not null)
        .Select(entry => (int)(entry.TimerCreated.FireAt.ToDateTime() - entry.Timestamp.ToDateTime()).TotalSeconds);

    private static TestHub Hub(NextStep[] loads, IEnumerable<Func<NextStep>> attempts)
    {
        var load = new Queue<Func<NextStep>>(loads.Select(step => (Func<NextStep>)(() => step)));
        var attempt = new Queue<Func<NextStep>>(attempts);
        var registry = new DurableTaskRegistry()
            .AddOrchestrator(TestHub.Orchestrator, () => new WebhookDelivery())
            .AddActivity("LoadDelivery", _ => new ScriptedActivity<DeliveryInput>(load))
            .AddActivity("AttemptDelivery", _ => new ScriptedActivity<DeliveryInput>(attempt));
        return new TestHub(registry).Start(Input);
    }
}
