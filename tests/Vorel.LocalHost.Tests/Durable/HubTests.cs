using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable;

[Collection(nameof(HubCollection))]
public sealed class HubTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Every_turn_gets_the_history_split_into_past_and_new_with_the_ids_of_the_actions()
    {
        var due = DateTimeOffset.UtcNow.AddHours(1);
        var handler = new ScriptedHandler()
            .Orchestrator("Greet", request => request.PastEvents.Count switch
            {
                0 => Answers(Act.Call(0, "Say", "\"x\""), Act.Timer(1, due)),
                _ when request.NewEvents.Any(item => item.TimerFired is not null) => Answers(Act.Send(2, "nobody", "Bye", "1"), Act.Complete(3, "\"done\"")),
                _ => Answers(),
            })
            .Activity("Say", _ => Returns("hello"));
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();

        await hub.Run("Greet", "greet:1", "in");
        await hub.JumpToNextTimer();
        var end = await hub.Ended("greet:1");

        string[] first = ["OrchestratorStarted -1", "ExecutionStarted -1 Greet \"in\""];
        string[] second = ["OrchestratorStarted -1", "TaskCompleted -1 of 0 \"hello\""];
        string[] third = ["OrchestratorStarted -1", "TimerFired -1 of 1"];
        string[] afterFirst = [.. first, "TaskScheduled 0 Say -", "TimerCreated 1", "OrchestratorCompleted -1"];
        string[] afterSecond = [.. afterFirst, .. second, "OrchestratorCompleted -1"];
        var turns = handler.Turns.ToArray();
        Assert.Equal(3, turns.Length);
        Assert.Equal([], HistoryText.Of(turns[0].PastEvents));
        Assert.Equal(first, HistoryText.Of(turns[0].NewEvents));
        Assert.Equal(afterFirst, HistoryText.Of(turns[1].PastEvents));
        Assert.Equal(second, HistoryText.Of(turns[1].NewEvents));
        Assert.Equal(afterSecond, HistoryText.Of(turns[2].PastEvents));
        Assert.Equal(third, HistoryText.Of(turns[2].NewEvents));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal("\"done\"", end.SerializedOutput);
        Assert.Equal("\"in\"", end.SerializedInput);
    }
}
