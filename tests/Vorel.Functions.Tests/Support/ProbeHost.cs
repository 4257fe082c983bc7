using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Vorel.Functions.Tests.Support;

/// <summary>Calls a handler that holds <see cref="Probes"/> as the Functions host does, or as others might.</summary>
internal sealed class ProbeHost : IAsyncDisposable
{
    private readonly RunningHandler _handler;

    private ProbeHost(RunningHandler handler) => _handler = handler;

    public Probes.Journal Journal => _handler.Services.GetRequiredService<Probes.Journal>();

    public Uri Address => _handler.Address;

    /// <summary>The headers of the host's own calls.</summary>
    public Dictionary<string, string> HostHeaders => new(StringComparer.OrdinalIgnoreCase)
    {
        ["Host"] = $"127.0.0.1:{Address.Port}",
        ["User-Agent"] = "Azure-Functions-Host/4.1037.0.0",
        ["Content-Type"] = "application/json; charset=utf-8",
        ["X-Azure-Functions-InvocationId"] = "8f0c0b7e-6a53-4f7c-9a35-6d6f0a3d4c11",
        ["X-Azure-Functions-HostVersion"] = "4.1037.0.0",
    };

    public static async Task<ProbeHost> Start(Action<IServiceCollection>? replace = null) => new(await RunningHandler.Start(replace: services =>
    {
        services.AddSingleton(Probes.Catalogue);
        services.AddSingleton<Probes.Journal>();
        replace?.Invoke(services);
    }));

    public static string MessageEnvelope(string message) => new JsonObject
    {
        ["Data"] = new JsonObject
        {
            ["message"] = JsonValue.Create(message).ToJsonString(),
            ["client"] = JsonValue.Create("""{"taskHubName":"vorel","rpcBaseUrl":"http://127.0.0.1:4001"}""").ToJsonString(),
        },
        ["Metadata"] = new JsonObject(),
    }.ToJsonString();

    public Task<RawAnswer> Post(string target, string body, IReadOnlyDictionary<string, string>? headers = null) =>
        Send($"POST {target} HTTP/1.1", body, headers);

    public Task<RawAnswer> Send(string requestLine, string body, IReadOnlyDictionary<string, string>? headers = null) =>
        RawHttp.Send(Address, requestLine, (headers ?? HostHeaders).Select(header => $"{header.Key}: {header.Value}"), body);

    public ValueTask DisposeAsync() => _handler.DisposeAsync();
}
