using System.Net;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable.Sidecar;

/// <summary>The sidecar as a plain HTTP/2 client sees it, without the product's own client in between.</summary>
[Collection(nameof(HubCollection))]
public sealed class SidecarTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private HubWorld _world = null!;
    private RunningHub _hub = null!;
    private Uri _address = null!;
    private GrpcProbe _sidecar = null!;

    public async Task InitializeAsync()
    {
        _world = new HubWorld(azurite, new ScriptedHandler().Orchestrator("Wait", request =>
            request.NewEvents.Any(item => item.EventRaised is not null) ? Answers(Act.Complete(0, "\"ok\"")) : Answers()));
        _hub = await _world.Start();
        _address = await _hub.Hub.Address(CancellationToken.None);
        _sidecar = new GrpcProbe(_address);
    }

    public async Task DisposeAsync()
    {
        _sidecar.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task It_listens_on_loopback_alone()
    {
        Assert.Equal("127.0.0.1", _address.Host);
        Assert.Equal("http", _address.Scheme);
        Assert.NotEqual(0, _address.Port);
        Assert.Equal(_world.HubName, _hub.Hub.HubName);
        Assert.Equal(0, (await _sidecar.Send("Hello", new Empty())).Status);
    }

    [Fact]
    public async Task Start_raise_and_get_go_by_frames_and_trailers()
    {
        var started = await _sidecar.Ask("StartInstance", new CreateInstanceRequest { InstanceId = "a", Name = "wAIT", Input = "1" }, CreateInstanceResponse.Parser);
        Assert.Equal("a", started.InstanceId);
        Assert.Equal(0, (await _sidecar.Send("RaiseEvent", new RaiseEventRequest { InstanceId = "a", Name = "go" })).Status);
        await _hub.Ended("a");

        var full = await _sidecar.Ask("GetInstance", new GetInstanceRequest { InstanceId = "a", GetInputsAndOutputs = true }, GetInstanceResponse.Parser);
        var lean = await _sidecar.Ask("GetInstance", new GetInstanceRequest { InstanceId = "a" }, GetInstanceResponse.Parser);
        var none = await _sidecar.Ask("GetInstance", new GetInstanceRequest { InstanceId = "b" }, GetInstanceResponse.Parser);

        Assert.True(full.Exists);
        Assert.Equal(("1", "\"ok\"", OrchestrationStatus.Completed), (full.OrchestrationState.Input, full.OrchestrationState.Output, full.OrchestrationState.OrchestrationStatus));
        Assert.NotNull(full.OrchestrationState.CompletedTimestamp);
        Assert.Equal((null, null), (lean.OrchestrationState.Input, lean.OrchestrationState.Output));
        Assert.Equal((false, null), (none.Exists, none.OrchestrationState));
    }

    [Fact]
    public async Task An_instance_without_an_id_gets_one()
    {
        var started = await _sidecar.Ask("StartInstance", new CreateInstanceRequest { Name = "Wait" }, CreateInstanceResponse.Parser);

        Assert.NotEqual("", started.InstanceId);
    }

    [Fact]
    public async Task A_refusal_is_a_status_and_a_message_and_no_body()
    {
        await _sidecar.Send("StartInstance", new CreateInstanceRequest { InstanceId = "a", Name = "Wait" });
        var again = await _sidecar.Send("StartInstance", new CreateInstanceRequest { InstanceId = "a", Name = "Wait" });

        Assert.Equal((6, 0), (again.Status, again.Messages.Count));
        Assert.Contains("'a'", again.Message, StringComparison.Ordinal);
        Assert.Equal(12, (await _sidecar.Send("GetWorkItems", new Empty())).Status);
        Assert.Equal(3, (await _sidecar.Send("PurgeInstances", new PurgeInstancesRequest())).Status);
        Assert.Equal(3, (await _sidecar.Send("RaiseEvent", new RaiseEventRequest { InstanceId = "a" })).Status);
        Assert.Equal(3, (await _sidecar.Send("RaiseEvent", new RaiseEventRequest { InstanceId = "a", Name = "go", Input = "not json" })).Status);
        Assert.Equal(5, (await _sidecar.Send("TerminateInstance", new TerminateRequest { InstanceId = "b" })).Status);
        Assert.Equal(9, (await _sidecar.Send("PurgeInstances", new PurgeInstancesRequest { InstanceId = "a" })).Status);
    }

    [Theory]
    [InlineData("@entity")]
    [InlineData("a/b")]
    [InlineData("a#b")]
    [InlineData("a\u0001")]
    [InlineData("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü")]
    public async Task An_instance_id_that_cannot_be_one_is_an_invalid_argument(string id) =>
        Assert.Equal(3, (await _sidecar.Send("StartInstance", new CreateInstanceRequest { InstanceId = id, Name = "Wait" })).Status);

    [Fact]
    public async Task A_body_that_is_not_one_frame_is_an_error()
    {
        Assert.Equal(13, (await _sidecar.Post("GetInstance", [0, 0, 0])).Status);
        Assert.Equal(13, (await _sidecar.Post("GetInstance", [1, 0, 0, 0, 0])).Status);
        Assert.Equal(13, (await _sidecar.Post("GetInstance", [0, 0, 0, 0, 1, 0xFF])).Status);
        using var json = await _sidecar.Request("GetInstance", "{}"u8.ToArray(), "application/json");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
    }
}
