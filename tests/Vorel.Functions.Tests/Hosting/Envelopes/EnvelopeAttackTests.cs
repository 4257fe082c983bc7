using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Durable.Protocol;
using Vorel.Functions.Hosting;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Hosting.Envelopes;

/// <summary>
/// The host's own calls with what an attacker in a queue, or a broken host, could put into them: every one is answered in the form
/// that its trigger needs, changes nothing it should not, and its content is in no log.
/// </summary>
[Trait("Area", "hostile")]
public sealed class EnvelopeAttackTests
{
    private const string Client = """{"rpcBaseUrl":"http://127.0.0.1:9"}""";
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    /// <summary>Bodies of a call that are no envelope.</summary>
    private static readonly Dictionary<string, byte[]> s_broken = new()
    {
        ["nothing"] = [],
        ["no JSON"] = "c4n4ry-7f3a9"u8.ToArray(),
        ["an array"] = "[]"u8.ToArray(),
        ["null"] = "null"u8.ToArray(),
        ["a text"] = "\"c4n4ry-7f3a9\""u8.ToArray(),
        ["no Data"] = "{\"Metadata\":{}}"u8.ToArray(),
        ["Data in another case"] = Text("""{"data":{"message":"\"c4n4ry-7f3a9\"","client":"x","timer":"x","input":"x"},"Metadata":{}}"""),
        ["Data twice"] = Text("""{"Data":{},"Data":{"message":"\"c4n4ry-7f3a9\"","client":"x","timer":{},"input":"x"},"Metadata":{}}"""),
        ["Data that is a text"] = Text("""{"Data":"c4n4ry-7f3a9","Metadata":{}}"""),
        ["Data with other bindings"] = Text("""{"Data":{"messages":"c4n4ry-7f3a9"},"Metadata":{}}"""),
        ["a byte order mark"] = [0xEF, 0xBB, 0xBF, .. "{}"u8],
        ["UTF-16"] = Encoding.Unicode.GetBytes("""{"Data":{}}"""),
        ["bytes that are not UTF-8"] = [.. "{\"Data\":{\"message\":\""u8, 0xFF, .. "\",\"client\":\"\",\"timer\":\""u8, 0xFF, .. "\",\"input\":\""u8, 0xFF, .. "\"}}"u8],
        ["a lone surrogate"] = Text("""{"Data":{"message":"\ud800","client":"\ud800","timer":"\ud800","input":"\ud800"},"Metadata":{}}"""),
        ["trailing data"] = Text("""{"Data":{}}{}"""),
        ["a comment"] = Text("""{"Data":{}/* c4n4ry-7f3a9 */}"""),
        ["100,000 levels"] = Text("{\"Data\":" + new string('[', 100_000)),
        ["65 levels that are closed"] = Text("{\"Data\":{\"message\":" + new string('[', 65) + new string(']', 65) + "}}"),
        ["70 MB"] = Text("{\"Data\":{\"message\":\"" + new string('x', 70_000_000) + "\"}}"),
    };

    public static TheoryData<string> Broken => [.. s_broken.Keys];

    /// <summary>A turn is answered with 200 all the same, and a client that is told so sends on until the connection breaks.</summary>
    public static TheoryData<string> BrokenTurns => [.. s_broken.Keys.Except(["70 MB"])];

