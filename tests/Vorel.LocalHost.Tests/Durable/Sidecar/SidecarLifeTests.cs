using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable.Sidecar;

/// <summary>Waiting for instances, starting them over, their histories, and calls that nobody should make.</summary>
[Collection(nameof(HubCollection))]
[Trait("Area", "host")]
public sealed class SidecarLifeTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HubWorld _world = null!;
    private RunningHub _hub = null!;
    private GrpcProbe _sidecar = null!;

    public async Task InitializeAsync()
    {
        _world = new HubWorld(azurite, new ScriptedHandler()
            .Orchestrator("Wait", request => request.NewEvents.Any(item => item.EventRaised is not null) ? Answers(Act.Complete(0, "\"ok\"")) : Answers())
            .Orchestrator("Gated", async _ =>
            {
                await _gate.Task;
                return Answers();
            })
            .Orchestrator("Broken", _ => Answers(Act.Complete(0, "\"no\"", OrchestrationStatus.Failed)))
            .Orchestrator("Steps", request => request.PastEvents.Count switch
            {
                0 => Answers([.. Enumerable.Range(0, 6).Select(i => Act.Call(i, "Big"))]),
                _ => Answers(),
            })
            .Activity("Big", _ => Returns(new string('x', 470_000))));
        _hub = await _world.Start();
        _sidecar = new GrpcProbe(await _hub.Hub.Address(CancellationToken.None));
    }

    public async Task DisposeAsync()
    {
        _gate.TrySetResult();
        _sidecar.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Waiting_for_the_start_ends_with_the_first_turn()
    {
        await _hub.Run("Gated", "a");
        var waits = _sidecar.Ask("WaitForInstanceStart", new GetInstanceRequest { InstanceId = "a" }, GetInstanceResponse.Parser);
        await Eventually.True(() => _world.Handler.Turns.Count == 1, "the first turn is played");
        Assert.False(waits.IsCompleted);
        _gate.SetResult();

        Assert.Equal(OrchestrationStatus.Running, (await waits).OrchestrationState.OrchestrationStatus);
    }

    [Fact]
    public async Task Waiting_for_the_end_gives_the_ended_instance_even_if_it_began_first()
    {
        var waits = _sidecar.Ask("WaitForInstanceCompletion", new GetInstanceRequest { InstanceId = "a", GetInputsAndOutputs = true }, GetInstanceResponse.Parser);
        await _hub.Run("Wait", "a", "in");
        await _hub.Settle();
        Assert.False(waits.IsCompleted);
        await (await _hub.Client()).RaiseEventAsync("a", "go");

        var state = (await waits).OrchestrationState;
        Assert.Equal((OrchestrationStatus.Completed, "\"in\"", "\"ok\""), (state.OrchestrationStatus, state.Input, state.Output));
        Assert.Equal("", (await _sidecar.Ask("WaitForInstanceCompletion", new GetInstanceRequest { InstanceId = "a" }, GetInstanceResponse.Parser)).OrchestrationState.Output ?? "");
    }

    [Theory]
    [InlineData("50m")]
    [InlineData("50000u")]
    [InlineData("1n")]
    public async Task The_callers_deadline_ends_a_wait(string deadline) =>
        Assert.Equal(4, (await _sidecar.Send("WaitForInstanceStart", new GetInstanceRequest { InstanceId = "nobody" }, ("grpc-timeout", deadline))).Status);

    [Theory]
    [InlineData("m")]
    [InlineData("5")]
    [InlineData("-5S")]
    [InlineData("5x")]
    [InlineData("123456789S")]
    public async Task A_deadline_that_is_none_is_an_error(string deadline) =>
        Assert.Equal(13, (await _sidecar.Send("Hello", new Empty(), ("grpc-timeout", deadline))).Status);

    [Fact]
    public async Task The_end_of_the_hub_ends_a_wait()
    {
        await _hub.Run("Wait", "a");
        await _sidecar.Send("Hello", new Empty());
        var waits = _sidecar.Send("WaitForInstanceCompletion", new GetInstanceRequest { InstanceId = "a" });
        await _sidecar.Send("Hello", new Empty()); // On the same connection: by its answer the wait has arrived.
        await _hub.Hub.StopAsync();

        Assert.Equal(14, (await waits).Status);
    }

    [Fact]
    public async Task A_restart_runs_again_with_the_same_input_under_the_same_id_or_a_new_one()
    {
        await _hub.Call("StartInstance", new CreateInstanceRequest { InstanceId = "a", Name = "Wait", Input = "{\"n\":1}", Version = "2", Tags = { ["k"] = "v" } });
        Assert.Equal(9, (await _sidecar.Send("RestartInstance", new RestartInstanceRequest { InstanceId = "a" })).Status);
        await (await _hub.Client()).RaiseEventAsync("a", "go");
        await _hub.Ended("a");

        Assert.Equal("a", (await Restart(withNewId: false)).InstanceId);
        await _hub.Settle();
        var other = (await Restart(withNewId: true)).InstanceId;
        await _hub.Settle();

        Assert.NotEqual("a", other);
        foreach (var id in new[] { "a", other })
        {
            var state = (await _sidecar.Ask("GetInstance", new GetInstanceRequest { InstanceId = id, GetInputsAndOutputs = true }, GetInstanceResponse.Parser)).OrchestrationState;
            Assert.Equal(("Wait", "{\"n\":1}", "2", "v", OrchestrationStatus.Running), (state.Name, state.Input, state.Version, state.Tags["k"], state.OrchestrationStatus));
        }

        Assert.Equal(5, (await _sidecar.Send("RestartInstance", new RestartInstanceRequest { InstanceId = "nobody" })).Status);
        Assert.Equal("v", _world.Handler.Turns.Last().NewEvents[1].ExecutionStarted.Tags["k"]);
    }

    [Fact]
    public async Task Rewind_is_refused_with_the_reason()
    {
        await _hub.Run("Wait", "a");
        await _hub.Run("Broken", "b");
        await _hub.Ended("b");

        Assert.Equal(5, (await _sidecar.Send("RewindInstance", new RewindInstanceRequest { InstanceId = "nobody" })).Status);
        Assert.Equal(9, (await _sidecar.Send("RewindInstance", new RewindInstanceRequest { InstanceId = "a" })).Status);
        Assert.Equal(12, (await _sidecar.Send("RewindInstance", new RewindInstanceRequest { InstanceId = "b" })).Status);
    }

    [Fact]
    public async Task A_reuse_policy_names_the_ends_that_may_be_replaced()
    {
        await _hub.Run("Broken", "a");
        await _hub.Ended("a");

        Assert.Equal(6, (await Start("a", OrchestrationStatus.Completed)).Status);
        Assert.Equal(6, (await Start("a")).Status);
        Assert.Equal(12, (await Start("a", OrchestrationStatus.Running)).Status);
        Assert.Equal(0, (await Start("a", OrchestrationStatus.Failed, OrchestrationStatus.Terminated)).Status);
        Assert.Equal(0, (await Start("new", OrchestrationStatus.Completed)).Status);
        Assert.Equal(6, (await Start("a", OrchestrationStatus.Failed)).Status);
    }

    [Fact]
    public async Task A_history_is_streamed_in_parts_of_about_two_mebibytes()
    {
        await _hub.Run("Steps", "a");
        await _hub.Settle();
        var reply = await _sidecar.Send("StreamInstanceHistory", new StreamInstanceHistoryRequest { InstanceId = "a" });

        var chunks = reply.Messages.Select(HistoryChunk.Parser.ParseFrom).ToList();
        Assert.Equal((0, 2), (reply.Status, chunks.Count));
        Assert.All(chunks, chunk => Assert.InRange(chunk.CalculateSize(), 1, 2 * 1024 * 1024));
        var events = chunks.SelectMany(chunk => chunk.Events).ToList();
        Assert.Equal(6, events.Count(item => item.TaskCompleted is not null));
        Assert.Equal(["OrchestratorStarted -1", "ExecutionStarted -1 Steps -"], HistoryText.Of(events.Take(2)));
        Assert.Equal(5, (await _sidecar.Send("StreamInstanceHistory", new StreamInstanceHistoryRequest { InstanceId = "nobody" })).Status);
    }

    [Theory]
    [InlineData("GetWorkItems", 12)]
    [InlineData("CompleteOrchestratorTask", 12)]
    [InlineData("AbandonTaskActivityWorkItem", 12)]
    [InlineData("SignalEntity", 12)]
    [InlineData("QueryEntities", 12)]
    [InlineData("DeleteTaskHub", 12)]
    [InlineData("ListInstanceIds", 12)]
    [InlineData("", 12)]
    [InlineData("Hello/again", 12)]
    [InlineData("CreateTaskHub", 0)]
    public async Task What_is_not_for_clients_of_this_hub_says_so(string method, int status) =>
        Assert.Equal(status, (await _sidecar.Send(method, new Empty())).Status);

    [Fact]
    public async Task The_headers_that_choose_a_hub_must_choose_this_one()
    {
        Assert.Equal(0, (await _sidecar.Send("Hello", new Empty(), ("Durable-TaskHub", _world.HubName.ToUpperInvariant()), ("Durable-ConnectionName", "AzureWebJobsStorage"))).Status);
        Assert.Equal(3, (await _sidecar.Send("Hello", new Empty(), ("Durable-TaskHub", "another"))).Status);
        Assert.Equal(3, (await _sidecar.Send("Hello", new Empty(), ("Durable-ConnectionName", "another"))).Status);
        Assert.Equal(12, (await _sidecar.Send("CreateTaskHub", new CreateTaskHubRequest { RecreateIfExists = true })).Status);
    }

    [Fact]
    public async Task Hostile_calls_get_a_status_and_the_next_one_is_answered()
    {
        Assert.Equal(13, (await _sidecar.Post("StartInstance", [])).Status);
        Assert.Equal(13, (await _sidecar.Post("StartInstance", [0, 0xFF, 0xFF, 0xFF, 0xFF])).Status);
        Assert.Equal(13, (await _sidecar.Post("QueryInstances", [0, 0, 0, 0, 2, 0x0A, 0x7F])).Status);
        Assert.Equal(13, (await _sidecar.Post("Hello", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0])).Status);
        Assert.Equal(8, (await _sidecar.Post("StartInstance", new byte[GrpcFraming.MaximumMessageLength + 100])).Status);
        Assert.Equal(3, (await _sidecar.Send("StartInstance", new CreateInstanceRequest { InstanceId = new string('a', 257), Name = "Wait" })).Status);
        Assert.Equal(3, (await _sidecar.Send("StartInstance", new CreateInstanceRequest { Name = "Wait", Version = new string('v', 2000) })).Status);
        Assert.Equal(3, (await _sidecar.Send("StartInstance", new CreateInstanceRequest { Name = "Wait", Tags = { ["k"] = new string('v', 20_000) } })).Status);
        Assert.Equal(3, (await _sidecar.Send("RaiseEvent", new RaiseEventRequest { InstanceId = "a", Name = new string('n', 5000) })).Status);
        foreach (var method in new[] { "GetInstance", "WaitForInstanceStart", "RestartInstance", "RewindInstance", "StreamInstanceHistory", "SuspendInstance", "ResumeInstance" })
        {
            Assert.Equal(3, (await _sidecar.Send(method, new GetInstanceRequest { InstanceId = "a\\b" })).Status);
        }

        using var grpc = await _sidecar.Request("Hello", [], "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, grpc.StatusCode);
        Assert.Equal(0, (await _sidecar.Send("Hello", new Empty())).Status);
    }

    private Task<RestartInstanceResponse> Restart(bool withNewId) =>
        _sidecar.Ask("RestartInstance", new RestartInstanceRequest { InstanceId = "a", RestartWithNewInstanceId = withNewId }, RestartInstanceResponse.Parser);

    private Task<GrpcReply> Start(string id, params OrchestrationStatus[] replaceable) => _sidecar.Send("StartInstance", new CreateInstanceRequest
    {
        InstanceId = id,
        Name = "Wait",
        OrchestrationIdReusePolicy = new OrchestrationIdReusePolicy { ReplaceableStatus = { replaceable } },
    });
}
