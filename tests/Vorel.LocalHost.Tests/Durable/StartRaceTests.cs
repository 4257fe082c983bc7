using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.Functions.Triggers.Durable;
using Vorel.LocalHost.Durable.Storage;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable;

/// <summary>Starts of an id at the very moment at which its instance ends or is purged: one new life begins, and nothing of the old one reaches it.</summary>
[Collection(nameof(HubCollection))]
[Trait("Area", "crash")]
public sealed class StartRaceTests(AzuriteFixture azurite)
{
    private const int Rounds = 25;

    private static readonly DeliveryInput s_delivery = new(Guid.Empty, Guid.Empty);

    private CancellationTokenSource _stop = new();

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    public async Task Of_starts_that_meet_the_end_of_an_instance_one_begins_a_new_life(OrchestrationRuntimeStatus end)
    {
        var handler = Waiting();
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        var client = await hub.Client();
        await hub.Run("Wait", "a", "life 0");
        for (var round = 1; round <= Rounds; round++)
        {
            var starters = Enumerable.Range(0, 3).Select(starter => Task.Run(() => StartOnceEnded(hub, $"life {round} of {starter}"))).ToList();
            await (end switch
            {
                OrchestrationRuntimeStatus.Terminated => client.TerminateInstanceAsync("a"),
                OrchestrationRuntimeStatus.Failed => client.RaiseEventAsync("a", "fail"),
                _ => client.RaiseEventAsync("a", "go"),
            });

            // One start gets in; the others find its instance at work.
            var won = await await Task.WhenAny(starters);
            await hub.Settle();
            var life = await hub.Status("a");
            Assert.Equal((OrchestrationRuntimeStatus.Running, $"\"{won}\""), (life.RuntimeStatus, life.SerializedInput));
            var turn = handler.Turns.Last();
            Assert.Empty(turn.PastEvents);
            Assert.Equal(["OrchestratorStarted -1", $"ExecutionStarted -1 Wait \"{won}\""], HistoryText.Of(turn.NewEvents));

            await _stop.CancelAsync();
            Assert.Single(await Task.WhenAll(starters), input => input is not null);
            _stop = new CancellationTokenSource();
        }

        await AssertOneLife(world);
    }

    [Fact]
    public async Task A_purge_and_a_start_of_one_ended_instance_leave_the_new_life_whole()
    {
        await using var world = new HubWorld(azurite, Waiting());
        var hub = await world.Start();
        var client = await hub.Client();
        for (var round = 0; round < Rounds; round++)
        {
            await hub.Run("Wait", "a", $"old {round}");
            await client.RaiseEventAsync("a", "go");
            await hub.Ended("a");

            var purge = Task.Run(() => Purge(client));
            await hub.Run("Wait", "a", $"new {round}");
            await purge;
            await hub.Settle();

            var life = await hub.Status("a");
            Assert.Equal((OrchestrationRuntimeStatus.Running, $"\"new {round}\""), (life.RuntimeStatus, life.SerializedInput));
            await AssertOneLife(world);
            await client.RaiseEventAsync("a", "go");
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await hub.Ended("a")).RuntimeStatus);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_attempt_that_outlives_its_instance_reaches_neither_the_purge_nor_the_next_life(bool startedAgain)
    {
        var flows = new Flows();
        var attempts = 0;
        var (arrived, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        flows.Attempt = async () =>
        {
            if (Interlocked.Increment(ref attempts) == 1)
            {
                arrived.SetResult();
                await release.Task;
                return NextStep.Until(DateTimeOffset.UtcNow.AddDays(1));
            }

            return NextStep.Done;
        };
        await using var world = new HubWorld(azurite, flows.Handler);
        var hub = await world.Start();
        var client = await hub.Client(FlowJson.Default.Options);
        await client.ScheduleNewOrchestrationInstanceAsync("WebhookDelivery", s_delivery, new StartOrchestrationOptions("a"));
        await arrived.Task;

        // At work it is not purged; ended, with its activity under way, it is.
        var refused = await Assert.ThrowsAnyAsync<DurableClientException>(() => client.PurgeInstanceAsync("a"));
        Assert.Equal(GrpcStatus.FailedPrecondition, refused.Status);
        await client.TerminateInstanceAsync("a");
        await hub.Ended("a");
        Assert.Equal(1, (await client.PurgeInstanceAsync("a")).PurgedInstanceCount);
        if (startedAgain)
        {
            await client.ScheduleNewOrchestrationInstanceAsync("WebhookDelivery", s_delivery, new StartOrchestrationOptions("a"));
        }

        release.SetResult();
        if (startedAgain)
        {
            Assert.Equal("\"done\"", (await hub.Ended("a")).SerializedOutput);
            Assert.Equal(2, attempts);
            await client.PurgeInstanceAsync("a");
        }

        await hub.Settle();
        Assert.Empty(await world.Rows());
    }

    /// <summary>Starts the instance as soon as it can be; what it started it with, or null when it was told to stop.</summary>
    private async Task<string?> StartOnceEnded(RunningHub hub, string input)
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await hub.Run("Wait", "a", input);
                return input;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                // The end that it waits for needs a turn as well.
                await Task.Yield();
            }
        }

        return null;
    }

    private static async Task Purge(DurableTaskClient client)
    {
        try
        {
            await client.PurgeInstanceAsync("a");
        }
        catch (DurableClientException exception) when (exception.Status == GrpcStatus.FailedPrecondition)
        {
            // The start was first.
        }
    }

    /// <summary>The rows of the hub are those of one execution.</summary>
    private static async Task AssertOneLife(HubWorld world)
    {
        var rows = (await world.Rows()).Select(row => row.Split(' ', 2)[1]).ToList();
        Assert.Single(rows, HubKeys.IsInstance);
        Assert.Single(rows.Where(row => !HubKeys.IsInstance(row)).Select(Execution).Distinct());

        static string Execution(string row) => HubKeys.TryParse(row, out var parts) ? parts.Execution : row;
    }

    private static ScriptedHandler Waiting() => new ScriptedHandler().Orchestrator("Wait", request => request.NewEvents switch
    {
        var events when events.Any(item => item.ExecutionTerminated is not null) => Answers(Act.Complete(0, null, OrchestrationStatus.Terminated)),
        var events when events.Any(item => item.EventRaised is { Name: "fail" }) => Answers(Act.Complete(0, null, OrchestrationStatus.Failed)),
        var events when events.Any(item => item.EventRaised is { Name: "go" }) => Answers(Act.Complete(0, "\"done\"")),
        _ => Answers(),
    });
}
