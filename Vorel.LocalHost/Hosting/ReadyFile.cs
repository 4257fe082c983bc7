using System.Text.Json;
using System.Text.Json.Serialization;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Sandbox;

namespace Vorel.LocalHost.Hosting;

/// <summary>Writes addresses and process ids as JSON whenever a handler has become ready, complete or not at all.</summary>
internal sealed class ReadyFile(LocalHostOptions options, HostAddresses addresses, SandboxServer sandbox) : IHandlerObserver
{
    public void Starting(HandlerEndpoint handler)
    {
        // Nothing can be called yet.
    }

    public void Ready(HandlerEndpoint handler)
    {
        if (options.ReadyFile is not { } path)
        {
            return;
        }

        var facts = new ReadyFacts(
            new ReadyProcess(addresses.FrontEnd, Environment.ProcessId), new ReadyProcess(handler.Address, handler.ProcessId), sandbox.Address);
        var draft = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(draft, JsonSerializer.Serialize(facts, ReadyJson.Default.ReadyFacts));
        File.Move(draft, path, overwrite: true);
    }

    public void Ended(HandlerEndpoint handler)
    {
        // The file stays: it says who was up last.
    }
}

/// <summary>Content of the ready file.</summary>
internal sealed record ReadyFacts(ReadyProcess Host, ReadyProcess Handler, Uri Sandbox);

/// <summary>A process and where it listens.</summary>
internal sealed record ReadyProcess(Uri Address, int ProcessId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReadyFacts))]
internal sealed partial class ReadyJson : JsonSerializerContext;
