using System.Collections.Concurrent;
using Vorel.Durable;
using Vorel.LocalHost.Durable;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Durable;

[Collection(nameof(HubCollection))]
[Trait("Area", "host")]
public sealed class ChaosTests(AzuriteFixture azurite)
{
    private const int Families = 12;

    [Theory]
    [InlineData("seed=1,duplicate=0.5")]
    [InlineData("seed=2,lost-result=0.5")]
    [InlineData("seed=3,replayed-turn=0.5")]
    [InlineData("seed=4,duplicate=0.3,lost-result=0.3,replayed-turn=0.3")]
    public async Task Our_orchestrations_come_to_the_right_end_under_chaos(string spec)
    {
        var effects = new ConcurrentQueue<string>();
        var handler = Worker.Handler(effects);
        await using var world = new HubWorld(azurite, handler) { Chaos = Chaos.Parse(spec) };
        var hub = await world.Start();
        foreach (var number in Enumerable.Range(0, Families))
        {
            await hub.Run("Family", $"family:{number}", $"{number}");
        }

        while (await hub.JumpToNextTimer())
        {
            // Until no timer waits.
        }

        foreach (var number in Enumerable.Range(0, Families))
        {
            Assert.Equal($"\"{number} 1, OTHER 1\"", (await hub.Ended($"family:{number}")).SerializedOutput);
        }

        // What happened is seen: without chaos each effect happens once and each turn is played once.
        Assert.Equal(spec.Contains("lost-result", StringComparison.Ordinal), effects.Count > Families * 4);
        Assert.Equal(
            spec.Contains("replayed-turn", StringComparison.Ordinal),
            handler.Turns.GroupBy(turn => (turn.InstanceId, turn.PastEvents, turn.NewEvents)).Any(same => same.Count() > 1));
        if (spec.Contains("duplicate", StringComparison.Ordinal))
        {
            Assert.Contains(handler.Turns, turn => turn.NewEvents.Where(item => item.TaskCompleted is not null).GroupBy(item => item.TaskCompleted.TaskScheduledId).Any(same => same.Count() > 1));
        }
    }

    [Fact]
    public async Task A_raised_event_may_arrive_twice()
    {
        var handler = new ScriptedHandler().Orchestrator("Wait", _ => ScriptedHandler.Answers());
        await using var world = new HubWorld(azurite, handler) { Chaos = Chaos.Parse("seed=1,duplicate=0.9") };
        var hub = await world.Start();
        await hub.Run("Wait", "a");
        await (await hub.Client()).RaiseEventAsync("a", "go", "1");
        await hub.Settle();

        Assert.True(handler.Turns.SelectMany(turn => turn.NewEvents).Count(item => item.EventRaised is not null) > 1);
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await hub.Status("a")).RuntimeStatus);
    }

    [Theory]
    [InlineData("seed=7,duplicate=0.2,lost-result=0.1,replayed-turn=0.05")]
    [InlineData("seed=0,duplicate=0,lost-result=0,replayed-turn=0.9")]
    public void A_specification_prints_as_it_is_written(string spec) => Assert.Equal(spec, Chaos.Parse(spec).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("seed")]
    [InlineData("seed=x")]
    [InlineData("seed=-1")]
    [InlineData("duplicate=1")]
    [InlineData("duplicate=-0.1")]
    [InlineData("duplicate=0,2")]
    [InlineData("duplicate=0.1,duplicate=0.2")]
    [InlineData("doubled=0.1")]
    [InlineData("duplicate=NaN")]
    public void A_wrong_specification_is_refused(string spec) => Assert.Contains("seed=NUMBER", Assert.Throws<FormatException>(() => Chaos.Parse(spec)).Message, StringComparison.Ordinal);
}