    /// <summary>Texts that are no message of queue <c>live</c>; T is the caller's tenant, N the neighbour.</summary>
    public static TheoryData<string> Messages =>
    [
        "", " ", "c4n4ry-7f3a9", "null", "[]", "{}", "\"\"", "1", "{\"v\":1}", "AAAA", "eyJ2IjoxfQ==", "\u001b[31m\r\nerror Forged[1]", "<xml/>", "{\"v\":1,\"kind\":\"redrive\"}",
        "{\"v\":\"1\",\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\"}", "{\"v\":1.0,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\"}", "{\"v\":2,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\"}", "{\"v\":99999999999,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\"}",
        "{\"V\":1,\"Kind\":\"redrive\",\"Id\":\"{L}\",\"Tenant\":\"{T}\"}", "{\"v\":1,\"kind\":\"REDRIVE\",\"id\":\"{L}\",\"tenant\":\"{T}\"}", "{\"v\":1,\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\"}", "{\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\",\"tenant\":\"{N}\"}",
        "{\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\",\"x\":\"c4n4ry-7f3a9\"}", "{\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":null}", "{\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":[]}", "{\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"x' or PartitionKey ne '\"}",
        "{\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\",\"after\":\"\"}", "{\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\",\"after\":\"lead|0\"}", "{\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\",\"after\":\"todo|mirror|\\u0000\"}",
        "{\"v\":1,\"kind\":\"intent\",\"tenant\":\"{T}\",\"row\":\"lead|00000000000000000000000000000000\"}", "{\"v\":1,\"kind\":\"intent\",\"tenant\":\"{T}\",\"row\":\"outbox|../../../../../../../../../../\"}",
        "{\"v\":1,\"kind\":\"intent\",\"tenant\":\"{T}\",\"row\":\"outbox|0000000000000000000000000000000G\"}", "{\"v\":1,\"kind\":\"intent\",\"tenant\":\"{T}\",\"row\":{\"a\":1}}", "{\"v\":1,\"kind\":\"intent\",\"tenant\":\"{T}\"}",
        "{\"v\":1,\"kind\":\"check\",\"tenant\":\"{T}\",\"record\":\"lead\"}", "{\"v\":1,\"kind\":\"check\",\"tenant\":\"{T}\",\"record\":\"lead:x\"}", "{\"v\":1,\"kind\":\"check\",\"tenant\":\"{T}\",\"record\":\"tenant:{T}\"}",
        "{\"v\":1,\"kind\":\"check\",\"tenant\":\"{T}\",\"record\":\"lead:ffffffff-ffff-7fff-bfff-ffffffffffff\"}", "{\"v\":1,\"kind\":\"check\",\"tenant\":\"{T}\",\"record\":\"lead:{T}:{T}\"}", "{\"v\":1,\"kind\":\"erase\",\"tenant\":\"{T}\"}",
        "{\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\"}{}", "{\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\",}", "\uFEFF{\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\"}", "{\"$type\":\"x\",\"v\":1,\"kind\":\"redrive\",\"id\":\"{L}\",\"tenant\":\"{T}\"}", "{\"\\ud800\":1}", "{deep}", "{long}",
    ];

    /// <summary>Inputs of activities as an attacker who writes into the hub's queues would have them.</summary>
    public static TheoryData<string> Inputs =>
    [
        "", "null", "c4n4ry-7f3a9", "[]", "{}", "\"x\"", "{\"tenant\":null}", "{\"tenant\":\"{T}\"}", "{\"tenant\":\"{T}\",\"kind\":\"lead\"}", "{\"tenant\":\"{T}\",\"kind\":\"c4n4ry-7f3a9\",\"id\":\"{L}\"}", "{\"tenant\":\"{T}\",\"kind\":null,\"id\":\"{L}\"}",
        "{\"tenant\":\"x' or PartitionKey ne '\",\"kind\":\"lead\",\"id\":\"{L}\"}", "{\"tenant\":\"00000000-0000-0000-0000-000000000000\",\"kind\":\"lead\",\"id\":\"{L}\",\"delivery\":\"{L}\"}", "{\"tenant\":\"{N}\",\"kind\":\"lead\",\"id\":\"{L}\",\"delivery\":\"{L}\"}",
        "{\"tenant\":\"{T}\",\"kind\":\"lead\",\"id\":\"ffffffff-ffff-ffff-ffff-ffffffffffff\",\"delivery\":\"ffffffff-ffff-ffff-ffff-ffffffffffff\"}", "{\"tenant\":\"{T}\",\"delivery\":\"00000000-0000-0000-0000-000000000000\"}", "{deep}", "{long}", "\ud83d\u0000",
    ];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_call_that_is_no_envelope_is_failed_and_does_nothing(string name)
    {
        var api = await s_api;
        foreach (var function in FunctionCatalogue.Default.All.Where(function => function.Kind is FunctionKind.Method or FunctionKind.Activity))
        {
            await AssertFailed(api, function.Name, s_broken[name]);
        }
    }

