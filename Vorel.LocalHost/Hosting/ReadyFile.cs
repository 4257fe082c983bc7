using System.Text.Json;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Development;
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

        var facts = new StackAddresses(
            new StackProcess(addresses.FrontEnd, Environment.ProcessId), new StackProcess(handler.Address, handler.ProcessId), sandbox.Address);
        var draft = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(draft, JsonSerializer.Serialize(facts, DevelopmentJson.Default.StackAddresses));
        File.Move(draft, path, overwrite: true);
    }

    public void Ended(HandlerEndpoint handler)
    {
        // The file stays: it says who was up last.
    }
}
