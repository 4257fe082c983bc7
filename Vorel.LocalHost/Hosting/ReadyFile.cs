using System.Text.Json;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Development;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Http.Keys;
using Vorel.LocalHost.Sandbox;

namespace Vorel.LocalHost.Hosting;

/// <summary>
/// Writes addresses, process ids and the master key as JSON once every handler is ready and again whenever one has been started anew,
/// complete or not at all; for its owner alone.
/// </summary>
internal sealed class ReadyFile(LocalHostOptions options, HostAddresses addresses, SandboxServer sandbox, HostKeys keys, Lazy<HandlerPool> pool) : IHandlerObserver
{
    private readonly Lock _gate = new();
    private bool _complete;

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

        lock (_gate)
        {
            var handlers = pool.Value.Describe();
            _complete |= handlers.Count == pool.Value.Instances.Count && handlers.All(each => each.State == HandlerState.Running);
            if (_complete)
            {
                Write(path, new StackAddresses(new StackProcess(addresses.FrontEnd, Environment.ProcessId), handlers, sandbox.Address, keys.Master));
            }
        }
    }

    public void Ended(HandlerEndpoint handler)
    {
        // The file stays: it says who was up last.
    }

    private static void Write(string path, StackAddresses facts)
    {
        var draft = $"{path}.{Environment.ProcessId}.tmp";
        File.Delete(draft);
        using (var file = PrivateFile.Create(draft))
        {
            JsonSerializer.Serialize(file, facts, DevelopmentJson.Default.StackAddresses);
        }

        File.Move(draft, path, overwrite: true);
    }
}
