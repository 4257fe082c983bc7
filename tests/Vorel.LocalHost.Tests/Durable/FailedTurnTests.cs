using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable;

[Collection(nameof(HubCollection))]
public sealed class FailedTurnTests(AzuriteFixture azurite)
{
    private int _calls;

    public static TheoryData<string, string> Answers_that_fail_an_instance => new()
    {
        { "status", "500 (Reason)" },
        { "connection", "refused" },
        { "json", "not JSON" },
        { "null", "null response" },
        { "object", "not a text" },
        { "base64", "not base64" },
        { "protobuf", "not an OrchestratorResponse" },
        { "long failure", "The failure details are longer" },
        { "long name", "The name of an activity is longer" },
        { "nameless child", "An instance id is not empty." },
        { "child with a slash", "An instance id holds none of" },
        { "long timer", "more than 7 days" },
        { "twice", "was used by an earlier action" },
        { "after", "follows the completion" },
        { "empty action", "does not support" },
        { "no target", "names no instance" },
        { "running", "cannot complete as Running" },
        { "status text", "custom status" },
    };

    [Theory]
    [MemberData(nameof(Answers_that_fail_an_instance))]
    public async Task An_unusable_answer_fails_the_instance_for_good(string answer, string details)
    {
        var handler = new ScriptedHandler().Orchestrator("Broken", _ => Answer(answer));
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Broken", "a");

        var end = await hub.Ended("a");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Null(end.FailureDetails);
        var output = JsonNode.Parse(end.SerializedOutput!)!.AsObject();
        Assert.Equal("Function 'Broken' failed with an unhandled exception.", (string?)output["message"]);
        Assert.Contains(details, (string?)output["details"], StringComparison.Ordinal);
        Assert.Equal(["message", "details"], output.Select(member => member.Key));
        hub.Kill();
        var next = await world.Start();
        await next.Settle();
        Assert.Single(handler.Turns);
    }

    [Fact]
    public async Task A_failure_that_the_orchestrator_reports_is_kept_as_type_and_message()
    {
        var handler = new ScriptedHandler().Orchestrator("Sad", _ => Answers(new OrchestratorAction
        {
            CompleteOrchestration = new CompleteOrchestrationAction
            {
                OrchestrationStatus = OrchestrationStatus.Failed,
                Result = "\"ignored\"",
                FailureDetails = new Vorel.Durable.Protocol.TaskFailureDetails { ErrorType = "Some.Error", ErrorMessage = "it broke" },
            },
        }));
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Sad", "a");

        var end = await hub.Ended("a");

        Assert.Equal((OrchestrationRuntimeStatus.Failed, "Some.Error: it broke"), (end.RuntimeStatus, end.SerializedOutput));
        Assert.Null(end.FailureDetails);
    }

    [Fact]
    public async Task A_custom_status_stands_until_a_turn_leaves_it_out()
    {
        var handler = new ScriptedHandler().Orchestrator("Status", request => request.PastEvents.Count == 0
            ? Answers(new OrchestratorResponse { CustomStatus = "\"half\"" })
            : Answers());
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Status", "a");
        await hub.Settle();
        Assert.Equal("\"half\"", (await hub.Status("a")).SerializedCustomStatus);

        await (await hub.Client()).RaiseEventAsync("a", "go");
        await hub.Settle();

        Assert.Null((await hub.Status("a")).SerializedCustomStatus);
    }

    [Fact]
    public async Task A_turn_that_times_out_is_played_again_later()
    {
        var handler = new ScriptedHandler();
        await AssertCalledAgain(handler.Orchestrator("Slow", _ => TimesOutTwice() ?? Answers(Act.Complete(0, "\"at last\""))));

        Assert.All(handler.Turns, turn => Assert.Empty(turn.PastEvents));
    }

