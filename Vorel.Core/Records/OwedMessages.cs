using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Records;

/// <summary>
/// Says of which conversations the CRM still lacks messages. Such a conversation stays, for its messages are written under it.
/// A debt commits with its message and with the conversation's row: who reads that row first, then this, and deletes the row by the version
/// it read, has missed none.
/// </summary>
internal sealed class OwedMessages(IRowStore store)
{
    /// <summary>
    /// Those of these conversations, by one range read from the oldest to the newest. Ids tell the time, so that what is owed
    /// outside, as of all that is newer than a window, is not read.
    /// </summary>
    public async Task<IReadOnlySet<Guid>> Of(TenantId tenant, IEnumerable<Guid> conversations, CancellationToken cancellationToken)
    {
        var prefixes = new SortedDictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var conversation in conversations)
        {
            prefixes[RecordKeys.TodoPrefix(RecordKinds.Message.Name, conversation)] = conversation;
        }

        var owed = new HashSet<Guid>();
        if (prefixes.Count == 0)
        {
            return owed;
        }

        var range = new RowRange(prefixes.Keys.First(), RowRange.Prefix(prefixes.Keys.Last()).To);
        await foreach (var debt in store.Query(RecordRow.Table, Partition.Of(tenant), range, cancellationToken))
        {
            if (prefixes.TryGetValue(debt.Key[..(debt.Key.LastIndexOf('|') + 1)], out var conversation))
            {
                owed.Add(conversation);
            }
        }

        return owed;
    }
}
