using Vorel.Core.Messaging;
using Vorel.Core.Security.Rewraps;

namespace Vorel.Core.Redrives;

/// <summary>Handles the messages of queue <c>commands</c>. When it returns, the message may be deleted; when it throws, it must come again.</summary>
public sealed class CommandMessages(RedriveSlices redrives, RewrapSlices rewraps, UnreadableMessages unreadable)
{
    /// <summary>Handles one message; what is no message at all is set aside at once.</summary>
    /// <exception cref="InvalidDataException">It is of another version: it must come again, to be taken by a process of that version.</exception>
    public async Task Handle(string body, CancellationToken cancellationToken) =>
        await (await unreadable.Read(WorkQueues.Commands, body, cancellationToken) switch
        {
            null => Task.CompletedTask,
            WorkMessage.Redrive redrive => redrives.Continue(redrive.Tenant, redrive.Id, redrive.After, cancellationToken),
            WorkMessage.Rewrap rewrap => rewraps.Continue(rewrap.Id, rewrap.After, cancellationToken),
            _ => throw UnreadableMessages.OfAnotherVersion(),
        });
}
