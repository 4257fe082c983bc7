using System.Collections.ObjectModel;
using Vorel.Core.Errors;
using Vorel.Core.Tenants;

namespace Vorel.Core.Records;

/// <summary>What happens to a conversation beyond what a request may change by itself.</summary>
public sealed class Conversations(RecordService records)
{
    private static readonly ReadOnlyDictionary<string, object?> s_closed = new Dictionary<string, object?> { ["status"] = "closed" }.AsReadOnly();

    /// <summary>
    /// Closes a conversation, whether it is active or waits for a person, and emits <c>conversation.closed</c>: once in its life.
    /// Closing it again changes nothing. Nothing opens it again; it still takes messages, a lead, cases and appointments, and
    /// the customer's name and language, because all of these may be learned after the end.
    /// </summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="id">The conversation's id as the caller wrote it.</param>
    /// <param name="cancellationToken">Cancels what comes before the commit.</param>
    /// <returns>The conversation as it now is.</returns>
    /// <exception cref="NotFoundException">It is not there.</exception>
    /// <exception cref="ConflictException">Others changed it again and again meanwhile.</exception>
    /// <exception cref="UnavailableException">It was not closed; or, where the store stayed away to the end, that is not known.</exception>
    public async Task<RecordRow> Close(TenantId tenant, string id, CancellationToken cancellationToken) =>
        (await records.Change(tenant, RecordKinds.Conversation, id, static _ => s_closed, cancellationToken)).Record;
}
