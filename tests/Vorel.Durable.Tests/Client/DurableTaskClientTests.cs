using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Client;

public sealed class DurableTaskClientTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private FakeSidecar _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await FakeSidecar.Start();

    public async Task DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task A_start_carries_name_id_and_plain_json()
    {
        _sidecar.Reply(new CreateInstanceResponse { InstanceId = "delivery:1" });

        var id = await Client().ScheduleNewOrchestrationInstanceAsync(
            "Flow", new Race("a", DateTime.UnixEpoch), new StartOrchestrationOptions("delivery:1"));

        Assert.Equal("delivery:1", id);
        var (path, protocol, timeout, body) = Assert.Single(_sidecar.Requests);
        Assert.Equal(("/TaskHubSidecarService/StartInstance", "HTTP/2", "10000m"), (path, protocol, timeout));
        Assert.Equal(GrpcFraming.Frame(new CreateInstanceRequest
        {
            InstanceId = "delivery:1",
            Name = "Flow",
            Input = "{\"Winner\":\"a\",\"At\":\"1970-01-01T00:00:00Z\"}",
        }), body);
    }

    [Fact]
    public async Task A_start_without_an_id_makes_one()
    {
        _sidecar.Answer = async context =>
        {
            var request = CreateInstanceRequest.Parser.ParseFrom(_sidecar.Requests.Last().Body.AsSpan(5));
            _sidecar.Reply(new CreateInstanceResponse { InstanceId = request.InstanceId });
            await _sidecar.Answer(context);
        };

        Assert.Equal(32, (await Client().ScheduleNewOrchestrationInstanceAsync("Flow")).Length);
    }

    [Fact]
    public async Task A_start_of_an_instance_at_work_is_its_own_exception()
    {
        _sidecar.Refuse(GrpcStatus.AlreadyExists, "läuft schon 100%");

        var failure = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => Client().ScheduleNewOrchestrationInstanceAsync("Flow", null, new StartOrchestrationOptions("delivery:1")));

        Assert.Equal(("delivery:1", GrpcStatus.AlreadyExists, "läuft schon 100%"), (failure.InstanceId, failure.Status, failure.Detail));
        Assert.Equal("The durable sidecar's StartInstance ended with AlreadyExists.", failure.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@entity")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    public async Task An_id_that_the_hub_does_not_take_is_not_sent(string id)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Client().GetInstanceAsync(id));
        await Assert.ThrowsAsync<ArgumentException>(() => Client().RaiseEventAsync(new string('x', 257), "go"));

        Assert.Empty(_sidecar.Requests);
    }

    [Fact]
    public async Task An_instance_is_read_with_its_output()
    {
        _sidecar.Reply(new GetInstanceResponse
        {
            Exists = true,
            OrchestrationState = new OrchestrationState
            {
                InstanceId = "i",
                Name = "Flow",
                OrchestrationStatus = OrchestrationStatus.Completed,
                CreatedTimestamp = Timestamp.FromDateTime(DateTime.UnixEpoch),
                Output = "\"done\"",
                CustomStatus = "7",
            },
        });

        var instance = await Client().GetInstanceAsync("i", getInputsAndOutputs: true);

        Assert.NotNull(instance);
        Assert.Equal(("Flow", OrchestrationRuntimeStatus.Completed, true), (instance.Name, instance.RuntimeStatus, instance.IsCompleted));
        Assert.Equal(("done", 7, DateTimeOffset.UnixEpoch), (instance.ReadOutputAs<string>(), instance.ReadCustomStatusAs<int>(), instance.CreatedAt));
        Assert.Equal(GrpcFraming.Frame(new GetInstanceRequest { InstanceId = "i", GetInputsAndOutputs = true }), _sidecar.Requests.Single().Body);
    }

    [Fact]
    public async Task An_unknown_instance_is_none()
    {
        _sidecar.Reply(new GetInstanceResponse());

        Assert.Null(await Client().GetInstanceAsync("i"));
        Assert.Null(await Client().WaitForInstanceCompletionAsync("i"));
    }

    [Fact]
    public async Task Waiting_asks_until_the_instance_has_ended()
    {
        _sidecar.Answer = async context =>
        {
            var status = _sidecar.Requests.Count switch
            {
                1 => OrchestrationStatus.Pending,
                2 => OrchestrationStatus.Running,
                3 => OrchestrationStatus.Suspended,
                _ => OrchestrationStatus.Terminated,
            };
            var answer = _sidecar.Answer;
            _sidecar.Reply(new GetInstanceResponse
            {
                Exists = true,
                OrchestrationState = new OrchestrationState { OrchestrationStatus = status },
            });
            await _sidecar.Answer(context);
            _sidecar.Answer = answer;
        };

        var ended = await Client().WaitForInstanceCompletionAsync("i");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, ended?.RuntimeStatus);
        Assert.Equal(4, _sidecar.Requests.Count);
    }

    [Fact]
    public async Task Raise_terminate_and_purge_carry_what_they_say()
    {
        _sidecar.Reply(new RaiseEventResponse());
        await Client().RaiseEventAsync("i", "go", 5);
        await Client().RaiseEventAsync("i", "go");
        await Client().TerminateInstanceAsync("i", "stop");
        _sidecar.Reply(new PurgeInstancesResponse { DeletedInstanceCount = 1 });
        Assert.Equal(new PurgeResult(1), await Client().PurgeInstanceAsync("i"));

        Assert.Equal(
            [
                ("/TaskHubSidecarService/RaiseEvent", Hex(new RaiseEventRequest { InstanceId = "i", Name = "go", Input = "5" })),
                ("/TaskHubSidecarService/RaiseEvent", Hex(new RaiseEventRequest { InstanceId = "i", Name = "go" })),
                ("/TaskHubSidecarService/TerminateInstance", Hex(new TerminateRequest { InstanceId = "i", Output = "\"stop\"" })),
                ("/TaskHubSidecarService/PurgeInstances", Hex(new PurgeInstancesRequest { InstanceId = "i" })),
            ],
            _sidecar.Requests.Select(request => (request.Path, Convert.ToHexString(request.Body))));
    }

    [Theory]
    [InlineData(GrpcStatus.NotFound)]
    [InlineData(GrpcStatus.FailedPrecondition)]
    [InlineData(GrpcStatus.Unimplemented)]
    public async Task A_refusal_is_an_exception_with_its_status(GrpcStatus status)
    {
        _sidecar.Refuse(status, "no");

        Assert.Equal(status, await StatusOf(Client().RaiseEventAsync("i", "go")));
    }

    [Fact]
    public async Task A_status_among_the_headers_counts()
    {
        _sidecar.Answer = context =>
        {
            context.Response.ContentType = GrpcFraming.ContentType;
            context.Response.Headers[GrpcFraming.StatusTrailer] = "5";
            return Task.CompletedTask;
        };

        Assert.Equal(GrpcStatus.NotFound, await StatusOf(Client().GetInstanceAsync("i")));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_not_taken_for_one()
    {
        _sidecar.Answer = async context => await context.Response.Body.WriteAsync(GrpcFraming.Frame(new GetInstanceResponse()));
        Assert.Equal(GrpcStatus.Unavailable, await StatusOf(Client().GetInstanceAsync("i")));

        _sidecar.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal(GrpcStatus.Unavailable, await StatusOf(Client().GetInstanceAsync("i")));
    }

    [Fact]
    public async Task An_answer_that_is_not_grpc_is_an_exception()
    {
        _sidecar.Answer = context =>
        {
            context.Response.StatusCode = 502;
            return Task.CompletedTask;
        };
        Assert.Equal(GrpcStatus.Internal, await StatusOf(Client().GetInstanceAsync("i")));

        _sidecar.Answer = async context =>
        {
            await context.Response.Body.WriteAsync("<html>"u8.ToArray());
            context.Response.AppendTrailer(GrpcFraming.StatusTrailer, "0");
        };
        Assert.Equal(GrpcStatus.Internal, await StatusOf(Client().GetInstanceAsync("i")));
    }

    [Fact]
    public async Task A_sidecar_that_does_not_answer_in_time_or_is_gone_is_an_exception()
    {
        _sidecar.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        Assert.Equal(GrpcStatus.DeadlineExceeded, await StatusOf(Client(TimeSpan.FromMilliseconds(100)).GetInstanceAsync("i")));

        await _sidecar.DisposeAsync();
        Assert.Equal(GrpcStatus.Unavailable, await StatusOf(Client().GetInstanceAsync("i")));
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_its_own_cancellation()
    {
        using var patience = new CancellationTokenSource();
        _sidecar.Answer = async context =>
        {
            await patience.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client().GetInstanceAsync("i", cancellationToken: patience.Token));
    }

    private static async Task<GrpcStatus> StatusOf(Task call) => (await Assert.ThrowsAsync<DurableClientException>(() => call)).Status;

    private static string Hex(IMessage message) => Convert.ToHexString(GrpcFraming.Frame(message));

    private DurableTaskClient Client(TimeSpan? deadline = null) =>
        new(_http, _sidecar.Address, TestWorker.Options.JsonOptions, deadline) { PollInterval = TimeSpan.FromMilliseconds(1) };
}
