using Vorel.Core.Crm.Mirror;
using Vorel.Core.Messaging;

namespace Vorel.Core.Retention;

/// <summary>Handles the messages of queue <c>bulk</c>. When it returns, the message may be deleted; when it throws, it must come again.</summary>
public sealed class BulkMessages(RetentionSweep sweep, MirrorStarter mirror, IWorkQueue queue, UnreadableMessages unreadable)
{
    /// <summary>Handles one message; what is no message at all is set aside at once. What the sweep did, if that was the message.</summary>
    /// <exception cref="InvalidDataException">It is of another version: it must come again, to be taken by a process of that version.</exception>
    public async Task<SweepReport?> Handle(string body, CancellationToken cancellationToken)
    {
        switch (await unreadable.Read(WorkQueues.Bulk, body, cancellationToken))
        {
            case null:
                return null;
            case WorkMessage.Sweep:
                return await Sweep(cancellationToken);
            case WorkMessage.Check check:
                await mirror.Check(check.Tenant, check.Kind, check.Record, check.Mark, cancellationToken);
                return null;
            default:
                throw UnreadableMessages.OfAnotherVersion();
        }
    }

    /// <summary>One slice of the retention sweep; what it leaves goes on by a message.</summary>
    public async Task<SweepReport> Sweep(CancellationToken cancellationToken)
    {
        var report = await sweep.Run(cancellationToken);
        if (report.More)
        {
            await queue.Put(WorkQueues.Bulk, new WorkMessage.Sweep().ToJson(), TimeSpan.Zero, cancellationToken);
        }

        return report;
    }
}
