using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

public sealed class ExternalEvents
{
    [Fact]
    public void An_event_that_comes_before_the_wait_is_kept()
    {
        var hub = Flow(async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return await context.WaitForExternalEvent<string>("go");
        });
        hub.Start().Settle();
        hub.Raise("go", "\"early\"");

        Assert.Equal("\"early\"", hub.RunToEnd().Result);
    }

    [Fact]
    public void An_event_in_the_same_turn_as_the_start_is_kept()
    {
        var hub = Flow(context => context.WaitForExternalEvent<string>("go"));
        hub.Start();
        hub.Raise("go", "\"at once\"");

        Assert.Equal("\"at once\"", hub.Settle().Output());
        Assert.Single(hub.Turns);
    }

    [Fact]
    public void An_event_before_the_start_is_kept()
    {
        var hub = Flow(context => context.WaitForExternalEvent<string>("go"));
        hub.Raise("go", "\"first\"");
        hub.Start();

        Assert.Equal("\"first\"", hub.Settle().Output());
    }

    [Fact]
    public void An_event_that_comes_after_the_wait_ends_it_and_names_ignore_case()
    {
        var hub = Flow(context => context.WaitForExternalEvent<string>("Go"));
        hub.Start().Settle();
        Assert.Empty(hub.Turns[0].Actions);

        hub.Raise("gO", "\"late\"");

        Assert.Equal("\"late\"", hub.Settle().Output());
    }

    [Fact]
    public void Unclaimed_events_are_taken_oldest_first()
    {
        var hub = Flow(async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            var taken = new List<string>();
            for (var i = 0; i < 3; i++)
            {
                taken.Add(await context.WaitForExternalEvent<string>("go"));
            }

            return string.Join(',', taken);
        });
        hub.Start().Settle();
        hub.Raise("go", "\"1\"");
        hub.Raise("go", "\"2\"");
        hub.Settle();
        hub.Raise("go", "\"3\"");

        Assert.Equal("\"1,2,3\"", hub.RunToEnd().Result);
    }

    [Fact]
    public void The_newest_waiter_is_served_first()
    {
        var hub = Flow(async context =>
        {
            var first = context.WaitForExternalEvent<string>("go");
            var second = context.WaitForExternalEvent<string>("go");
            return $"{await first},{await second}";
        });
        hub.Start().Settle();
        hub.Raise("go", "\"a\"");
        hub.Raise("go", "\"b\"");

        Assert.Equal("\"b,a\"", hub.Settle().Output());
    }

    [Fact]
    public void A_cancelled_waiter_takes_no_event()
    {
        var hub = Flow(async context =>
        {
            using var leave = new CancellationTokenSource();
            var stays = context.WaitForExternalEvent<string>("go");
            var leaves = context.WaitForExternalEvent<string>("go", leave.Token);
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            Now(leave);
            return $"{await stays},{leaves.IsCanceled}";
        });
        hub.Start().Settle();
        hub.FireNextTimer();
        hub.Settle();
        hub.Raise("go", "\"kept\"");

        Assert.Equal("\"kept,True\"", hub.Settle().Output());
    }

    [Fact]
    public void A_wait_with_a_limit_gives_the_event_if_it_comes_in_time()
    {
        var hub = Flow(context => context.WaitForExternalEvent<string>("go", TimeSpan.FromMinutes(1)));
        hub.Start().Settle();
        hub.Raise("go", "\"in time\"");

        Assert.Equal("\"in time\"", hub.Settle().Output());
    }

    [Fact]
    public void A_wait_with_a_limit_is_cancelled_when_time_runs_out_and_leaves_the_event_to_the_next()
    {
        var hub = Flow(async context =>
        {
            var late = context.WaitForExternalEvent<string>("go", TimeSpan.FromMinutes(1));
            await Assert.ThrowsAsync<TaskCanceledException>(() => late);
            return await context.WaitForExternalEvent<string>("go", TimeSpan.FromMinutes(1));
        });
        hub.Start().Settle();
        hub.FireNextTimer();
        hub.Settle();
        hub.Raise("go", "\"second\"");

        Assert.Equal("\"second\"", hub.Settle().Output());
    }

    public static TheoryData<TimeSpan> NoLimits => [TimeSpan.MaxValue, Timeout.InfiniteTimeSpan];

    [Theory]
    [MemberData(nameof(NoLimits))]
    public void A_limit_beyond_the_calendar_is_none(TimeSpan limit)
    {
        var hub = Flow(async context =>
            $"{await context.WaitForExternalEvent<string>("go", limit)}{await context.WaitForExternalEvent<string>("go")}");
        hub.Start().Settle();
        Assert.Empty(hub.TimersAsked);
        hub.Raise("go", "\"a\"");
        hub.Raise("go", "\"b\"");

        Assert.Equal("\"ab\"", hub.Settle().Output());
    }

    public static TheoryData<TimeSpan> NoTime => [TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.MinValue];

    [Theory]
    [MemberData(nameof(NoTime))]
    public void A_limit_that_is_over_takes_only_an_event_that_is_there(TimeSpan limit)
    {
        var hub = Flow(async context =>
        {
            var there = await context.WaitForExternalEvent<string>("go", limit);
            await Assert.ThrowsAsync<TaskCanceledException>(() => context.WaitForExternalEvent<string>("go", limit));
            return there + await context.WaitForExternalEvent<string>("go");
        });
        hub.Raise("go", "\"a\"");
        hub.Start().Settle();
        Assert.True(hub.FireNextTimer());
        hub.Settle();
        hub.Raise("go", "\"b\"");

        Assert.Equal("\"ab\"", hub.Settle().Output());
    }

    [Fact]
    public void An_event_that_is_there_already_needs_no_timer()
    {
        var hub = Flow(async context =>
        {
            await context.CallActivityAsync("Work");
            return await context.WaitForExternalEvent<string>("go", TimeSpan.FromMinutes(1));
        });
        hub.Start();
        hub.Raise("go", "\"there\"");

        Assert.Equal("\"there\"", hub.Settle().Output());
        Assert.Empty(hub.TimersAsked);
    }

    [Fact]
    public void An_event_without_payload_is_the_types_default_where_it_has_one()
    {
        var hub = Flow(async context => await context.WaitForExternalEvent<string?>("go") is null);
        hub.Start();
        hub.Raise("go", null);

        Assert.Equal("true", hub.Settle().Output());
    }

    [Fact]
    public void An_event_of_another_type_fails_the_one_who_waits_without_quoting_it()
    {
        var hub = Flow(context => context.WaitForExternalEvent<int>("go"));
        hub.Start();
        hub.Raise("go", "\"+4917012345\"");

        var failure = hub.Settle().End!.FailureDetails;
        Assert.Equal("Vorel.Durable.DurablePayloadException", failure.ErrorType);
        Assert.Equal("The event 'go' is not JSON of type System.Int32.", failure.ErrorMessage);
    }

    // The cancellation has to run here and now, on the orchestrator's own thread.
    private static void Now(CancellationTokenSource source) => source.Cancel();

    private static TestHub Flow<T>(Func<TaskOrchestrationContext, Task<T>> code) => new(new DurableTaskRegistry()
        .Orchestrator(code)
        .Activity<string?, object?>("Work", _ => null));
}
