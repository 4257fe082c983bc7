using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Vorel.Azure.Queues;
using Vorel.Durable;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Invocation.Newtonsoft;
using Vorel.LocalHost.Invocation.Outputs;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Invocation.Outputs;

[Trait("Area", "host")]
[Collection(AzuriteCollection.Name)]
public sealed class OutputBindingsTests(AzuriteFixture azurite) : IDisposable
{
    private readonly TestApp _app = new();
    private readonly StartedInstances _hub = new();
    private readonly string _queue = $"out{Guid.NewGuid():N}";

    public void Dispose() => _app.Dispose();

    [Fact]
    public async Task Queue_outputs_are_sent_in_order_to_a_queue_that_is_created_for_them()
    {
        var result = await Write(Queue("out"), """["one!",{"v":1}]""");
        Assert.IsType<InvocationResult.Success>(result);
        Assert.Equal(["one!", "{\n  \"v\": 1\n}"], await Sent());
    }

    [Fact]
    public async Task Base64_is_the_only_form_in_which_a_message_arrives_exactly_as_sent()
    {
        const string Message = """{"at":"2026-01-02T03:04:05.500+02:00","n":1.10}""";
        await Write(Queue("out"), $"\"{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Message))}\"");
        Assert.Equal([Message], await Sent());
    }

    [Fact]
    public async Task What_no_binding_names_is_ignored_and_names_have_their_case()
    {
        Assert.IsType<InvocationResult.Success>(await Write(Queue("out"), "\"x!\"", name: "OUT"));
        Assert.Empty(_hub.Starts);
        Assert.Equal(404, (await Assert.ThrowsAsync<global::Azure.RequestFailedException>(Sent)).Status);
    }

    [Fact]
    public async Task Members_of_the_return_value_count_as_outputs_and_are_not_decoded()
    {
        var success = new InvocationResult.Success(NewtonsoftJson.Deserialize("""{"out":"test","other":1}"""), Outputs("out", "\"hidden!\""));
        Assert.IsType<InvocationResult.Success>(await Bindings().Write(Function(Queue("out")), success, CancellationToken.None));
        Assert.Equal(["test"], await Sent());
    }

    [Fact]
    public async Task The_return_value_goes_where_return_is_bound()
    {
        var success = new InvocationResult.Success(NewtonsoftJson.Deserialize("\"aGVsbG8=\""), Outputs("x", "1"));
        await Bindings().Write(Function(Queue("$return")), success, CancellationToken.None);
        Assert.Equal(["hello"], await Sent());
    }

    [Fact]
    public async Task A_failure_while_writing_fails_the_invocation()
    {
        var failure = Assert.IsType<InvocationResult.Failure>(await Write(Queue("out"), "\"{broken}\""));
        Assert.Equal(InvocationFailure.OutputFailed, failure.Kind);
        Assert.StartsWith("Error while handling parameter out after function returned:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_durable_client_output_starts_orchestrations()
    {
        var result = await Write(Client(), """[{"FunctionName":"Flow","InstanceId":"abc","Input":{"n":1.10}},{"functionName":"Flow"}]""");
        Assert.IsType<InvocationResult.Success>(result);
        Assert.Equal([("Flow", "abc", """{"n":1.1}"""), ("Flow", null, null)], _hub.Starts);
    }

    [Theory]
    [InlineData("""{"FunctionName":"Flow","InstanceId":"running"}""", "is Running")]
    [InlineData("""{"InstanceId":"abc"}""", "no FunctionName")]
    [InlineData("\"Flow!\"", "not a JSON object")]
    public async Task A_start_that_is_refused_fails_the_invocation(string json, string part) =>
        Assert.Contains(part, Assert.IsType<InvocationResult.Failure>(await Write(Client(), json)).Message, StringComparison.Ordinal);

    private static FunctionBinding Client() => new("durableClient", "out", "starter", []);

    private static FunctionDefinition Function(FunctionBinding output) => new("Worker", [new FunctionBinding("queueTrigger", "in", "msg", []), output]);

    private static Dictionary<string, JsonNode?> Outputs(string name, string json) =>
        new(StringComparer.Ordinal) { [name] = NewtonsoftJson.Deserialize(json) };

    private static FunctionBinding Queue(string name) => new("queue", "out", name, new JsonObject { ["queueName"] = "%QUEUE%", ["connection"] = "" });

    private Task<InvocationResult> Write(FunctionBinding output, string json, string? name = null) =>
        Bindings().Write(Function(output), new InvocationResult.Success(null, Outputs(name ?? output.Name, json)), CancellationToken.None);

    private OutputBindings Bindings()
    {
        var settings = new AppSettings(new LocalHostOptions
        {
            AppRoot = "", Storage = azurite.ConnectionString, DurableStorage = "", Settings = new Dictionary<string, string> { ["QUEUE"] = _queue },
        });
        return new OutputBindings(new QueueOutput(_app.Configuration, settings), new OrchestrationOutput(new Lazy<IDurableSidecar?>(_hub)));
    }

    private async Task<IEnumerable<string>> Sent() =>
        (await new QueueClient(azurite.ConnectionString, _queue).PeekMessagesAsync(32)).Value.Select(message => message.MessageText);

    private sealed class StartedInstances : IDurableSidecar
    {
        public ConcurrentQueue<(string Name, string? Id, string? Input)> Starts { get; } = [];

        public string HubName => "hub";

        public Task<Uri> Address(CancellationToken cancellationToken) => throw new InvalidOperationException("Nobody asks for the address.");

        public Task StartInstance(string orchestrator, string? instanceId, string? input, CancellationToken cancellationToken)
        {
            if (instanceId == "running")
            {
                throw new RpcException(GrpcStatus.AlreadyExists, "It is Running.");
            }

            Starts.Enqueue((orchestrator, instanceId, input));
            return Task.CompletedTask;
        }
    }
}
