using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Vorel.Durable;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Durable;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>A hub and a client of its sidecar.</summary>
internal sealed class RunningHub(DurableHub hub, KillableTransport transport, DomainClock clock) : IAsyncDisposable
{
    private static readonly HttpClient s_http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) });

    public Task Killed => transport.Killed;

    public int Writes => transport.Writes;

    public DurableHub Hub => hub;

    public Task<DurableTaskClient> Client() => Client(TestJson.Default.Options);

    public async Task<DurableTaskClient> Client(JsonSerializerOptions json) =>
        new(s_http, await hub.Address(CancellationToken.None), json, TimeSpan.FromSeconds(30));

    /// <summary>What a SIGKILL does: from now on nothing that the hub does has an effect.</summary>
    public void Kill() => transport.Kill();

    public async Task<string> Run(string name, string id, object? input = null) =>
        await (await Client()).ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id));

    /// <summary>A call with a message of its own, for what the client would not send.</summary>
    public async Task Call(string method, IMessage message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(await hub.Address(CancellationToken.None), $"/{GrpcFraming.SidecarService}/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(GrpcFraming.Frame(message)) { Headers = { ContentType = new(GrpcFraming.ContentType) } },
        };
        using var response = await s_http.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        Assert.Equal("0", response.TrailingHeaders.GetValues(GrpcFraming.StatusTrailer).Single());
    }

    public async Task<OrchestrationMetadata> Status(string id) =>
        await (await Client()).GetInstanceAsync(id, getInputsAndOutputs: true) ?? throw new InvalidOperationException("There is no such instance.");

    public async Task<OrchestrationMetadata> Ended(string id)
    {
        var client = await Client();
        return await Eventually.NotNull(
            async () => await client.GetInstanceAsync(id, getInputsAndOutputs: true) is { IsCompleted: true } state ? state : null,
            $"{id} ends",
            TimeSpan.FromSeconds(30));
    }

    /// <summary>Waits until nothing happens any more without time passing, then jumps to the next timer.</summary>
    public async Task<bool> JumpToNextTimer()
    {
        if (await hub.Next(CancellationToken.None) is not { } next)
        {
            return false;
        }

        var by = next - clock.GetUtcNow();
        clock.Advance(by > TimeSpan.Zero ? by : TimeSpan.Zero);
        return true;
    }

    /// <summary>Waits until nothing happens any more without time passing.</summary>
    public Task Settle() => hub.Next(CancellationToken.None);

    public ValueTask DisposeAsync() => hub.DisposeAsync();
}
