using Vorel.Core.Messaging;
using Vorel.Core.Storage;
using Vorel.Testing;

namespace Vorel.Core.Tests.Support;

/// <summary>A queue that a test may switch off, call by call.</summary>
internal sealed class FaultyWorkQueue(IWorkQueue queues, FaultPlan plan) : IWorkQueue
{
    /// <summary>What is behind, where that is memory.</summary>
    public InMemoryWorkQueue Inner => (InMemoryWorkQueue)queues;

    public bool PutFails { get; set; }

    /// <summary>Runs when a message is there, before its sender hears of it.</summary>
    public Action AfterPut { get; set; } = static () => { };

    public bool ShowFails { get; set; }

    public bool RemoveFails { get; set; }

    public Task<QueueReceipt> Put(string queue, string body, TimeSpan delay, CancellationToken cancellationToken) =>
        PutFails ? throw new StoreUnavailableException("scripted") : plan.Run(async () =>
        {
            var receipt = await queues.Put(queue, body, delay, cancellationToken);
            AfterPut();
            return receipt;
        });

    public Task Keep(string queue, string body, TimeSpan life, CancellationToken cancellationToken) =>
        PutFails ? throw new StoreUnavailableException("scripted") : plan.Run(() => queues.Keep(queue, body, life, cancellationToken));

    public Task<bool> Show(string queue, QueueReceipt receipt, CancellationToken cancellationToken) =>
        ShowFails ? throw new StoreUnavailableException("scripted") : plan.Run(() => queues.Show(queue, receipt, cancellationToken));

    public Task<bool> Remove(string queue, QueueReceipt receipt, CancellationToken cancellationToken) =>
        RemoveFails ? throw new StoreUnavailableException("scripted") : plan.Run(() => queues.Remove(queue, receipt, cancellationToken));

    public Task<IReadOnlyList<QueuedMessage>> Take(string queue, int count, TimeSpan hideFor, CancellationToken cancellationToken) =>
        plan.Run(() => queues.Take(queue, count, hideFor, cancellationToken));
}
