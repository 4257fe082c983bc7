using System.Collections.Concurrent;
using Vorel.Core.Messaging;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Support;

/// <summary>Remembers what was started and raised; a test says what is running.</summary>
internal sealed class RecordedOrchestrations(FaultPlan plan) : IOrchestrations
{
    public ConcurrentQueue<(string Name, string Instance, string Input)> Starts { get; } = new();

    public ConcurrentQueue<(string Instance, string Event)> Raises { get; } = new();

    public HashSet<string> Running { get; } = [];

    /// <summary>The next raise finds its instance ended.</summary>
    public bool EndsBeforeRaise { get; set; }

    public bool Fails { get; set; }

    public Task<StartOutcome> Start(string name, string instanceId, string inputJson, CancellationToken cancellationToken) => plan.Run(() =>
    {
        if (Fails)
        {
            throw new StoreUnavailableException("scripted");
        }

        if (Running.Contains(instanceId))
        {
            return Task.FromResult(StartOutcome.AlreadyRunning);
        }

        Starts.Enqueue((name, instanceId, inputJson));
        return Task.FromResult(StartOutcome.Started);
    });

    public Task<bool> Raise(string instanceId, string eventName, CancellationToken cancellationToken) => plan.Run(() =>
    {
        if (EndsBeforeRaise)
        {
            Running.Remove(instanceId);
        }

        Raises.Enqueue((instanceId, eventName));
        return Task.FromResult(Running.Contains(instanceId));
    });
}
