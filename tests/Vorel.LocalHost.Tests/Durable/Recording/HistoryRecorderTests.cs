using System.Collections.Concurrent;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Recording;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable.Recording;

[Trait("Area", "host")]
[Collection(nameof(HubCollection))]
public sealed class HistoryRecorderTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vorel-histories-");

    private string Histories => Path.Combine(_folder.FullName, "made", "when", "needed");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_execution_that_ends_leaves_its_whole_history()
    {
        await using var world = new HubWorld(azurite, OneCall("\"done\"")) { RecordHistories = Histories };
        var hub = await world.Start();

        await hub.Run("Flow", "flow:1", "in");
        await hub.Ended("flow:1");

        var recorded = await Recorded();
        Assert.Equal(("Flow", "flow:1", "Completed", "\"half way\""), (recorded.Orchestrator, recorded.InstanceId, recorded.Outcome, recorded.CustomStatus));
        Assert.Equal(
            [
                "OrchestratorStarted -1", "ExecutionStarted -1 Flow \"in\"", "TaskScheduled 0 Say -", "OrchestratorCompleted -1",
                "OrchestratorStarted -1", "TaskCompleted -1 of 0 \"héé\"", "ExecutionCompleted 1 Completed \"done\"", "OrchestratorCompleted -1",
            ],
            HistoryText.Of(recorded.Events));
        Assert.Equal(recorded.Events[1].ExecutionStarted.OrchestrationInstance.ExecutionId, recorded.ExecutionId);
    }

    [Fact]
    public async Task A_failed_and_a_terminated_execution_are_recorded_as_such()
    {
        var handler = new ScriptedHandler()
            .Orchestrator("Broken", _ => Returns("no base64"))
            .Orchestrator("Wait", request => request.NewEvents.Any(item => item.ExecutionTerminated is not null)
                ? Answers(Act.Complete(0, "enough", OrchestrationStatus.Terminated))
                : Answers());
        await using var world = new HubWorld(azurite, handler) { RecordHistories = Histories };
        var hub = await world.Start();

        await hub.Run("Broken", "a");
        await hub.Ended("a");
        Assert.Equal("Failed", (await Recorded()).Outcome);
        Directory.Delete(Histories, recursive: true);
        await hub.Run("Wait", "b");
        await (await hub.Client()).TerminateInstanceAsync("b");
        await hub.Ended("b");

        Assert.Equal("Terminated", (await Recorded()).Outcome);
    }

    [Fact]
    public async Task An_instance_that_is_started_again_leaves_a_file_for_each_execution()
    {
        await using var world = new HubWorld(azurite, OneCall("1")) { RecordHistories = Histories };
        var hub = await world.Start();

        foreach (var files in (int[])[1, 2])
        {
            await hub.Run("Flow", "flow:1");
            await Eventually.True(() => Directory.Exists(Histories) && Directory.GetFiles(Histories, "*.json").Length == files, $"execution {files} is recorded");
        }
    }

    [Fact]
    public async Task An_execution_that_continues_as_new_is_recorded_with_its_child_and_the_event_it_sent()
    {
        await using var world = new HubWorld(azurite, Worker.Handler(new ConcurrentQueue<string>())) { RecordHistories = Histories };
        var hub = await world.Start();
        var client = await hub.Client();

        await hub.Run("Relay", "listener", "listen");
        await hub.Run("Relay", "relay", "first");
        await client.RaiseEventAsync("relay", "carried", "over");
        await client.RaiseEventAsync("relay", "go", "on");
        Assert.Equal("\"over\"", (await hub.Ended("relay")).SerializedOutput);
        Assert.Equal("\"of the child\"", (await hub.Ended("listener")).SerializedOutput);

        await Eventually.True(() => Directory.Exists(Histories) && Directory.GetFiles(Histories, "*.json").Length == 4, "all executions are recorded");
        var recorded = Directory.GetFiles(Histories, "*.json").Select(file => RecordedHistory.Parse(File.ReadAllText(file))).ToList();
        var first = Assert.Single(recorded, history => history.Outcome == "ContinuedAsNew");
        Assert.Equal("relay", first.InstanceId);
        Assert.Equal(
            ["SubOrchestrationInstanceCreated 0 Relay -", "EventSent 1 listener news \"of the child\"", "ContinueAsNew 2"],
            HistoryText.Of(first.Events.Where(item =>
                item.SubOrchestrationInstanceCreated is not null || item.EventSent is not null || item.ContinueAsNew is not null)));
        Assert.Equal("\"last\"", first.Events.Single(item => item.ContinueAsNew is not null).ContinueAsNew.Input);
        var second = Assert.Single(recorded, history => history.InstanceId == "relay" && history.Outcome == "Completed");
        Assert.Contains("EventRaised -1 carried \"over\"", HistoryText.Of(second.Events));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_costs_the_hub_nothing()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "in the way");
        await using var world = new HubWorld(azurite, OneCall("\"done\"")) { RecordHistories = Path.Combine(file, "below") };
        var hub = await world.Start();

        await hub.Run("Flow", "flow:1");

        Assert.Equal("\"done\"", (await hub.Ended("flow:1")).SerializedOutput);
    }

    [Fact]
    public void A_file_reads_back_as_it_was_written()
    {
        HistoryEvent[] events =
        [
            new() { EventId = 0, TaskScheduled = new TaskScheduledEvent { Name = "Say", Input = "" } },
            new() { EventId = -1, EventRaised = new EventRaisedEvent { Name = "go", Input = null } },
        ];
        var history = new RecordedHistory("Flow", "flow:1", "e", "Completed", CustomStatus: null, events);

        var read = RecordedHistory.Parse(history.ToJson());

        Assert.Equal(history with { Events = read.Events }, read);
        Assert.Equal(events, read.Events);
        Assert.Throws<FormatException>(() => RecordedHistory.Parse("{}"));
        Assert.Throws<FormatException>(() => RecordedHistory.Parse("[1"));
    }

    private static ScriptedHandler OneCall(string result) => new ScriptedHandler()
        .Activity("Say", _ => Returns("héé"))
        .Orchestrator("Flow", request => request.PastEvents.Count == 0
            ? Answers(Act.Call(0, "Say"))
            : Answers(new OrchestratorResponse { CustomStatus = "\"half way\"", Actions = { Act.Complete(1, result) } }));

    /// <summary>The one history that is there. It is there once the instance has ended, or a moment later.</summary>
    private async Task<RecordedHistory> Recorded()
    {
        await Eventually.True(() => Directory.Exists(Histories) && Directory.GetFiles(Histories, "*.json").Length > 0, "the history is recorded");
        return RecordedHistory.Parse(await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Histories))));
    }
}
