using System.Collections.Concurrent;
using Vorel.Durable;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Durable;

[Collection(nameof(HubCollection))]
public sealed class CrashTests(AzuriteFixture azurite)
{
    private const string Id = "steps:1";

    /// <summary>
    /// Kills the hub at its first write, at its second, and so on until a run gets through unharmed; each time a new hub over the
    /// same table must come to the same end.
    /// </summary>
    [Theory]
    [InlineData(KillSide.Before)]
    [InlineData(KillSide.After)]
    public async Task A_hub_killed_at_any_write_is_continued_by_the_next_one(KillSide side)
    {
        for (var write = 1; ; write++)
        {
            var effects = new ConcurrentQueue<string>();
            await using var world = new HubWorld(azurite, Worker.Handler(effects));
            var first = await world.Start(write, side);
            using var abandoned = new CancellationTokenSource();
            var drive = Drive(first, abandoned.Token);
            var died = await Task.WhenAny(drive, first.Killed) == first.Killed;
            if (died)
            {
                await abandoned.CancelAsync();
                await drive.ContinueWith(_ => { }, TaskScheduler.Default);
                drive = Drive(await world.Start(), CancellationToken.None);
            }

            var end = await drive;
            Assert.Equal((OrchestrationRuntimeStatus.Completed, "\"IN FIRST, now, LEFT, RIGHT\""), (end.RuntimeStatus, end.SerializedOutput));
            Assert.Equal(["in first", "left", "right"], effects.Distinct().Order());
            Assert.True(effects.Count <= (died ? 5 : 3), $"Killed at write {write}: {effects.Count} effects.");
            await AssertNothingIsLeftToDo(world);
            if (!died)
            {
                // The table, the start, five completions, the event, four turns and the end.
                Assert.InRange(write, 12, 30);
                return;
            }
        }
    }

    /// <summary>The same over three instances that live of each other: a parent, its children, and their executions one after the other.</summary>
    [Theory]
    [InlineData(KillSide.Before)]
    [InlineData(KillSide.After)]
    public async Task A_parent_and_its_children_killed_at_any_write_come_to_the_same_end(KillSide side)
    {
        for (var write = 1; ; write++)
        {
            var effects = new ConcurrentQueue<string>();
            await using var world = new HubWorld(azurite, Worker.Handler(effects));
            var first = await world.Start(write, side);
            using var abandoned = new CancellationTokenSource();
            var drive = DriveFamily(first, abandoned.Token);
            var died = await Task.WhenAny(drive, first.Killed) == first.Killed;
            if (died)
            {
                await abandoned.CancelAsync();
                await drive.ContinueWith(_ => { }, TaskScheduler.Default);
                drive = DriveFamily(await world.Start(), CancellationToken.None);
            }

            var end = await drive;
            Assert.Equal((OrchestrationRuntimeStatus.Completed, "\"IN 1, OTHER 1\""), (end.RuntimeStatus, end.SerializedOutput));
            Assert.Equal(["in 1", "in 2", "in 3", "other 1"], effects.Distinct().Order());
            Assert.True(effects.Count <= (died ? 6 : 4), $"Killed at write {write}: {effects.Count} effects.");
            await AssertNothingIsLeftToDo(world);
            Assert.Equal(3, (await world.Rows()).Count(row => row.Contains(" instance|", StringComparison.Ordinal)));
            if (!died)
            {
                Assert.InRange(write, 25, 60);
                return;
            }
        }
    }

    [Fact]
    public async Task Lost_answers_of_the_storage_lose_and_double_nothing()
    {
        var effects = new ConcurrentQueue<string>();
        await using var world = new HubWorld(azurite, Worker.Handler(effects));
        var transport = new KillableTransport();
        var hub = await world.Start(Worker.Handler(effects), transport);
        transport.AnswersToLose = 5; // One more than the storage client itself tries.

        var end = await Drive(hub, CancellationToken.None);

        Assert.Equal("\"IN FIRST, now, LEFT, RIGHT\"", end.SerializedOutput);
        Assert.Equal(3, effects.Count);
    }

