using Vorel.Durable;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable;

[Collection(nameof(HubCollection))]
public sealed class TimerTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_timer_fires_when_the_domain_clock_jumps_past_it_and_not_before()
    {
        var handler = Sleeping(TimeSpan.FromHours(12));
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Sleep", "a");
        await hub.Settle();

        world.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromMinutes(2));
        await hub.Settle();
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await hub.Status("a")).RuntimeStatus);
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        await hub.Ended("a");
        var turn = handler.Turns.Last();
        var fired = turn.NewEvents.Single(item => item.TimerFired is not null).TimerFired;
        Assert.Equal((0, handler.Turns.First().NewEvents[0].Timestamp.ToDateTimeOffset() + TimeSpan.FromHours(12)), (fired.TimerId, fired.FireAt.ToDateTimeOffset()));
        Assert.True(turn.NewEvents[0].Timestamp.ToDateTimeOffset() >= fired.FireAt.ToDateTimeOffset(), "the orchestrator's time has reached the timer's");
    }

    [Fact]
    public async Task The_next_timer_is_the_earliest_of_all_instances()
    {
        var handler = new ScriptedHandler().Orchestrator("Sleep", request => request.PastEvents.Count == 0
            ? Answers(Act.Timer(0, request.NewEvents[0].Timestamp.ToDateTimeOffset() + TimeSpan.FromHours(request.InstanceId.Length)))
            : Answers(Act.Complete(1)));
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Sleep", "aaa");
        await hub.Run("Sleep", "a");
        await hub.Run("Sleep", "aa");

        var order = new List<string>();
        while (await hub.JumpToNextTimer())
        {
            await hub.Settle();
            order.Add(handler.Turns.Last().InstanceId);
        }

        Assert.Equal(["a", "aa", "aaa"], order);
    }

    [Fact]
    public async Task The_next_timer_waits_for_the_activity_that_decides_it()
    {
        var release = new TaskCompletionSource();
        var handler = new ScriptedHandler()
            .Orchestrator("Retry", request => request.PastEvents.Count == 0
                ? Answers(Act.Call(0, "Attempt"))
                : Answers(Act.Timer(1, request.NewEvents[0].Timestamp.ToDateTimeOffset() + TimeSpan.FromMinutes(5))))
            .Activity("Attempt", async _ =>
            {
                await release.Task;
                return Returns("busy");
            });
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Retry", "a");

        var next = hub.Hub.Next(CancellationToken.None);
        await Eventually.True(() => handler.Activities.Count == 1, "the activity runs");
        Assert.False(next.IsCompleted);
        release.SetResult();

        Assert.NotNull(await next.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_timer_outlives_the_hub_and_fires_late_if_its_time_came_meanwhile()
    {
        await using var world = new HubWorld(azurite, Sleeping(TimeSpan.FromDays(3)));
        var first = await world.Start();
        await first.Run("Sleep", "a");
        await first.Settle();
        first.Kill();
        world.Clock.Advance(TimeSpan.FromDays(4));

        var second = await world.Start();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await second.Ended("a")).RuntimeStatus);
    }

    [Fact]
    public async Task A_timer_in_the_past_fires_at_once_and_seven_days_are_allowed()
    {
        await using var world = new HubWorld(azurite, Sleeping(TimeSpan.FromDays(-800_000 / 2)));
        var hub = await world.Start();
        await hub.Run("Sleep", "past");
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await hub.Ended("past")).RuntimeStatus);
        hub.Kill();

        var other = await world.Start(Sleeping(TimeSpan.FromDays(7)));
        await other.Run("Sleep", "week");
        Assert.True(await other.JumpToNextTimer());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await other.Ended("week")).RuntimeStatus);
    }

    private static ScriptedHandler Sleeping(TimeSpan span) => new ScriptedHandler().Orchestrator("Sleep", request =>
        request.PastEvents.Count == 0
            ? Answers(Act.Timer(0, request.NewEvents[0].Timestamp.ToDateTimeOffset() + span))
            : Answers(Act.Complete(1)));
}
