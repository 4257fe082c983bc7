using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Durable;
using Vorel.LocalHost.Http.Keys;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>A whole local host with a hub whose functions are the test's, and a caller that has the system key.</summary>
internal sealed class ManagedHub : IAsyncDisposable
{
    public const string Root = "/runtime/webhooks/durabletask";

    private readonly TestApp _published;

    private ManagedHub(TestApp published, RawHandler handler, TestHost host, string hubName)
    {
        _published = published;
        Handler = handler;
        Host = host;
        HubName = hubName;
    }

    public TestHost Host { get; }

    /// <summary>Gets what the host calls outside of the hub.</summary>
    public RawHandler Handler { get; }

    public string HubName { get; }

    public DurableHub Hub => Host.Get<DurableHub>();

    public DomainClock Clock => Host.Get<DomainClock>();

    public string Key => Host.Get<HostKeys>().System("durabletask_extension");

    public static async Task<ManagedHub> Start(AzuriteFixture azurite, ScriptedHandler functions)
    {
        var hubName = "hub" + Guid.NewGuid().ToString("N")[..12];
        var published = new TestApp(
            """{"customHandler":{"description":{"defaultExecutablePath":"handler"}},"extensions":{"http":{"routePrefix":""},"durableTask":{"hubName":"HUB"}}}"""
                .Replace("HUB", hubName, StringComparison.Ordinal));
        published.Function("Ask", """{"type":"queueTrigger","direction":"in","name":"message","queueName":"asks","connection":""},{"type":"durableClient","direction":"in","name":"client"}""");
        foreach (var function in functions.Catalog.Functions)
        {
            published.Function(function.Name, $$"""{"type":"{{function.Trigger.Type}}","direction":"in","name":"{{function.Trigger.Name}}"}""");
        }

        var handler = new RawHandler();
        var options = new LocalHostOptions { AppRoot = published.Root, Storage = azurite.ConnectionString, DurableStorage = azurite.ConnectionString };
        var host = await TestHost.Start(published, handler, options: options);
        await host.Get<DurableHub>().Start(functions, CancellationToken.None);
        return new ManagedHub(published, handler, host, hubName);
    }

    /// <summary>A call below the API's root, with the key.</summary>
    public async Task<ApiAnswer> Send(string method, string path, string? body = null, string? contentType = "application/json", string? token = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Root + path, UriKind.Relative));
        request.Headers.Add("x-functions-key", Key);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        if (token is not null)
        {
            request.Headers.Add("x-ms-continuation-token", token);
        }

        using var response = await Host.Client.SendAsync(request);
        return new ApiAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    public async Task<ApiAnswer> Ended(string id) => await Eventually.NotNull(
        async () => await Send("GET", $"/instances/{id}") is { Status: 200 } answer ? answer : null, $"{id} ends");

    public Task Settle() => Hub.Next(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Handler.DisposeAsync();
        _published.Dispose();
    }
}

/// <summary>An answer of the API.</summary>
internal sealed record ApiAnswer(int Status, string Text, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
