using Vorel.Core.Messaging;

namespace Vorel.Core.Tests.Model;

/// <summary>The queue behind the gate.</summary>
internal sealed class GatedQueue(IWorkQueue queue, Gate gate) : IWorkQueue
{
    public Task<QueueReceipt> Put(string name, string body, TimeSpan delay, CancellationToken cancellationToken) =>
        gate.Pass(_ => queue.Put(name, body, delay, default), GatedStore.Outage, writes: true, cancellationToken);

    public Task Keep(string name, string body, TimeSpan life, CancellationToken cancellationToken) => gate.Pass(
        async _ =>
        {
            await queue.Keep(name, body, life, default);
            return true;
        },
        GatedStore.Outage,
        writes: true,
        cancellationToken);

    public Task<bool> Show(string name, QueueReceipt receipt, CancellationToken cancellationToken) =>
        gate.Pass(_ => queue.Show(name, receipt, default), GatedStore.Outage, writes: true, cancellationToken);

    public Task<bool> Remove(string name, QueueReceipt receipt, CancellationToken cancellationToken) =>
        gate.Pass(_ => queue.Remove(name, receipt, default), GatedStore.Outage, writes: true, cancellationToken);

    public Task<IReadOnlyList<QueuedMessage>> Take(string name, int count, TimeSpan hideFor, CancellationToken cancellationToken) =>
        gate.Pass(_ => queue.Take(name, count, hideFor, default), GatedStore.Outage, writes: false, cancellationToken);
}
