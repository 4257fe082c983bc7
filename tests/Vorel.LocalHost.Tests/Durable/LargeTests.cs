using System.Text.Json;
using Vorel.Durable;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable;

[Collection(nameof(HubCollection))]
public sealed class LargeTests(AzuriteFixture azurite)
{
    private const int Wide = 250;

    [Fact]
    public async Task A_turn_with_more_rows_than_a_transaction_holds_is_taken_whole()
    {
        var handler = Fan(Wide);
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Fan", "fan:1");

        var end = await hub.Ended("fan:1");

        Assert.Equal($"{Wide}", end.SerializedOutput);
        Assert.Equal(Wide, handler.Activities.Count);
    }

    /// <summary>Write 1 makes the table, 2 starts; 3, 4 and 5 are the three transactions of the first turn.</summary>
    [Theory]
    [InlineData(3, KillSide.After)]
    [InlineData(4, KillSide.Before)]
    [InlineData(4, KillSide.After)]
    [InlineData(5, KillSide.Before)]
    public async Task Rows_of_a_turn_that_was_never_committed_are_taken_away(int write, KillSide side)
    {
        await using var world = new HubWorld(azurite, Fan(Wide));
        var first = await world.Start(write, side);
        await first.Run("Fan", "fan:1");
        await first.Killed.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Contains(await world.Rows(), row => row.Contains(" task|", StringComparison.Ordinal));

        // The turn is played again, and this time decides otherwise.
        var narrow = Fan(3);
        var second = await world.Start(narrow);
        var end = await second.Ended("fan:1");
        await second.Settle();

        Assert.Equal("3", end.SerializedOutput);
        Assert.Equal(3, narrow.Activities.Count);
        Assert.DoesNotContain(await world.Rows(), row => row.Contains(" task|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Payloads_up_to_the_limit_survive_a_restart_and_longer_ones_are_refused()
    {
        // "ü" is two bytes: the pieces are cut within characters.
        var text = "x" + new string('ü', 239_000);
        var handler = new ScriptedHandler()
            .Orchestrator("Big", request => request.PastEvents.Count == 0
                ? Answers(Act.Call(0, "Echo", request.NewEvents[1].ExecutionStarted.Input))
                : request.NewEvents.Any(item => item.EventRaised is not null)
                    ? Answers(Act.Complete(1, request.PastEvents.Single(item => item.TaskCompleted is not null).TaskCompleted.Result))
                    : Answers())
            .Activity("Echo", wire => Returns(JsonSerializer.Deserialize<string>(JsonSerializer.Deserialize<string>(JsonSerializer.Deserialize<string>(wire)!)!)));
        await using var world = new HubWorld(azurite, handler);
        var first = await world.Start();
        await first.Run("Big", "big:1", "short");
        await first.Settle();
        await (await first.Client()).TerminateInstanceAsync("big:1");
        var request = new Vorel.Durable.Protocol.CreateInstanceRequest { InstanceId = "big:2", Name = "Big", Input = $"\"{text}\"" };
        await first.Call("StartInstance", request);
        await first.Settle();
        first.Kill();

        var second = await world.Start();
        await (await second.Client()).RaiseEventAsync("big:2", "go");

        Assert.Equal(text, JsonSerializer.Deserialize<string>((await second.Ended("big:2")).SerializedOutput!));
        Assert.Equal(text, JsonSerializer.Deserialize<string>((await second.Status("big:2")).SerializedInput!));
    }

    private static ScriptedHandler Fan(int width) => new ScriptedHandler()
        .Orchestrator("Fan", request =>
        {
            if (request.PastEvents.Count == 0)
            {
                return Answers([.. Enumerable.Range(0, width).Select(id => Act.Call(id, "Work", "1"))]);
            }

            var done = request.PastEvents.Concat(request.NewEvents).Count(item => item.TaskCompleted is not null);
            return done == width ? Answers(Act.Complete(width, $"{done}")) : Answers();
        })
        .Activity("Work", _ => Returns(null));
}
