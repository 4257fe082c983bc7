using System.Text.Json.Nodes;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable.Sidecar;

/// <summary>A client that is not ours, with a gRPC that is not ours, decodes what the sidecar says: every method that it has.</summary>
[Collection(nameof(HubCollection))]
[Trait("Area", "host")]
public sealed class SidecarRefereeTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private HubWorld _world = null!;
    private RunningHub _hub = null!;
    private SidecarReferee _referee = null!;

    public async Task InitializeAsync()
    {
        _world = new HubWorld(azurite, new ScriptedHandler()
            .Orchestrator("Wait", request => request.NewEvents.LastOrDefault(item => item.EventRaised is not null || item.ExecutionTerminated is not null) switch
            {
                { EventRaised: { } raised } => Answers(Act.Complete(1, raised.Input)),
                { ExecutionTerminated: { } end } => Answers(Act.Complete(1, end.Input, OrchestrationStatus.Terminated)),
                _ => Answers(new OrchestratorResponse { CustomStatus = "{\"step\":1}" }),
            })
            .Orchestrator("Broken", _ => Answers(Act.Complete(0, "\"no\"", OrchestrationStatus.Failed)))
            .Orchestrator("Calls", request => request.PastEvents.Count == 0 ? Answers(Act.Call(0, "Say", "\"x\"")) : Answers(Act.Complete(1, "\"said\"")))
            .Activity("Say", _ => Returns("hello")));
        _hub = await _world.Start();
        _referee = new SidecarReferee(await _hub.Hub.Address(CancellationToken.None), _world.HubName);
    }

    public async Task DisposeAsync()
    {
        await _referee.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task It_follows_an_instance_from_its_start_to_its_purge()
    {
        var started = await _referee.Result(new { @do = "schedule", name = "Wait", input = new { n = 1 }, options = new { instanceId = "a", version = "3", tags = new { team = "blue" } } });
        Assert.Equal("a", started!.GetValue<string>());
        var running = (await _referee.Result(new { @do = "waitForStart", id = "a", seconds = 20 }))!;
        Assert.Equal(("Wait", "RUNNING", "{\"step\":1}", "blue"), (Text(running, "name"), Text(running, "runtimeStatus"), Text(running, "serializedCustomStatus"), Text(running["tags"]!, "team")));
        Assert.Null(running["serializedInput"]);
        Assert.Equal("{\"n\":1}", Text((await _referee.Result(new { @do = "state", id = "a", payloads = true }))!, "serializedInput"));

        var ends = _referee.Ask(new { @do = "waitForCompletion", id = "a", seconds = 20 });
        Assert.Null(await _referee.Result(new { @do = "raise", id = "a", name = "go", data = new[] { 1, 2 } }));
        var ended = (await ends)["result"]!;
        Assert.Equal(("COMPLETED", "[1,2]"), (Text(ended, "runtimeStatus"), Text(ended, "serializedOutput")));
        Assert.True(DateTimeOffset.Parse(Text(ended, "createdAt")!) <= DateTimeOffset.Parse(Text(ended, "lastUpdatedAt")!));

        Assert.Equal(9, await _referee.Code(new { @do = "raise", id = "a", name = "late" }));
        Assert.Equal(9, await _referee.Code(new { @do = "terminate", id = "a" }));
        Assert.Equal("a", (await _referee.Result(new { @do = "restart", id = "a", anew = false }))!.GetValue<string>());
        Assert.Equal(9, await _referee.Code(new { @do = "restart", id = "a", anew = false }));
        Assert.NotEqual("a", (await _referee.Result(new { @do = "restart", id = "a", anew = true }))!.GetValue<string>());
        Assert.Equal(9, await _referee.Code(new { @do = "purge", id = "a" }));
        Assert.Null(await _referee.Result(new { @do = "terminate", id = "a", output = "enough" }));
        Assert.Equal("\"enough\"", Text((await _referee.Result(new { @do = "waitForCompletion", id = "a", seconds = 20 }))!, "serializedOutput"));
        Assert.Equal(1, (await _referee.Result(new { @do = "purge", id = "a" }))!["deletedInstanceCount"]!.GetValue<int>());
        Assert.Null(await _referee.Result(new { @do = "state", id = "a" }));
    }

    [Fact]
    public async Task It_suspends_resumes_and_reads_the_history()
    {
        await _referee.Result(new { @do = "schedule", name = "Wait", options = new { instanceId = "a" } });
        Assert.Null(await _referee.Result(new { @do = "suspend", id = "a" }));
        await _hub.Settle();
        Assert.Equal("SUSPENDED", Text((await _referee.Result(new { @do = "state", id = "a" }))!, "runtimeStatus"));
        Assert.Null(await _referee.Result(new { @do = "resume", id = "a" }));
        await _hub.Settle();
        Assert.Null(await _referee.Result(new { @do = "terminateChildren", id = "a", output = 5 }));
        await _hub.Ended("a");

        var kinds = (await _referee.Result(new { @do = "history", id = "a" }))!.AsArray().Select(item => Text(item!, "type")).ToList();
        Assert.Equal(
            ["ExecutionStarted", "ExecutionSuspended", "ExecutionResumed", "ExecutionTerminated", "ExecutionCompleted"],
            kinds.Where(kind => kind is not ("OrchestratorStarted" or "OrchestratorCompleted")));
        Assert.Empty((await _referee.Result(new { @do = "history", id = "nobody" }))!.AsArray());

        await _referee.Result(new { @do = "schedule", name = "Calls", options = new { instanceId = "b" } });
        await _hub.Ended("b");
        var calls = (await _referee.Result(new { @do = "history", id = "b" }))!.AsArray();
        var scheduled = calls.Single(item => Text(item!, "type") == "TaskScheduled")!;
        var completed = calls.Single(item => Text(item!, "type") == "TaskCompleted")!;
        Assert.Equal(("Say", 0, null), (Text(scheduled, "name"), scheduled["eventId"]!.GetValue<int>(), scheduled["input"]));
        Assert.Equal((0, "\"hello\""), (completed["taskScheduledId"]!.GetValue<int>(), Text(completed, "result")));
    }

    [Fact]
    public async Task It_starts_for_later()
    {
        var due = _world.Clock.GetUtcNow().AddDays(1);
        await _referee.Result(new { @do = "schedule", name = "Wait", options = new { instanceId = "a", startAt = due } });
        await _hub.Settle();
        Assert.Equal("PENDING", Text((await _referee.Result(new { @do = "state", id = "a" }))!, "runtimeStatus"));
        Assert.True(await _hub.JumpToNextTimer());

        Assert.Equal("RUNNING", Text((await _referee.Result(new { @do = "waitForStart", id = "a", seconds = 20 }))!, "runtimeStatus"));
        Assert.Equal(3, await _referee.Code(new { @do = "schedule", name = "Wait", options = new { startAt = due.AddDays(10) } }));
    }

    [Fact]
    public async Task It_lists_pages_and_purges_by_criteria()
    {
        for (var i = 0; i < 5; i++)
        {
            await _referee.Result(new { @do = "schedule", name = i == 4 ? "Broken" : "Calls", input = i, options = new { instanceId = $"i{i}" } });
        }

        await _referee.Result(new { @do = "schedule", name = "Wait", options = new { instanceId = "other" } });
        await _hub.Settle();

        var pages = (await _referee.Result(new { @do = "list", prefix = "i", pageSize = 2, payloads = true }))!.AsArray();
        Assert.Equal([2, 2, 1], pages.Select(page => page!.AsArray().Count));
        var all = pages.SelectMany(page => page!.AsArray()).ToList();
        Assert.Equal(["i0", "i1", "i2", "i3", "i4"], all.Select(state => Text(state!, "instanceId")));
        Assert.Equal(("COMPLETED", "3", "\"said\""), (Text(all[3]!, "runtimeStatus"), Text(all[3]!, "serializedInput"), Text(all[3]!, "serializedOutput")));
        Assert.Equal(["i4"], Ids(await _referee.Result(new { @do = "list", statuses = new[] { "FAILED" } })));
        Assert.Empty(Ids(await _referee.Result(new { @do = "list", from = _world.Clock.GetUtcNow().AddHours(1) })));

        var to = _world.Clock.GetUtcNow().AddHours(1);
        var purged = await _referee.Result(new { @do = "purgeWhere", from = "2020-01-01T00:00:00Z", to, statuses = new[] { "FAILED", "COMPLETED" } });
        Assert.Equal(5, purged!["deletedInstanceCount"]!.GetValue<int>());
        Assert.Equal(["other"], Ids(await _referee.Result(new { @do = "list" })));
    }

    [Fact]
    public async Task It_sees_the_status_of_every_refusal()
    {
        await _referee.Result(new { @do = "schedule", name = "Wait", options = new { instanceId = "a" } });
        await _referee.Result(new { @do = "schedule", name = "Broken", options = new { instanceId = "b" } });
        await _hub.Ended("b");

        Assert.Equal(6, await _referee.Code(new { @do = "schedule", name = "Wait", options = new { instanceId = "a" } }));
        Assert.Equal(3, await _referee.Code(new { @do = "schedule", name = "Nobody" }));
        Assert.Equal(3, await _referee.Code(new { @do = "schedule", name = "Wait", options = new { instanceId = "a/b" } }));
        Assert.Equal(5, await _referee.Code(new { @do = "raise", id = "nobody", name = "go" }));
        Assert.Equal(5, await _referee.Code(new { @do = "suspend", id = "nobody" }));
        Assert.Equal(9, await _referee.Code(new { @do = "resume", id = "b" }));
        Assert.Equal(5, await _referee.Code(new { @do = "rewind", id = "nobody" }));
        Assert.Equal(9, await _referee.Code(new { @do = "rewind", id = "a" }));
        Assert.Equal(12, await _referee.Code(new { @do = "rewind", id = "b" }));
        Assert.Equal(5, await _referee.Code(new { @do = "restart", id = "nobody" }));
        Assert.Equal(0, (await _referee.Result(new { @do = "purge", id = "nobody" }))!["deletedInstanceCount"]!.GetValue<int>());
        foreach (var method in new[] { "listIds", "signalEntity", "getEntity", "getEntities", "cleanEntities" })
        {
            Assert.Equal(12, await _referee.Code(new { @do = method }));
        }

        var waits = await _referee.Ask(new { @do = "waitForStart", id = "nobody", seconds = 0.2 });
        Assert.Contains("Timed out", Text(waits, "error"), StringComparison.Ordinal);
        await using var lost = new SidecarReferee(await _hub.Hub.Address(CancellationToken.None), "another");
        Assert.Equal(3, await lost.Code(new { @do = "state", id = "a" }));
    }

    private static string? Text(JsonNode node, string member) => node[member]?.GetValue<string>();

    private static IEnumerable<string?> Ids(JsonNode? pages) => pages!.AsArray().SelectMany(page => page!.AsArray()).Select(state => Text(state!, "instanceId"));
}