    [Theory]
    [MemberData(nameof(BrokenTurns))]
    public async Task A_turn_that_is_no_envelope_is_answered_with_a_failure_that_says_nothing(string name)
    {
        var api = await s_api;
        foreach (var function in FunctionCatalogue.Default.All.Where(function => function.Kind == FunctionKind.Orchestrator))
        {
            await AssertTurnFailed(api, function.Name, s_broken[name]);
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task A_message_that_is_not_ours_is_set_aside_or_comes_again_and_nothing_follows_from_it(string message)
    {
        var api = await s_api;
        var before = api.Api.Dump();

        var answer = await Post(api, "Live", Message(Fill(api, message)));

        Assert.True(answer.Status is 200 or 500, $"{answer.Status} {answer.Body}");
        Assert.DoesNotContain(HostileApi.Canary, answer.Reason + answer.Body, StringComparison.Ordinal);
        Assert.Equal(before, api.Api.Dump());
        api.AssertNothingPrinted();
    }

    [Fact]
    public async Task Members_of_a_message_that_override_the_hosts_metadata_decide_nothing()
    {
        var api = await s_api;
        string[] metadata =
        [
            """{"sys":{"MethodName":"V1","UtcNow":"x"},"DequeueCount":"99","Id":"x","InsertionTime":"x","instanceId":{"a":1},"message":"other","Data":{},"tenant":"x"}""",
            "null", "[]", "\"x\"", "{\"instanceId\":\"\\\"x\\\"\"}", "{}",
        ];
        var before = api.Api.Dump();
        for (var i = 0; i < metadata.Length; i++)
        {
            var answer = await Post(api, "Live", Text($$"""{"Data":{"message":"\"c4n4ry-7f3a9 {{i}}\"","client":{{Quote(Client)}} },"Metadata":{{metadata[i]}} }"""));

            // It is none of ours, and so set aside: just as the binding has it.
            Assert.Equal(200, answer.Status);
            Assert.Contains(api.Api.Queue.Messages("live-unreadable"), aside => aside.Body == $"c4n4ry-7f3a9 {i}");
        }

        Assert.Equal(before, api.Api.Dump());
        api.AssertNothingPrinted();
    }

    [Theory]
    [InlineData("http://evil.example/")]
    [InlineData("https://127.0.0.1:9/")]
    [InlineData("http://127.0.0.1.evil.example/")]
    [InlineData("http://127.0.0.1@evil.example/")]
    [InlineData("http://169.254.169.254/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("unix:///run/x")]
    [InlineData("//evil.example")]
    [InlineData("")]
    public async Task The_address_of_the_hub_is_on_loopback_or_the_call_is_failed(string address)
    {
        var api = await s_api;
        var client = new JsonObject { ["rpcBaseUrl"] = address }.ToJsonString();

        await AssertFailed(api, "Live", Text($$"""{"Data":{"message":{{Quote(Quote(Check(api.Own)))}},"client":{{Quote(Quote(client))}} },"Metadata":{} }"""));
    }

    [Fact]
    public async Task An_intent_of_one_tenant_that_names_anothers_row_buries_that_name_in_its_own_partition_and_touches_nothing_else()
    {
        var api = await s_api;
        var row = api.Api.Store.Dump().First(entry => entry.Partition == api.Neighbour.Tenant && entry.Row.Key.StartsWith("outbox|", StringComparison.Ordinal)).Row.Key;
        var before = api.Api.Store.Dump().Select(entry => (entry.Table, entry.Partition, entry.Row.Key, entry.Row.ETag)).ToHashSet();

        var answer = await Post(api, "Live", Message($$"""{"v":1,"kind":"intent","tenant":"{{api.Own.Tenant}}","row":"{{row}}"}"""));

        Assert.Equal(200, answer.Status);
        var after = api.Api.Store.Dump().Select(entry => (entry.Table, entry.Partition, entry.Row.Key, entry.Row.ETag)).ToHashSet();
        Assert.Subset(after, before);
        Assert.Equal(
            [("Due", false), ("Records", true)],
            after.Except(before).Select(entry => (entry.Table, entry.Partition == api.Own.Tenant && entry.Key == row)).Order());
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task An_activity_whose_input_names_nothing_of_the_tenants_does_nothing_and_does_not_repeat_it(string input)
    {
        var api = await s_api;
        foreach (var function in FunctionCatalogue.Default.All.Where(function => function.Kind == FunctionKind.Activity))
        {
            var before = api.Api.Dump();

            var answer = await Post(api, function.Name, Text($$"""{"Data":{"input":{{Quote(Quote(Quote(Fill(api, input))))}} },"Metadata":{} }"""));

            Assert.Equal(200, answer.Status);
            var result = JsonNode.Parse(JsonNode.Parse(answer.Body)!["ReturnValue"]!.GetValue<string>())!;
            Assert.True(!result["ok"]!.GetValue<bool>() || result["value"]!["kind"]!.GetValue<string>() == "Done", $"{function.Name}: {result.ToJsonString()}");
            Assert.DoesNotContain(HostileApi.Canary, answer.Body, StringComparison.Ordinal);
            Assert.Equal(before, api.Api.Dump());
            api.AssertNothingPrinted();
        }
    }

    private static async Task AssertFailed(HostileApi api, string function, byte[] envelope)
    {
        var before = api.Api.Dump();

        var answer = await Post(api, function, envelope);

        Assert.True(answer.Status == 500, $"{function} answered {answer.Status} {answer.Body}");
        Assert.Equal("", answer.Body);
        Assert.DoesNotContain(HostileApi.Canary, answer.Reason, StringComparison.Ordinal);
        Assert.Equal(before, api.Api.Dump());
        api.AssertNothingPrinted();
    }

    private static async Task AssertTurnFailed(HostileApi api, string function, byte[] envelope)
    {
        var before = api.Api.Dump();

        var answer = await Post(api, function, envelope);

        Assert.Equal(200, answer.Status);
        var text = JsonNode.Parse(answer.Body)!["ReturnValue"]!.GetValue<string>();
        var response = OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(text));
        Assert.Equal(OrchestrationStatus.Failed, Assert.Single(response.Actions).CompleteOrchestration.OrchestrationStatus);
        Assert.DoesNotContain(HostileApi.Canary, response.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, api.Api.Dump());
        api.AssertNothingPrinted();
    }

    private static async Task<(int Status, string Reason, string Body)> Post(HostileApi api, string function, byte[] envelope)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/" + function) { Content = new ByteArrayContent(envelope) };
        request.Headers.ExpectContinue = true;
        request.Headers.Add("User-Agent", "Azure-Functions-Host/4.1037.0.0");
        request.Headers.Add("X-Azure-Functions-InvocationId", "8f0c0b7e-6a53-4f7c-9a35-6d6f0a3d4c11");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        using var answer = await api.Api.Handler.Http.SendAsync(request);
        return ((int)answer.StatusCode, answer.ReasonPhrase!, await answer.Content.ReadAsStringAsync());
    }

    private static string Fill(HostileApi api, string text) => text
        .Replace("{T}", api.Own.Tenant, StringComparison.Ordinal).Replace("{N}", api.Neighbour.Tenant, StringComparison.Ordinal).Replace("{L}", api.Own.Lead, StringComparison.Ordinal)
        .Replace("{deep}", new string('[', 50_000), StringComparison.Ordinal).Replace("{long}", new string('a', 200_000), StringComparison.Ordinal);

    private static byte[] Message(string message) => Text($$"""{"Data":{"message":{{Quote(Quote(message))}},"client":{{Quote(Quote(Client))}} },"Metadata":{} }""");

    private static string Check(HostileApi.Party party) => new WorkMessage.Check(new(Guid.Parse(party.Tenant)), RecordKinds.Lead, Guid.Parse(party.Lead)).ToJson();

    private static string Quote(string text) => JsonValue.Create(text).ToJsonString();

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
