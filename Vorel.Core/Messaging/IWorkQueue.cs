namespace Vorel.Core.Messaging;

/// <summary>A queue of work: at least once, unordered; work never expires. Delays are real time, not domain time.</summary>
/// <remarks>Every method throws <see cref="Storage.StoreUnavailableException"/> when the queue does not answer in time; a message put may then be there.</remarks>
public interface IWorkQueue
{
    /// <summary>Puts a message (UTF-8 JSON, at most 48 KiB) that stays invisible for <paramref name="delay"/>, at most 7 days.</summary>
    Task<QueueReceipt> Put(string queue, string body, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Puts a message that nobody works off, for people to look at; it ends by itself after <paramref name="life"/>, whole seconds of real time.</summary>
    Task Keep(string queue, string body, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>Makes a message visible now. False when it is gone or was taken since.</summary>
    Task<bool> Show(string queue, QueueReceipt receipt, CancellationToken cancellationToken);

    /// <summary>Takes a message back. False when it is gone or was taken since.</summary>
    Task<bool> Remove(string queue, QueueReceipt receipt, CancellationToken cancellationToken);

    /// <summary>Takes up to 32 visible messages and hides them for <paramref name="hideFor"/>; none where the queue does not exist.</summary>
    Task<IReadOnlyList<QueuedMessage>> Take(string queue, int count, TimeSpan hideFor, CancellationToken cancellationToken);
}

/// <summary>Names one message in one of its visibilities.</summary>
public sealed record QueueReceipt(string MessageId, string PopReceipt);

/// <summary>A message that was taken.</summary>
/// <param name="Receipt">Names it while it is hidden.</param>
/// <param name="Body">The text that was put; as it lies in the queue, if it was not put through this port and cannot be decoded.</param>
public sealed record QueuedMessage(QueueReceipt Receipt, string Body);
