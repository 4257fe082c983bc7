using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

public sealed class Timers
{
    [Fact]
    public void A_timer_ends_at_its_time()
    {
        var hub = Flow(async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
            return context.CurrentUtcDateTime;
        });
        var began = hub.Now;

        hub.Start().RunToEnd();

        Assert.Equal([began.AddMinutes(5)], hub.TimersAsked);
        Assert.Equal($"\"{began.AddMinutes(5):yyyy-MM-ddTHH:mm:ss}Z\"", hub.Output());
    }

    [Fact]
    public void A_timer_of_ten_days_is_split_into_steps_of_at_most_three()
    {
        var hub = Flow(async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(10), CancellationToken.None);
            return context.CurrentUtcDateTime;
        });
        var began = hub.Now;

        hub.Start().RunToEnd();

        Assert.Equal([3, 6, 9, 10], hub.TimersAsked.Select(at => (at - began).TotalDays));
        Assert.Equal($"\"{began.AddDays(10):yyyy-MM-ddTHH:mm:ss}Z\"", hub.Output());
    }

    [Fact]
    public void A_timer_of_exactly_three_days_is_one_step()
    {
        var hub = Flow(async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(3), CancellationToken.None);
            return 1;
        });

        hub.Start().RunToEnd();

        Assert.Single(hub.TimersAsked);
    }

    [Fact]
    public void A_time_in_the_past_is_asked_for_as_it_is_and_ends_at_once()
    {
        var hub = Flow(async context =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddHours(-1), CancellationToken.None);
            return 1;
        });
        var began = hub.Now;

        hub.Start().RunToEnd();

        Assert.Equal(began, hub.Now);
    }

    [Fact]
    public void A_timer_that_lost_its_race_is_cancelled_and_its_late_end_ignored()
    {
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                using var loser = new CancellationTokenSource();
                var work = context.CallActivityAsync<string>("Work");
                var limit = context.CreateTimer(TimeSpan.FromMinutes(1), loser.Token);
                var first = await Task.WhenAny(work, limit);
                Now(loser);
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return $"{(first == work ? "work" : "limit")},{limit.IsCanceled}";
            })
            .Activity<string?, string>("Work", _ => "done"));

        Assert.Equal("\"work,True\"", hub.Start().RunToEnd().Result);
        Assert.Contains(hub.History, e => e.TimerFired is { TimerId: 1 });
    }

    [Fact]
    public void A_timer_wins_its_race_when_the_work_is_late()
    {
        var hub = Flow(async context =>
        {
            var work = context.WaitForExternalEvent<string>("never");
            var limit = context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return await Task.WhenAny(work, limit) == limit;
        });

        Assert.Equal("true", hub.Start().RunToEnd().Result);
    }

    [Fact]
    public void A_timer_left_open_does_not_keep_the_instance_alive()
    {
        var hub = Flow(context =>
        {
            _ = context.CreateTimer(TimeSpan.FromHours(12), CancellationToken.None);
            return Task.FromResult("done");
        });

        Assert.Equal("\"done\"", hub.Start().Settle().Output());

        // Nobody is left to wake.
        Assert.Empty(hub.TimersAsked);
    }

    [Fact]
    public void A_wait_that_is_cancelled_beforehand_takes_no_step()
    {
        var hub = Flow(async context =>
        {
            var cancelled = new CancellationToken(canceled: true);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => context.CreateTimer(TimeSpan.FromHours(1), cancelled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => context.WaitForExternalEvent<string>("go", cancelled));
            return await context.WaitForExternalEvent<string>("go");
        });
        hub.Start().Settle();
        Assert.Empty(hub.Turns[0].Actions);
        hub.Raise("go", "\"kept\"");

        Assert.Equal("\"kept\"", hub.Settle().Output());
    }

    [Fact]
    public void The_engines_marker_of_a_dropped_timer_is_no_step()
    {
        var hub = Flow(context => context.WaitForExternalEvent<string>("go"));
        hub.Start().Settle();
        hub.History.Add(new HistoryEvent { EventId = -100, TimerCreated = new TimerCreatedEvent() });
        hub.Raise("go", "\"on\"");

        Assert.Equal("\"on\"", hub.Settle().Output());
    }

    [Fact]
    public void Only_utc_is_orchestration_time()
    {
        var hub = Flow(async context =>
        {
            await context.CreateTimer(new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Unspecified), CancellationToken.None);
            return 1;
        });

        Assert.Equal("System.ArgumentException", hub.Start().RunToEnd().FailureDetails.ErrorType);
    }

    // The cancellation has to run here and now, on the orchestrator's own thread.
    private static void Now(CancellationTokenSource source) => source.Cancel();

    private static TestHub Flow<T>(Func<TaskOrchestrationContext, Task<T>> code) => new(new DurableTaskRegistry().Orchestrator(code));
}
