using System.Text.Json;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Development;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Http.Keys;
using Vorel.LocalHost.Sandbox;

namespace Vorel.LocalHost.Hosting;

/// <summary>Writes addresses, process ids and the master key as JSON whenever a handler has become ready, complete or not at all; for its owner alone.</summary>
internal sealed class ReadyFile(LocalHostOptions options, HostAddresses addresses, SandboxServer sandbox, HostKeys keys) : IHandlerObserver
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
            new StackProcess(addresses.FrontEnd, Environment.ProcessId), new StackProcess(handler.Address, handler.ProcessId), sandbox.Address, keys.Master);
        var draft = $"{path}.{Environment.ProcessId}.tmp";
        File.Delete(draft);
        using (var file = PrivateFile.Create(draft))
        {
            JsonSerializer.Serialize(file, facts, DevelopmentJson.Default.StackAddresses);
        }

        File.Move(draft, path, overwrite: true);
    }

    public void Ended(HandlerEndpoint handler)
    {
        // The file stays: it says who was up last.
    }
}
