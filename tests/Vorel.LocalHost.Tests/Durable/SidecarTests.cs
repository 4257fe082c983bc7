using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable;

/// <summary>The sidecar as a plain HTTP/2 client sees it, without the product's own client in between.</summary>
[Collection(nameof(HubCollection))]
public sealed class SidecarTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private HubWorld _world = null!;
    private RunningHub _hub = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        _world = new HubWorld(azurite, new ScriptedHandler().Orchestrator("Wait", request =>
            request.NewEvents.Any(item => item.EventRaised is not null) ? Answers(Act.Complete(0, "\"ok\"")) : Answers()));
        _hub = await _world.Start();
        _address = await _hub.Hub.Address(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task It_listens_on_loopback_alone()
    {
        Assert.Equal("127.0.0.1", _address.Host);
        Assert.Equal("http", _address.Scheme);
        Assert.NotEqual(0, _address.Port);
        Assert.Equal(_world.HubName, _hub.Hub.HubName);
        Assert.Equal(0, (await Send("Hello", new Empty())).Status);
    }

    [Fact]
    public async Task Start_raise_and_get_go_by_frames_and_trailers()
    {
        var started = await Send("StartInstance", new CreateInstanceRequest { InstanceId = "a", Name = "wAIT", Input = "1" });
        Assert.Equal((0, "a"), (started.Status, CreateInstanceResponse.Parser.ParseFrom(started.Body).InstanceId));
        Assert.Equal(0, (await Send("RaiseEvent", new RaiseEventRequest { InstanceId = "a", Name = "go" })).Status);
        await _hub.Ended("a");

        var full = GetInstanceResponse.Parser.ParseFrom((await Send("GetInstance", new GetInstanceRequest { InstanceId = "a", GetInputsAndOutputs = true })).Body);
        var lean = GetInstanceResponse.Parser.ParseFrom((await Send("GetInstance", new GetInstanceRequest { InstanceId = "a" })).Body);
        var none = GetInstanceResponse.Parser.ParseFrom((await Send("GetInstance", new GetInstanceRequest { InstanceId = "b" })).Body);

        Assert.True(full.Exists);
        Assert.Equal(("1", "\"ok\"", OrchestrationStatus.Completed), (full.OrchestrationState.Input, full.OrchestrationState.Output, full.OrchestrationState.OrchestrationStatus));
        Assert.NotNull(full.OrchestrationState.CompletedTimestamp);
        Assert.Equal((null, null), (lean.OrchestrationState.Input, lean.OrchestrationState.Output));
        Assert.Equal((false, null), (none.Exists, none.OrchestrationState));
    }

    [Fact]
    public async Task An_instance_without_an_id_gets_one()
    {
        var started = await Send("StartInstance", new CreateInstanceRequest { Name = "Wait" });

        Assert.NotEqual("", CreateInstanceResponse.Parser.ParseFrom(started.Body).InstanceId);
    }

    [Fact]
    public async Task A_refusal_is_a_status_and_a_message_and_no_body()
    {
        await Send("StartInstance", new CreateInstanceRequest { InstanceId = "a", Name = "Wait" });
        var again = await Send("StartInstance", new CreateInstanceRequest { InstanceId = "a", Name = "Wait" });

        Assert.Equal((6, 0), (again.Status, again.Body.Length));
        Assert.Contains("'a'", again.Message, StringComparison.Ordinal);
        Assert.Equal(12, (await Send("SuspendInstance", new Empty())).Status);
        Assert.Equal(12, (await Send("GetWorkItems", new Empty())).Status);
        Assert.Equal(12, (await Send("PurgeInstances", new PurgeInstancesRequest())).Status);
        Assert.Equal(12, (await Send("StartInstance", new CreateInstanceRequest { Name = "Wait", ScheduledStartTimestamp = new Timestamp() })).Status);
        Assert.Equal(3, (await Send("RaiseEvent", new RaiseEventRequest { InstanceId = "a" })).Status);
        Assert.Equal(3, (await Send("RaiseEvent", new RaiseEventRequest { InstanceId = "a", Name = "go", Input = "not json" })).Status);
        Assert.Equal(5, (await Send("TerminateInstance", new TerminateRequest { InstanceId = "b" })).Status);
        Assert.Equal(9, (await Send("PurgeInstances", new PurgeInstancesRequest { InstanceId = "a" })).Status);
    }

    [Theory]
    [InlineData("@entity")]
    [InlineData("a/b")]
    [InlineData("a#b")]
    [InlineData("a\u0001")]
    [InlineData("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü")]
    public async Task An_instance_id_that_cannot_be_one_is_an_invalid_argument(string id) =>
        Assert.Equal(3, (await Send("StartInstance", new CreateInstanceRequest { InstanceId = id, Name = "Wait" })).Status);

    [Fact]
    public async Task A_body_that_is_not_one_frame_is_an_error()
    {
        Assert.Equal(13, (await Post("GetInstance", [0, 0, 0], "application/grpc")).Status);
        Assert.Equal(13, (await Post("GetInstance", [1, 0, 0, 0, 0], "application/grpc")).Status);
        Assert.Equal(13, (await Post("GetInstance", [0, 0, 0, 0, 1, 0xFF], "application/grpc")).Status);
        using var json = await Request("GetInstance", "{}"u8.ToArray(), "application/json");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
    }

    private Task<(int Status, string Message, byte[] Body)> Send(string method, IMessage message) =>
        Post(method, GrpcFraming.Frame(message), "application/grpc");

    private async Task<(int Status, string Message, byte[] Body)> Post(string method, byte[] body, string contentType)
    {
        using var response = await Request(method, body, contentType);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/grpc", response.Content.Headers.ContentType?.MediaType);
        var frame = await response.Content.ReadAsByteArrayAsync();
        var message = response.TrailingHeaders.TryGetValues("grpc-message", out var texts) ? GrpcFraming.DecodeMessage(texts.Single()) : "";
        return (int.Parse(response.TrailingHeaders.GetValues("grpc-status").Single()), message, frame.Length == 0 ? frame : frame[5..]);
    }

    private Task<HttpResponseMessage> Request(string method, byte[] body, string contentType)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } };
        return _http.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(_address, $"/TaskHubSidecarService/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        });
    }
}
