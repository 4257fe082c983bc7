using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vorel.Durable.Protocol;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Hosting.Envelopes;

public sealed class FunctionCallTests
{
    private const string HelloRequest =
        "CgNhYmMiFQj///////////8BEgYIpfrNrAZyACIwCP///////////wESBgil+s2sBhobCgVIZWxsbxoFCgMieCIiCwoDYWJjEgQKAmUx";

    [Theory]
    [InlineData("""{"Data":{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":true}},"Metadata":{"sys":{}}}""")]
    [InlineData("""{"Data":{"timer":"{\"IsPastDue\":true}"},"Metadata":{}}""")]
    public async Task A_timer_is_told_that_it_is_past_due(string envelope)
    {
        await using var host = await ProbeHost.Start();

        Assert.Equal(200, (await host.Post("/Tock", envelope)).Status);

        Assert.Contains("IsPastDue = True", Assert.Single(host.Journal.Calls), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "\"hello\"" """, "hello")]
    [InlineData(""" "hello" """, "hello")]
    [InlineData(""" "\"5\"" """, "5")]
    [InlineData(""" "\"{\\\"a\\\":1}\"" """, """{"a":1}""")]
    [InlineData(""" "{\"a\":1}" """, """{"a":1}""")]
    [InlineData(""" {"a":1} """, """{"a":1}""")]
    public async Task A_message_is_read_however_often_it_was_quoted(string value, string message)
    {
        await using var host = await ProbeHost.Start();
        var client = JsonValue.Create("""{"rpcBaseUrl":"http://127.0.0.1:4001"}""").ToJsonString();

        var answer = await host.Post("/TakeMessage", $$$"""{"Data":{"message":{{{value}}},"client":{{{client}}} },"Metadata":{}}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal([message], host.Journal.Calls);
    }

    [Fact]
    public async Task A_failure_is_500_with_its_type_and_nothing_of_its_text()
    {
        await using var host = await ProbeHost.Start();

        var answer = await host.Post("/TakeMessage", ProbeHost.MessageEnvelope("fail"));

        Assert.Equal(500, answer.Status);
        Assert.Equal("InvalidOperationException", answer.Reason);
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"Data":null}""")]
    [InlineData("""{"Data":{}}""")]
    [InlineData("""{"Data":{"message":"\"x\""}}""")]
    [InlineData("""{"Data":{"message":"\"x\"","client":"\"{\\\"rpcBaseUrl\\\":\\\"http://evil.example/\\\"}\""}}""")]
    public async Task A_broken_envelope_is_500_and_calls_nothing(string envelope)
    {
        await using var host = await ProbeHost.Start();

        var answer = await host.Post("/TakeMessage", envelope);

        Assert.Equal((500, "EnvelopeFormatException"), (answer.Status, answer.Reason));
        Assert.Empty(host.Journal.Calls);
    }

    [Theory]
    [InlineData("http://127.0.0.1:4001", 200)]
    [InlineData("http://evil.example", 500)]
    public async Task The_clients_binding_is_read_with_all_it_holds_and_its_key_is_told_to_nobody(string sidecar, int status)
    {
        using var log = new LogTexts();
        await using var host = await ProbeHost.Start(services => services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace)));
        var binding = new JsonObject
        {
            ["taskHubName"] = "vorel",
            ["creationUrls"] = null,
            ["managementUrls"] = null,
            ["baseUrl"] = null,
            ["requiredQueryStringParameters"] = "code=top-secret",
            ["rpcBaseUrl"] = sidecar,
            ["httpBaseUrl"] = "http://127.0.0.1:7071/runtime/webhooks/durabletask",
            ["connectionName"] = null,
            ["useForwardedHost"] = false,
            ["maxGrpcMessageSizeInBytes"] = 4194304,
            ["grpcHttpClientTimeout"] = "00:01:40",
        };
        var data = new JsonObject
        {
            ["message"] = JsonValue.Create("x").ToJsonString(),
            ["client"] = JsonValue.Create(binding.ToJsonString()).ToJsonString(),
        };

        var answer = await host.Post("/TakeMessage", new JsonObject { ["Data"] = data, ["Metadata"] = new JsonObject() }.ToJsonString());

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 500, !log.Lines.IsEmpty);
        Assert.DoesNotContain(log.Lines, line => line.Contains("top-secret", StringComparison.Ordinal));
        Assert.DoesNotContain("top-secret", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_activity_answers_a_string_that_holds_json()
    {
        await using var host = await ProbeHost.Start();
        var input = Quote(Quote(Quote("in")));

        var answer = await host.Post("/EchoStep", $$$"""{"Data":{"input":{{{Quote(input)}}} },"Metadata":{}}""");

        var body = Body(answer);
        Assert.Equal("""{"ok":true,"value":"in!"}""", body["ReturnValue"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_turn_is_answered_with_a_response_message()
    {
        await using var host = await ProbeHost.Start();
        var request = OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(HelloRequest));
        request.NewEvents[1].ExecutionStarted.Name = "EchoFlow";
        var text = Convert.ToBase64String(Google.Protobuf.MessageExtensions.ToByteArray(request));

        var answer = await host.Post("/EchoFlow", $$$"""{"Data":{"context":{{{Quote(Quote(text))}}} },"Metadata":{}}""");

        var response = OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(Body(answer)["ReturnValue"]!.GetValue<string>()));
        var complete = Assert.Single(response.Actions).CompleteOrchestration;
        Assert.Equal(OrchestrationStatus.Completed, complete.OrchestrationStatus);
        Assert.Equal("\"x\"", complete.Result);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"Data":{"context":"\"not base64\""}}""")]
    [InlineData("""{"Data":{"context":{"history":[],"instanceId":"abc"}}}""")]
    public async Task A_turn_that_cannot_be_read_is_still_answered_with_a_failure_in_a_200(string envelope)
    {
        await using var host = await ProbeHost.Start();

        var answer = await host.Post("/EchoFlow", envelope);

        Assert.Equal(200, answer.Status);
        var response = OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(Body(answer)["ReturnValue"]!.GetValue<string>()));
        Assert.Equal(OrchestrationStatus.Failed, Assert.Single(response.Actions).CompleteOrchestration.OrchestrationStatus);
    }

    private static string Quote(string text) => JsonValue.Create(text).ToJsonString();

    private static JsonNode Body(RawAnswer answer) =>
        JsonNode.Parse(answer.Text[answer.Text.IndexOf('{', StringComparison.Ordinal)..(answer.Text.LastIndexOf('}') + 1)])!;
}
