using System.Text.RegularExpressions;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable.Management;

/// <summary>Single instances over HTTP.</summary>
[Collection(nameof(HubCollection))]
[Trait("Area", "host")]
public sealed partial class ManagementApiTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Wait = "/orchestrators/Wait";

    private readonly ScriptedHandler _functions = new ScriptedHandler()
        .Orchestrator("Wait", request => request.NewEvents.LastOrDefault(item => item.EventRaised is not null || item.ExecutionTerminated is not null) switch
        {
            { EventRaised: { } raised } => Answers(Act.Complete(1, raised.Input)),
            { ExecutionTerminated: { } end } => Answers(Act.Complete(1, end.Input, OrchestrationStatus.Terminated)),
            _ => Answers(new OrchestratorResponse { CustomStatus = "{\"step\":1}" }),
        })
        .Orchestrator("Broken", _ => Answers(Act.Complete(0, "Error: no", OrchestrationStatus.Failed)))
        .Orchestrator("Calls", request => request.PastEvents.Count switch
        {
            0 => Answers(Act.Call(0, "Say", "\"x\""), Act.Timer(1, DateTimeOffset.UtcNow), Act.Call(2, "Never"), Act.Send(3, "nobody", "hi", "1")),
            _ when request.NewEvents.Any(item => item.EventRaised is not null) => Answers(Act.Complete(4, "{\"said\":\"hello\"}")),
            _ => Answers(),
        })
        .Activity("Say", _ => Returns("hello"))
        .Activity("Never", _ => Hang);

    private ManagedHub _hub = null!;

    public async Task InitializeAsync() => _hub = await ManagedHub.Start(azurite, _functions);

    public async Task DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public async Task A_start_is_answered_with_the_addresses_to_go_on_with()
    {
        var started = await _hub.Send("POST", Wait + "/order 1?version=7", """{"n":1.10}""");

        var root = $"{_hub.Host.Address}runtime/webhooks/durabletask/instances/order%201";
        var query = $"taskHub={_hub.HubName}&connection=AzureWebJobsStorage&code={_hub.Key}";
        Assert.Equal(202, started.Status);
        Assert.Equal($"{root}?{query}", started.Header("Location"));
        Assert.Equal("10", started.Header("Retry-After"));
        Assert.Equal(
            $$"""{"id":"order 1","statusQueryGetUri":"{{root}}?{{query}}","sendEventPostUri":"{{root}}/raiseEvent/{eventName}?{{query}}","terminatePostUri":"{{root}}/terminate?reason={text}&{{query}}","purgeHistoryDeleteUri":"{{root}}?{{query}}","restartPostUri":"{{root}}/restart?{{query}}","suspendPostUri":"{{root}}/suspend?reason={text}&{{query}}","resumePostUri":"{{root}}/resume?reason={text}&{{query}}"}""",
            started.Text);
        using var followed = await _hub.Host.Client.GetAsync(new Uri(started.Header("Location")!));
        Assert.Equal(202, (int)followed.StatusCode);
        await _hub.Settle();
        Assert.Equal("7", _functions.Turns.Single().NewEvents[1].ExecutionStarted.Version);
    }

    [Fact]
    public async Task The_status_has_the_documented_members_in_their_order()
    {
        await _hub.Send("POST", Wait + "/a", """{"n":1.10,"n":"ü"}""");
        await _hub.Settle();
        var running = await _hub.Send("GET", "/instances/a");

        Assert.Equal((202, "5"), (running.Status, running.Header("Retry-After")));
        Assert.StartsWith($"{_hub.Host.Address}runtime/webhooks/durabletask/instances/a?taskHub=", running.Header("Location"), StringComparison.Ordinal);
        Assert.Equal(
            """{"name":"Wait","instanceId":"a","runtimeStatus":"Running","input":{"n":1.10,"n":"ü"},"customStatus":{"step":1},"output":null,"createdTime":"T","lastUpdatedTime":"T"}""",
            Seconds().Replace(running.Text, "\"T\""));

        Assert.Equal(202, (await _hub.Send("POST", "/instances/a/raiseEvent/go", "[\"\\ud800\"]")).Status);
        var ended = await _hub.Ended("a");
        Assert.Contains("\"output\":[\"\\ud800\"]", ended.Text, StringComparison.Ordinal);
        Assert.Null(ended.Header("Location"));
        Assert.Contains("\"input\":null", (await _hub.Send("GET", "/instances/a?showInput=false")).Text, StringComparison.Ordinal);
        Assert.Equal(404, (await _hub.Send("GET", "/instances/nobody")).Status);
    }

    [Fact]
    public async Task A_failure_is_a_500_only_where_the_caller_wants_it_so()
    {
        await _hub.Send("POST", "/orchestrators/Broken/a");
        var ended = await _hub.Ended("a");

        Assert.Equal(("Failed", "Error: no"), (ended.Json["runtimeStatus"]!.GetValue<string>(), ended.Json["output"]!.GetValue<string>()));
        Assert.Equal(500, (await _hub.Send("GET", "/instances/a?returnInternalServerErrorOnFailure=true")).Status);
        Assert.Equal(400, (await _hub.Send("GET", "/instances/a?returnInternalServerErrorOnFailure=maybe")).Status);
    }

    [Fact]
    public async Task The_history_is_told_without_the_turns_and_with_results_beside_what_they_are_of()
    {
        await _hub.Send("POST", "/orchestrators/Calls/a", "5");
        await _hub.Settle();
        await Eventually.True(async () => (await _hub.Send("GET", "/instances/a?showHistory=true")).Text.Contains("TimerFired", StringComparison.Ordinal), "the timer fires");
        await _hub.Send("POST", "/instances/a/raiseEvent/go", "true");
        await _hub.Ended("a");

        var without = (await _hub.Send("GET", "/instances/a?showHistory=true")).Json["historyEvents"]!.AsArray();
        var with = (await _hub.Send("GET", "/instances/a?showHistory=true&showHistoryOutput=true")).Json["historyEvents"]!.AsArray();

        string[] members =
        [
            "EventType,FunctionName,Timestamp ExecutionStarted", "EventType,FunctionName,ScheduledTime,Timestamp TaskCompleted",
            "EventType,FunctionName,Timestamp TaskScheduled", "EventType,FireAt,ScheduledTime,Timestamp TimerFired",
            "EventType,InstanceId,Name,Timestamp EventSent", "EventType,Name,Timestamp EventRaised",
            "EventType,OrchestrationStatus,Timestamp ExecutionCompleted",
        ];
        Assert.Equal(members.Order(StringComparer.Ordinal), without.Select(item => $"{string.Join(',', item!.AsObject().Select(member => member.Key))} {item["EventType"]}").Order(StringComparer.Ordinal));
        Assert.Equal("hello", with.Single(item => item!["EventType"]!.GetValue<string>() == "TaskCompleted")!["Result"]!.GetValue<string>());
        Assert.Equal("""{"said":"hello"}""", with[^1]!["Result"]!.ToJsonString());
        Assert.Null((await _hub.Send("GET", "/instances/a")).Json["historyEvents"]);
    }

    [Fact]
    public async Task A_start_that_waits_gives_the_output_or_else_the_addresses()
    {
        await _hub.Send("POST", Wait + "/slow?timeout=0.1&pollingInterval=0.1");
        var slow = await _hub.Send("POST", Wait + "/slower?timeout=0.1&pollingInterval=0.05");
        var broken = await _hub.Send("POST", "/orchestrators/Broken?timeout=20");
        var waits = _hub.Send("POST", Wait + "/a?timeout=20&pollingInterval=0.1");
        await Eventually.True(async () => (await _hub.Send("POST", "/instances/a/raiseEvent/go", "{\"ok\":true}")).Status == 202, "the event is taken");

        Assert.Equal((202, "slower"), (slow.Status, slow.Json["id"]!.GetValue<string>()));
        Assert.Equal((200, "Failed"), (broken.Status, broken.Json["runtimeStatus"]!.GetValue<string>()));
        Assert.Equal((200, "{\"ok\":true}"), ((await waits).Status, (await waits).Text));
    }

    [Theory]
    [InlineData("/orchestrators/Nobody", "1")]
    [InlineData(Wait, "{oops")]
    [InlineData(Wait, "\"\\x\"")]
    [InlineData(Wait + "?timeout=1&pollingInterval=2", "1")]
    [InlineData(Wait + "?timeout=-1", "1")]
    [InlineData(Wait + "?timeout=NaN", "1")]
    [InlineData(Wait + "?timeout=1e300", "1")]
    [InlineData(Wait + "?taskHub=another", "1")]
    [InlineData(Wait + "?connection=another", "1")]
    [InlineData(Wait + "/@entity", "1")]
    public async Task A_start_that_cannot_be_is_a_bad_request(string path, string body)
    {
        var answer = await _hub.Send("POST", path, body);
        Assert.Equal(400, answer.Status);
        Assert.NotEqual("", answer.Json["Message"]!.GetValue<string>());
        Assert.Empty(_functions.Turns);
    }

    [Fact]
    public async Task A_running_duplicate_is_a_conflict()
    {
        await _hub.Send("POST", Wait + "/a");
        Assert.Equal(409, (await _hub.Send("POST", Wait + "/a")).Status);
        await _hub.Send("POST", "/instances/a/terminate");
        await _hub.Ended("a");
        Assert.Equal(202, (await _hub.Send("POST", Wait + "/a")).Status);
    }

    [Fact]
    public async Task Events_are_json_for_instances_at_work()
    {
        await _hub.Send("POST", Wait + "/a");
        Assert.Equal(400, (await _hub.Send("POST", "/instances/a/raiseEvent/go", "1", "text/plain")).Status);
        Assert.Equal(400, (await _hub.Send("POST", "/instances/a/raiseEvent/go", "1", contentType: null)).Status);
        Assert.Equal(400, (await _hub.Send("POST", "/instances/a/raiseEvent/go", "{oops")).Status);
        Assert.Equal(404, (await _hub.Send("POST", "/instances/nobody/raiseEvent/go", "1")).Status);
        Assert.Equal(413, (await _hub.Send("POST", "/instances/a/raiseEvent/go", $"\"{new string('x', 500_000)}\"")).Status);
        Assert.Equal(202, (await _hub.Send("POST", "/instances/a/raiseEvent/go", "1", "application/json; charset=utf-8")).Status);
        await _hub.Ended("a");
        Assert.Equal(410, (await _hub.Send("POST", "/instances/a/raiseEvent/go", "1")).Status);
    }

    [Fact]
    public async Task Terminate_suspend_and_resume_take_a_reason_and_an_instance_at_work()
    {
        await _hub.Send("POST", Wait + "/a");
        Assert.Equal(202, (await _hub.Send("POST", "/instances/a/suspend?reason=hold%20on")).Status);
        await _hub.Settle();
        var held = await _hub.Send("GET", "/instances/a");
        Assert.Equal((202, "Suspended", "hold on"), (held.Status, held.Json["runtimeStatus"]!.GetValue<string>(), held.Json["output"]!.GetValue<string>()));
        Assert.Equal(202, (await _hub.Send("POST", "/instances/a/resume?reason=go%20on")).Status);
        await _hub.Settle();
        Assert.Equal(202, (await _hub.Send("POST", "/instances/a/terminate?reason=no%20more")).Status);
        Assert.Equal("no more", (await _hub.Ended("a")).Json["output"]!.GetValue<string>());

        var reasons = (await _hub.Send("GET", "/instances/a?showHistory=true")).Json["historyEvents"]!.AsArray().Select(item => item!["Reason"]?.GetValue<string>()).OfType<string>();
        Assert.Equal(["hold on", "go on", "no more"], reasons);
        foreach (var operation in new[] { "terminate", "suspend", "resume" })
        {
            Assert.Equal(410, (await _hub.Send("POST", $"/instances/a/{operation}")).Status);
            Assert.Equal(404, (await _hub.Send("POST", $"/instances/nobody/{operation}")).Status);
        }
    }

    [Fact]
    public async Task Restart_takes_a_new_id_unless_told_otherwise_and_rewind_is_not_implemented()
    {
        await _hub.Send("POST", "/orchestrators/Broken/a", "{\"n\":1}");
        await _hub.Send("POST", Wait + "/b");
        await _hub.Ended("a");

        Assert.Equal("a", (await _hub.Send("POST", "/instances/a/restart?restartWithNewInstanceId=false")).Json["id"]!.GetValue<string>());
        await _hub.Ended("a");
        var anew = await _hub.Send("POST", "/instances/a/restart");
        var id = anew.Json["id"]!.GetValue<string>();
        Assert.Equal((202, "{\"n\":1}"), (anew.Status, (await _hub.Ended(id)).Json["input"]!.ToJsonString()));
        Assert.NotEqual("a", id);
        Assert.Equal(409, (await _hub.Send("POST", "/instances/b/restart?restartWithNewInstanceId=false")).Status);
        Assert.Equal(400, (await _hub.Send("POST", "/instances/nobody/restart")).Status);
        Assert.Equal(501, (await _hub.Send("POST", "/instances/a/rewind")).Status);
        Assert.Equal(412, (await _hub.Send("POST", "/instances/b/rewind")).Status);
        Assert.Equal(404, (await _hub.Send("POST", "/instances/nobody/rewind")).Status);
    }

    [GeneratedRegex("\"20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\"", RegexOptions.None, 1000)]
    private static partial Regex Seconds();
}