    [Fact]
    public Task An_activity_that_times_out_is_called_again_later() => AssertCalledAgain(new ScriptedHandler()
        .Orchestrator("Slow", request => request.NewEvents.FirstOrDefault(item => item.TaskCompleted is not null) is { } done
            ? Answers(Act.Complete(1, done.TaskCompleted.Result))
            : Answers(Act.Call(0, "Work")))
        .Activity("Work", _ => TimesOutTwice() ?? Returns("at last")));

    [Fact]
    public async Task An_instance_whose_function_is_gone_fails()
    {
        await using var world = new HubWorld(azurite, new ScriptedHandler().Orchestrator("Old", _ => Answers()));
        var first = await world.Start();
        await first.Run("Old", "a");
        await first.Settle();
        first.Kill();

        var second = await world.Start(new ScriptedHandler().Orchestrator("New", _ => Answers()));
        await (await second.Client()).RaiseEventAsync("a", "go");

        var end = await second.Ended("a");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("does not exist", end.SerializedOutput, StringComparison.Ordinal);
    }

    private InvocationResult.Failure? TimesOutTwice() => Interlocked.Increment(ref _calls) <= 2
        ? new InvocationResult.Failure(InvocationFailure.TimedOut, "Timeout value of 00:05:00 was exceeded.")
        : null;

    /// <summary>Two calls time out; the third comes 2 s and then 4 s later, no earlier.</summary>
    private async Task AssertCalledAgain(ScriptedHandler handler)
    {
        var time = new FakeTimeProvider();
        await using var world = new HubWorld(azurite, handler) { Clock = new DomainClock(time) };
        var hub = await world.Start();
        await hub.Run("Slow", "a");
        foreach (var seconds in (int[])[2, 4])
        {
            await Eventually.True(() => time.WaitingTimers > 0, "the hub waits");
            var before = Volatile.Read(ref _calls);
            time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal(before, Volatile.Read(ref _calls));
            time.Advance(TimeSpan.FromTicks(1));
            await Eventually.True(() => Volatile.Read(ref _calls) == before + 1, "it is called again");
        }

        Assert.Equal("\"at last\"", (await hub.Ended("a")).SerializedOutput);
    }

    private static InvocationResult Answer(string kind) => kind switch
    {
        "status" => new InvocationResult.Failure(InvocationFailure.Status, "Response status code does not indicate success: 500 (Reason)."),
        "connection" => new InvocationResult.Failure(InvocationFailure.ConnectionLost, "Connection refused"),
        "json" => new InvocationResult.Failure(InvocationFailure.BadAnswer, "The answer is not JSON."),
        "null" => Returns(null),
        "object" => Returns(new JsonObject()),
        "base64" => Returns("no base64!"),
        "protobuf" => Returns(Convert.ToBase64String([0xFF, 0xFF])),
        "long failure" => Answers(new OrchestratorAction
        {
            CompleteOrchestration = new CompleteOrchestrationAction
            {
                OrchestrationStatus = OrchestrationStatus.Failed,
                FailureDetails = new Vorel.Durable.Protocol.TaskFailureDetails { ErrorType = "E", StackTrace = new string('x', 600 * 1024) },
            },
        }),
        "long name" => Answers(Act.Call(0, new string('x', 1025))),
        "nameless child" => Answers(Act.Child(0, "Child", "")),
        "child with a slash" => Answers(Act.Child(0, "Child", "a/b")),
        "long timer" => Answers(Act.Timer(0, DateTimeOffset.UtcNow.AddDays(7).AddMinutes(1))),
        "twice" => Answers(Act.Timer(0, DateTimeOffset.UtcNow), Act.Timer(0, DateTimeOffset.UtcNow)),
        "after" => Answers(Act.Complete(0), Act.Call(1, "Say")),
        "empty action" => Answers(new OrchestratorAction { Id = 0 }),
        "no target" => Answers(new OrchestratorAction { SendEvent = new SendEventAction { Name = "go" } }),
        "running" => Answers(Act.Complete(0, status: OrchestrationStatus.Running)),
        "status text" => Answers(new OrchestratorResponse { CustomStatus = JsonSerializer.Serialize(new string('x', 8192)) }),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
