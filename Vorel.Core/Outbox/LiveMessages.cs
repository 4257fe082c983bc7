using Vorel.Core.Crm.Mirror;
using Vorel.Core.Messaging;
using Vorel.Core.Tenants;

namespace Vorel.Core.Outbox;

/// <summary>Handles the messages of queue <c>live</c>. When it returns, the message may be deleted; when it throws, it must come again.</summary>
public sealed class LiveMessages(FanOut fanOut, MirrorStarter mirror, UnreadableMessages unreadable)
{
    /// <summary>Handles one message; what is no message at all is set aside at once.</summary>
    /// <exception cref="InvalidDataException">It is of another version: it must come again, to be taken by a process of that version.</exception>
    public async Task Handle(string body, CancellationToken cancellationToken) =>
        await (await unreadable.Read(WorkQueues.Live, body, cancellationToken) switch
        {
            null => Task.CompletedTask,
            WorkMessage.Intent intent => fanOut.Handle(intent.Tenant, intent.Row, cancellationToken),
            WorkMessage.Check check => mirror.Check(check.Tenant, check.Kind, check.Record, check.Mark, cancellationToken),
            _ => throw UnreadableMessages.OfAnotherVersion(),
        });
}
