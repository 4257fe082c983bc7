using Vorel.Core.Due;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Outbox;

/// <summary>
/// Buries writes that were announced and did not come, or not in time: under the key of the outbox row that such a write would insert, so
/// that it fails if it comes after all. A tombstone goes after ten minutes, when no commit can be under way any more.
/// </summary>
public sealed class Tombstones(IRowStore store, DueHints hints, Clocks clocks)
{
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(10);

    /// <summary>Buries a write. False when its row has come in the meantime.</summary>
    internal async Task<bool> Bury(TenantId tenant, string rowKey, CancellationToken cancellationToken)
    {
        var row = new OutboxRow(rowKey) { IsTombstone = true, BuriedAt = clocks.Real.GetUtcNow() };
        return await hints.FileAround(
            now => new DueRow(tenant, DueKind.Tombstone, rowKey, now + s_life),
            clocks.Domain,
            () => store.TryInsert(RecordKeys.TableOf(rowKey), Partition.Of(tenant), row, cancellationToken),
            cancellationToken);
    }

    /// <summary>Removes a tombstone that has done its work. The moment to look again, or null when there is none any more.</summary>
    internal async Task<DateTimeOffset?> Remove(TenantId tenant, string rowKey, CancellationToken cancellationToken)
    {
        var stored = RecordKeys.IsOutbox(rowKey) ? await store.Get<OutboxRow>(RecordKeys.TableOf(rowKey), Partition.Of(tenant), rowKey, cancellationToken) : null;
        if (stored is not { Row: { IsTombstone: true, BuriedAt: { } buriedAt } })
        {
            return null;
        }

        // Commits are timed by the real clock, so its ten minutes count too, however far the domain clock has jumped.
        if (clocks.Real.GetUtcNow() - buriedAt < s_life)
        {
            return clocks.Domain.GetUtcNow() + s_life;
        }

        await store.TryDelete(RecordKeys.TableOf(rowKey), Partition.Of(tenant), rowKey, stored.ETag, cancellationToken);
        return null;
    }
}
