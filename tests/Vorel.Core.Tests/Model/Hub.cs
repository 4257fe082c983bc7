using System.Text.Json;
using Vorel.Core.Messaging;
using Vorel.Core.Records;

namespace Vorel.Core.Tests.Model;

/// <summary>The orchestrations at work, in the place of the Durable hub.</summary>
internal sealed class Hub(Gate gate, Machinery stage) : IOrchestrations
{
    private readonly List<Instance> _instances = [];

    /// <summary>What runs, in the order of the starts.</summary>
    public IReadOnlyList<Instance> Running => _instances;

    public Task<StartOutcome> Start(string name, string instanceId, string inputJson, CancellationToken cancellationToken) => gate.Pass(
        _ =>
        {
            using var input = JsonDocument.Parse(inputJson);
            var tenant = Machinery.TenantOf(input.RootElement.GetProperty("tenant").GetString()!);
            var kind = name == "RecordLifecycle" ? RecordKinds.Find(input.RootElement.GetProperty("kind").GetString()) : null;
            var subject = input.RootElement.GetProperty(kind is null ? "delivery" : "id").GetGuid();
            stage.Woken(kind, subject);
            if (_instances.Any(instance => instance.Id == instanceId))
            {
                return Task.FromResult(StartOutcome.AlreadyRunning);
            }

            _instances.Add(new Instance(instanceId, tenant, kind, subject));
            return Task.FromResult(StartOutcome.Started);
        },
        GatedStore.Outage,
        writes: true,
        cancellationToken);

    public Task<bool> Raise(string instanceId, string eventName, CancellationToken cancellationToken) => gate.Pass(
        _ =>
        {
            if (_instances.Find(running => running.Id == instanceId) is not { } instance)
            {
                return Task.FromResult(false);
            }

            instance.Wake();
            return Task.FromResult(true);
        },
        GatedStore.Outage,
        writes: true,
        cancellationToken);

    /// <summary>Forgets an instance, because it came to its end or is lost.</summary>
    public void Remove(Instance instance) => _instances.Remove(instance);
}
