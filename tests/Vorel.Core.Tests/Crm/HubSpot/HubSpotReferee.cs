using System.Text.Json.Nodes;
using Vorel.Fakes.HubSpot;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm.HubSpot;

/// <summary>npm's <c>@hubspot/api-client</c> before the stand-in: where the two disagree, the stand-in is wrong.</summary>
public sealed class HubSpotReferee : IAsyncLifetime
{
    private NodeProcess _process = null!;

    /// <summary>The clock of the stand-in.</summary>
    public FakeTimeProvider Clock { get; private set; } = null!;

    /// <summary>The stand-in, shared by the tests of a class that do not ask for a new one.</summary>
    public FakeHubSpot HubSpot { get; private set; } = null!;

    /// <summary>A token with every scope that the app declares.</summary>
    public string Token { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _process = NodeProcess.Start("tests/referees/hubspot.mjs");
        await Begin();
    }

    public async Task DisposeAsync()
    {
        await _process.DisposeAsync();
        await HubSpot.DisposeAsync();
    }

    /// <summary>Puts a new stand-in and a new clock in the place of the last ones.</summary>
    public async Task Renew()
    {
        await HubSpot.DisposeAsync();
        await Begin();
    }

    /// <summary>Has the client call one of its methods; an empty text stands for an argument that is left out.</summary>
    /// <exception cref="HubSpotRefereeException">The client was refused.</exception>
    public Task<JsonNode?> Call(string method, params JsonNode?[] arguments) => Send(new JsonObject { ["method"] = method, ["arguments"] = new JsonArray(arguments) }, Token);

    /// <summary>The same with another token.</summary>
    public Task<JsonNode?> CallAs(string token, string method, params JsonNode?[] arguments) =>
        Send(new JsonObject { ["method"] = method, ["arguments"] = new JsonArray(arguments) }, token);

    /// <summary>The same with the client's own retries.</summary>
    public Task<JsonNode?> CallWithRetries(int tries, string method, params JsonNode?[] arguments) =>
        Send(new JsonObject { ["method"] = method, ["arguments"] = new JsonArray(arguments), ["tries"] = tries }, Token);

    /// <summary>Has the client send a request that it has no method for.</summary>
    public async Task<JsonObject> Raw(string method, string path, JsonNode? body = null) =>
        (await Send(new JsonObject { ["method"] = method, ["path"] = path, ["body"] = body }, Token, "send"))!.AsObject();

    /// <summary>Creates a record by the client's generic methods and gives its id.</summary>
    public async Task<string> Create(string type, JsonObject properties, params JsonNode?[] associations) =>
        (await Call("crm.objects.basicApi.create", type, new JsonObject { ["properties"] = properties, ["associations"] = new JsonArray(associations) }))!["id"]!.GetValue<string>();

    private async Task Begin()
    {
        Clock = new FakeTimeProvider();
        HubSpot = new FakeHubSpot(Clock);
        await HubSpot.Start();
        Token = HubSpot.Tokens.Issue(HubSpot.App.Scopes).Access;
    }

    private async Task<JsonNode?> Send(JsonObject request, string token, string operation = "call")
    {
        request["op"] = operation;
        request["basePath"] = HubSpot.Address.ToString().TrimEnd('/');
        request["token"] = token;
        await _process.WriteLine(request);
        var answer = await _process.ReadLine();
        return answer["error"] is { } error
            ? throw new HubSpotRefereeException(error["status"]!.GetValue<int>(), error["code"]?.GetValue<string>(), error["message"]!.GetValue<string>())
            : answer["value"];
    }
}