    [Fact]
    public async Task An_activity_under_way_when_the_host_dies_runs_again()
    {
        var started = new TaskCompletionSource();
        var dying = OneActivity(_ =>
        {
            started.SetResult();
            return ScriptedHandler.Hang;
        });
        var next = OneActivity(_ => Task.FromResult(ScriptedHandler.Returns("again")));
        await using var world = new HubWorld(azurite, dying);
        var first = await world.Start();
        await first.Run("One", "one:1");
        await started.Task.WaitAsync(TimeSpan.FromSeconds(10));
        first.Kill();

        var second = await world.Start(next);

        Assert.Equal("\"again\"", (await second.Ended("one:1")).SerializedOutput);
        Assert.Single(next.Activities);
    }

    [Fact]
    public async Task A_turn_under_way_when_host_and_handler_die_is_played_again()
    {
        var called = new TaskCompletionSource();
        var dying = new ScriptedHandler().Orchestrator("One", _ =>
        {
            called.SetResult();
            return ScriptedHandler.Hang;
        });
        var next = new ScriptedHandler().Orchestrator("One", _ => ScriptedHandler.Answers(Act.Complete(0, "\"fine\"")));
        await using var world = new HubWorld(azurite, dying);
        var first = await world.Start();
        await first.Run("One", "one:1");
        await called.Task.WaitAsync(TimeSpan.FromSeconds(10));
        first.Kill();

        var second = await world.Start(next);

        Assert.Equal("\"fine\"", (await second.Ended("one:1")).SerializedOutput);
        Assert.Equal(HistoryText.Of(Assert.Single(dying.Turns).NewEvents), HistoryText.Of(Assert.Single(next.Turns).NewEvents));
    }

    [Fact]
    public async Task A_graceful_stop_during_a_turn_fails_no_instance()
    {
        var called = new TaskCompletionSource();
        var stopping = new ScriptedHandler().Orchestrator("One", _ =>
        {
            called.SetResult();
            return ScriptedHandler.Hang;
        });
        var next = new ScriptedHandler().Orchestrator("One", _ => ScriptedHandler.Answers(Act.Complete(0)));
        await using var world = new HubWorld(azurite, stopping);
        var first = await world.Start();
        await first.Run("One", "one:1");
        await called.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await first.Hub.StopAsync();

        var second = await world.Start(next);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await second.Ended("one:1")).RuntimeStatus);
    }

    private static ScriptedHandler OneActivity(Func<string, Task<Vorel.LocalHost.Invocation.InvocationResult>> activity) => new ScriptedHandler()
        .Orchestrator("One", request => request.NewEvents.FirstOrDefault(item => item.TaskCompleted is not null) is { } done
            ? ScriptedHandler.Answers(Act.Complete(1, done.TaskCompleted.Result))
            : ScriptedHandler.Answers(Act.Call(0, "Work")))
        .Activity("Work", activity);

    /// <summary>What a careful client does: start unless it is there, raise the event, let the time pass, read the end.</summary>
    private static async Task<OrchestrationMetadata> Drive(RunningHub hub, CancellationToken cancellationToken)
    {
        var client = await hub.Client().WaitAsync(cancellationToken);
        if (await client.GetInstanceAsync(Id, cancellationToken: cancellationToken) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync("Steps", "in", new StartOrchestrationOptions(Id), cancellationToken);
        }

        if (await client.GetInstanceAsync(Id, cancellationToken: cancellationToken) is { IsCompleted: false })
        {
            try
            {
                await client.RaiseEventAsync(Id, "go", "now", cancellationToken);
            }
            catch (DurableClientException error) when (error.Status == GrpcStatus.FailedPrecondition)
            {
                // It ended between the two calls.
            }
        }

        while (await hub.JumpToNextTimer().WaitAsync(cancellationToken))
        {
            // The next timer, until there is none.
        }

        return await hub.Ended(Id).WaitAsync(cancellationToken);
    }

    private static async Task<OrchestrationMetadata> DriveFamily(RunningHub hub, CancellationToken cancellationToken)
    {
        var client = await hub.Client().WaitAsync(cancellationToken);
        if (await client.GetInstanceAsync("family", cancellationToken: cancellationToken) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync("Family", "in", new StartOrchestrationOptions("family"), cancellationToken);
        }

        while (await hub.JumpToNextTimer().WaitAsync(cancellationToken))
        {
            // The next timer, until there is none.
        }

        return await hub.Ended("family").WaitAsync(cancellationToken);
    }

    private static async Task AssertNothingIsLeftToDo(HubWorld world) =>
        Assert.DoesNotContain(await world.Rows(), row => !row.Contains(" history|", StringComparison.Ordinal) && !row.Contains(" instance|", StringComparison.Ordinal));
}
