using System.Globalization;
using System.Text.Json.Nodes;
using Vorel.Testing;

namespace Vorel.Core.Tests.Webhooks.Samples;

/// <summary>samples/webhook-consumer/consumer.mjs, run by node on a free port.</summary>
internal sealed class ConsumerProcess : IAsyncDisposable
{
    private readonly NodeProcess _process;

    private ConsumerProcess(NodeProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<ConsumerProcess> Start(string secret, int failFirst = 0)
    {
        var process = NodeProcess.Start(
            Path.Combine("samples", "webhook-consumer", "consumer.mjs"),
            new Dictionary<string, string>
            {
                ["VOREL_WEBHOOK_SECRET"] = secret,
                ["PORT"] = "0",
                ["FAIL_FIRST"] = failFirst.ToString(CultureInfo.InvariantCulture),
            });
        return new ConsumerProcess(process, (await process.ReadLine())["listening"]!.GetValue<int>());
    }

    /// <summary>The next line that it prints.</summary>
    public Task<JsonNode> ReadLine() => _process.ReadLine();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
