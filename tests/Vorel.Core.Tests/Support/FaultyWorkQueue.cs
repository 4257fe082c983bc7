using Vorel.Core.Messaging;
using Vorel.Core.Storage;
using Vorel.Testing;

namespace Vorel.Core.Tests.Support;

/// <summary>A queue that a test may switch off, call by call.</summary>
internal sealed class FaultyWorkQueue(InMemoryWorkQueue inner, FaultPlan plan) : IWorkQueue
{
    public InMemoryWorkQueue Inner { get; } = inner;

    public bool PutFails { get; set; }

    public bool ShowFails { get; set; }

    public bool RemoveFails { get; set; }

    public Task<QueueReceipt> Put(string queue, string body, TimeSpan delay, CancellationToken cancellationToken) =>
        PutFails ? throw new StoreUnavailableException("scripted") : plan.Run(() => Inner.Put(queue, body, delay, cancellationToken));

    public Task<bool> Show(string queue, QueueReceipt receipt, CancellationToken cancellationToken) =>
        ShowFails ? throw new StoreUnavailableException("scripted") : plan.Run(() => Inner.Show(queue, receipt, cancellationToken));

    public Task<bool> Remove(string queue, QueueReceipt receipt, CancellationToken cancellationToken) =>
        RemoveFails ? throw new StoreUnavailableException("scripted") : plan.Run(() => Inner.Remove(queue, receipt, cancellationToken));

    public Task<IReadOnlyList<QueuedMessage>> Take(string queue, int count, TimeSpan hideFor, CancellationToken cancellationToken) =>
        plan.Run(() => Inner.Take(queue, count, hideFor, cancellationToken));
}
