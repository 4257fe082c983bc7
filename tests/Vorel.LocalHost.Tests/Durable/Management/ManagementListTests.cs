using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Http.Keys;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable.Management;

/// <summary>Many instances over HTTP, the keys, and calls that nobody should make.</summary>
[Collection(nameof(HubCollection))]
[Trait("Area", "host")]
public sealed class ManagementListTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ManagedHub _hub = null!;

    public async Task InitializeAsync() => _hub = await ManagedHub.Start(azurite, new ScriptedHandler()
        .Orchestrator("Wait", _ => Answers())
        .Orchestrator("Done", _ => Answers(Act.Complete(0, "2")))
        .Orchestrator("Broken", _ => Answers(Act.Complete(0, "\"no\"", OrchestrationStatus.Failed))));

    public async Task DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public async Task A_list_is_filtered_and_paged()
    {
        await Some();
        Assert.Equal("[]", (await _hub.Send("GET", "/instances?instanceIdPrefix=x")).Text);
        Assert.Equal("a b c w", await Ids("/instances"));
        Assert.Equal("b", await Ids("/instances?runtimeStatus=Failed"));
        Assert.Equal("a b c", await Ids("/instances?runtimeStatus=failed,%20Completed,"));
        Assert.Equal("w", await Ids($"/instances?createdTimeFrom={_hub.Clock.GetUtcNow().AddMinutes(-30):yyyy-MM-ddTHH:mm:ss}"));
        Assert.Equal("a b c", await Ids($"/instances?createdTimeTo={_hub.Clock.GetUtcNow().AddMinutes(-30).ToOffset(TimeSpan.FromHours(2)).ToString("O").Replace("+", "%2B", StringComparison.Ordinal)}"));

        var first = await _hub.Send("GET", "/instances?top=3");
        var token = first.Header("x-ms-continuation-token");
        var second = await _hub.Send("GET", "/instances?top=3", token: token);
        Assert.Equal((3, 1, null), (first.Json.AsArray().Count, second.Json.AsArray().Count, second.Header("x-ms-continuation-token")));
        Assert.Equal("""{"n":1}""", first.Json[0]!["input"]!.ToJsonString());
        Assert.Equal("2", first.Json[0]!["output"]!.ToJsonString());
        Assert.Null((await _hub.Send("GET", "/instances?showInput=false")).Json[0]!["input"]);
    }

    [Theory]
    [InlineData("/instances?top=0")]
    [InlineData("/instances?top=many")]
    [InlineData("/instances?top=99999999999")]
    [InlineData("/instances?runtimeStatus=Gone")]
    [InlineData("/instances?runtimeStatus=1")]
    [InlineData("/instances?createdTimeFrom=yesterday")]
    [InlineData("/instances?showInput=perhaps")]
    [InlineData("/instances?taskHub=another")]
    public async Task A_filter_that_cannot_be_read_is_a_bad_request(string path) => Assert.Equal(400, (await _hub.Send("GET", path)).Status);

    [Theory]
    [InlineData("oops")]
    [InlineData("LyAn")]
    [InlineData("a' or PartitionKey ne '")]
    public async Task A_token_that_is_not_the_hubs_own_is_a_bad_request(string token) =>
        Assert.Equal(400, (await _hub.Send("GET", "/instances", token: token)).Status);

    [Fact]
    public async Task Purges_take_ended_instances_and_say_how_many()
    {
        await Some();
        Assert.Equal(404, (await _hub.Send("DELETE", "/instances/nobody")).Status);
        Assert.Equal(412, (await _hub.Send("DELETE", "/instances/w")).Status);
        var one = await _hub.Send("DELETE", "/instances/a");
        Assert.Equal((200, """{"instancesDeleted":1}"""), (one.Status, one.Text));

        Assert.Equal(400, (await _hub.Send("DELETE", "/instances")).Status);
        Assert.Equal(404, (await _hub.Send("DELETE", "/instances?createdTimeFrom=2999-01-01T00:00:00Z")).Status);
        Assert.Equal(404, (await _hub.Send("DELETE", "/instances?createdTimeFrom=2020-01-01&runtimeStatus=Running")).Status);
        var many = await _hub.Send("DELETE", "/instances?createdTimeFrom=0001-01-01T00:00:00Z&createdTimeTo=9999-12-31T00:00:00Z");
        Assert.Equal((200, """{"instancesDeleted":2}"""), (many.Status, many.Text));
        Assert.Equal("w", await Ids("/instances"));
    }

    [Theory]
    [InlineData("GET", "/instances/a")]
    [InlineData("GET", "/instances")]
    [InlineData("DELETE", "/instances?createdTimeFrom=2020-01-01")]
    [InlineData("POST", "/orchestrators/Done")]
    [InlineData("POST", "/instances/a/terminate")]
    [InlineData("POST", "/makeprimary")]
    [InlineData("GET", "/entities/counter/one")]
    public async Task Every_call_needs_the_extensions_key_or_the_master_key(string method, string path)
    {
        var keys = _hub.Host.Get<HostKeys>();
        Assert.Equal(401, await Status(method, path, null));
        Assert.Equal(401, await Status(method, path, ""));
        Assert.Equal(401, await Status(method, path, "wrong"));
        Assert.Equal(401, await Status(method, path, keys.Host));
        Assert.Equal(401, await Status(method, path, keys.System("another_extension")));
        Assert.NotEqual(401, await Status(method, path, keys.System("durabletask_extension")));
        Assert.NotEqual(401, await Status(method, path, keys.Master));
        Assert.NotEqual(401, await Status(method, path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "code=" + _hub.Key, null));
    }

    [Fact]
    public async Task What_this_host_does_not_have_says_so()
    {
        Assert.Equal(200, (await _hub.Send("POST", "/makeprimary")).Status);
        Assert.Equal(501, (await _hub.Send("GET", "/entities/counter/one")).Status);
        Assert.Equal(501, (await _hub.Send("POST", "/entities/counter/one?op=add", "1")).Status);
        Assert.Equal(404, (await _hub.Send("PUT", "/instances/a", "1")).Status);
        Assert.Equal(404, (await _hub.Send("GET", "/instances/a/restart")).Status);
        Assert.Equal(404, (await _hub.Send("GET", "/another")).Status);
        Assert.Equal(404, (await _hub.Send("GET", "")).Status);
    }

    [Theory]
    [InlineData("a%2Fb", 400)]
    [InlineData("a%2fb", 400)]
    [InlineData("a%252Fb", 400)]
    [InlineData("a%5Cb", 400)]
    [InlineData("a%23b", 400)]
    [InlineData("a%3Fb", 400)]
    [InlineData("a%01b", 400)]
    [InlineData("a%7Fb", 400)]
    [InlineData("%40entity", 400)]
    [InlineData("257", 400)]
    [InlineData("a%25b", 404)]
    [InlineData("%27%20or%20%271%27%20eq%20%271", 404)]
    public async Task Ids_that_cannot_be_are_refused_and_strange_ones_are_only_ids(string id, int expected)
    {
        id = id == "257" ? new string('a', 257) : id;
        var (status, _) = await RawHttp.Send(_hub.Host.Address, $"GET {ManagedHub.Root}/instances/{id} HTTP/1.1\nx-functions-key: {_hub.Key}");
        var (started, _) = await RawHttp.Send(_hub.Host.Address, $"POST {ManagedHub.Root}/orchestrators/Done/{id} HTTP/1.1\nx-functions-key: {_hub.Key}\nContent-Length: 0");

        Assert.Equal((expected, expected == 400 ? 400 : 202), (status, started));
    }

    [Fact]
    public async Task The_client_that_a_function_gets_has_the_address_and_the_key_of_this_api()
    {
        await Some();
        var ask = _hub.Host.Get<FunctionCatalog>().Functions.Single(function => function.Name == "Ask");
        var data = new Dictionary<string, BindingValue> { ["message"] = BindingValue.Text("x") };
        await _hub.Host.Get<IFunctionInvoker>().Invoke(ask, data, new Dictionary<string, BindingValue>(), CancellationToken.None);

        var wire = JsonNode.Parse(_hub.Handler.Requests.Single().Text)!["Data"]!["client"]!.GetValue<string>();
        var client = JsonNode.Parse(JsonSerializer.Deserialize<string>(wire)!)!.AsObject();
        Assert.Equal(
            ["taskHubName", "creationUrls", "managementUrls", "baseUrl", "requiredQueryStringParameters", "rpcBaseUrl", "httpBaseUrl", "connectionName", "useForwardedHost", "maxGrpcMessageSizeInBytes", "grpcHttpClientTimeout"],
            client.Select(member => member.Key));
        Assert.Equal((null, null, null), (client["creationUrls"], client["managementUrls"], client["baseUrl"]));
        Assert.Equal((4194304, "00:01:40", false), (client["maxGrpcMessageSizeInBytes"]!.GetValue<int>(), client["grpcHttpClientTimeout"]!.GetValue<string>(), client["useForwardedHost"]!.GetValue<bool>()));
        using var answer = await _hub.Host.Client.GetAsync(new Uri($"{client["httpBaseUrl"]}/instances/a?{client["requiredQueryStringParameters"]}"));
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.DoesNotContain(_hub.Host.Log.Lines, line => line.Text.Contains(_hub.Key, StringComparison.Ordinal));
    }

    private async Task Some()
    {
        await _hub.Send("POST", "/orchestrators/Done/a", """{"n":1}""");
        await _hub.Send("POST", "/orchestrators/Broken/b");
        await _hub.Send("POST", "/orchestrators/Done/c");
        await _hub.Settle();
        _hub.Clock.Advance(TimeSpan.FromHours(1));
        await _hub.Send("POST", "/orchestrators/Wait/w");
        await _hub.Settle();
    }

    private async Task<string> Ids(string path)
    {
        var answer = await _hub.Send("GET", path);
        Assert.Equal(200, answer.Status);
        return string.Join(' ', answer.Json.AsArray().Select(instance => instance!["instanceId"]!.GetValue<string>()));
    }

    private async Task<int> Status(string method, string path, string? key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(ManagedHub.Root + path, UriKind.Relative));
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        using var content = new StringContent("", Encoding.UTF8, "application/json");
        request.Content = method == "POST" ? content : null;
        using var answer = await _hub.Host.Client.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
