using Vorel.Core.Crm.Mirror;
using Vorel.Core.Messaging;
using Vorel.Core.Tenants;

namespace Vorel.Core.Outbox;

/// <summary>Handles the messages of queue <c>live</c>. When it returns, the message may be deleted; when it throws, it must come again.</summary>
public sealed class LiveMessages(FanOut fanOut, MirrorStarter mirror, MirrorBacklog backlog)
{
    /// <summary>Handles one message.</summary>
    /// <exception cref="InvalidDataException">It is not a message of this version: it must go to the poison queue, not be dropped.</exception>
    public Task Handle(string body, CancellationToken cancellationToken) => WorkMessage.Parse(body) switch
    {
        WorkMessage.Intent intent => fanOut.Handle(intent.Tenant, intent.Row, cancellationToken),
        WorkMessage.Check check => mirror.Check(check.Tenant, check.Kind, check.Record, cancellationToken),
        WorkMessage.Backlog message => backlog.Resume(message.Tenant, message.After, cancellationToken),
        _ => throw new InvalidDataException("The message is of a form or kind that this version does not know."),
    };
}
