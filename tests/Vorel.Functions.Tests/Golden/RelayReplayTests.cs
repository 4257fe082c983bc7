using Vorel.Durable;
using Vorel.LocalHost.Durable.Recording;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Golden;

/// <summary>
/// The steps that no orchestrator of ours takes yet: a child, an event that is sent, a new execution. <c>Relay.json</c> is an execution
/// of the orchestrator "Relay" that the hub's recorder is tested with.
/// </summary>
public sealed class RelayReplayTests
{
    [Fact]
    public async Task Code_that_takes_the_recorded_steps_passes()
    {
        var replay = Replay(new Relay());

        Assert.Null(await replay.AsRecorded());
        Assert.Null(await replay.InOtherBatches());
    }

    [Fact]
    public Task Another_child_is_found() =>
        Found(new Relay(Child: "Other"), "Turn 1 of 3 (on ExecutionStarted):", "  - 0 sub-orchestration 'Relay' as '", "  + 0 sub-orchestration 'Other' as '");

    [Theory]
    [InlineData("listener", "gossip", "event 'gossip' to 'listener' with \"of the child\"")]
    [InlineData("nobody", "news", "event 'news' to 'nobody' with \"of the child\"")]
    public Task Another_event_or_target_is_found(string listener, string news, string now) =>
        Found(new Relay(Listener: listener, News: news), "  - 1 event 'news' to 'listener' with \"of the child\"", "  + 1 " + now, "    2 end ContinuedAsNew with \"last\"");

    [Fact]
    public Task Another_content_of_the_event_is_found() =>
        Found(new Relay(Part: "mine"), "  - 1 event 'news' to 'listener' with \"of the child\"", "  + 1 event 'news' to 'listener' with \"mine\"");

    [Fact]
    public Task Another_input_of_the_next_execution_is_found() =>
        Found(new Relay(Next: "again"), "  - 2 end ContinuedAsNew with \"last\"", "  + 2 end ContinuedAsNew with \"again\"");

    [Fact]
    public Task An_end_in_place_of_the_next_execution_is_found() =>
        Found(new Relay(Next: null), "  - 2 end ContinuedAsNew with \"last\"", "  + 2 end Completed with \"\"");

    private static HistoryReplay Replay(Relay code)
    {
        var history = RecordedHistory.Parse(File.ReadAllText(RepositoryFolder.PathOf("tests", "Vorel.Functions.Tests", "Golden", "Relay.json")));
        var registry = new DurableTaskRegistry().AddOrchestrator("Relay", () => new Code(code));
        return new HistoryReplay("Relay", history, request => Worker.Play(registry, request));
    }

    private static async Task Found(Relay code, params string[] lines)
    {
        var difference = await Replay(code).AsRecorded();

        Assert.NotNull(difference);
        Assert.All(lines, line => Assert.Contains("\n" + line, difference, StringComparison.Ordinal));
    }

    /// <summary>What the code does, as recorded if not said otherwise.</summary>
    private sealed record Relay(string Child = "Relay", string Listener = "listener", string News = "news", string? Part = null, string? Next = "last");

    private sealed class Code(Relay relay) : TaskOrchestrator<string, string>
    {
        public override async Task<string> RunAsync(TaskOrchestrationContext context, string input)
        {
            var part = await context.CallSubOrchestratorAsync<string>(relay.Child, "child");
            await context.WaitForExternalEvent<string>("go");
            context.SendEvent(relay.Listener, relay.News, relay.Part ?? part);
            if (relay.Next is not null)
            {
                context.ContinueAsNew(relay.Next);
            }

            return "";
        }
    }
}
