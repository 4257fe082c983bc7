using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Retention;

/// <summary>Deletes what a tenant's Idempotency-Keys were used for, once the hour of their end is past.</summary>
/// <remarks>
/// A row of an hour, `idemx|hour|digest`, commits with each use, and one hint for a tenant and hour is filed before. So a write costs
/// one row more in a transaction that it makes anyway, and the sweep reads and deletes what is over, in full batches, and nothing
/// else. A hint for each use would cost each write a request of its own; a scan of the tenant's uses would read a day for each hour.
/// </remarks>
internal sealed class IdempotencyPurge(IRowStore store, Clocks clocks)
{
    private const int MaxPairs = 50;

    /// <summary>The tables in which records commit, and with them the uses of keys.</summary>
    public static readonly IReadOnlyList<string> Tables = [RecordRow.Table, RecordKinds.Offering.Table];

    /// <summary>Deletes what is over of a table. False if <paramref name="enough"/> said so before the end.</summary>
    public async Task<bool> Run(TenantId tenant, string table, SweepTally tally, Func<bool> enough, CancellationToken cancellationToken)
    {
        var over = new RowRange(RecordKeys.IdempotencyExpiries, RecordKeys.IdempotencyExpiries + PurgeHour.Of(clocks.Domain.GetUtcNow()));
        var batch = new List<Stored<IdempotencyExpiryRow>>(MaxPairs);
        await foreach (var expiry in store.Query<IdempotencyExpiryRow>(table, Partition.Of(tenant), over, cancellationToken))
        {
            if (batch.Count == MaxPairs)
            {
                if (enough())
                {
                    return false;
                }

                await Delete(tenant, table, batch, tally, cancellationToken);
                batch.Clear();
            }

            batch.Add(expiry);
        }

        await Delete(tenant, table, batch, tally, cancellationToken);
        return true;
    }

    private async Task Delete(TenantId tenant, string table, List<Stored<IdempotencyExpiryRow>> batch, SweepTally tally, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            await Commit(tenant, table, batch, cancellationToken);
            tally.Add(PurgeIndexRow.IdempotencyKeys, SweepOutcome.Purged, batch.Count);
        }
        catch (RowConflictException) when (batch.Count > 1)
        {
            // A key was used anew, or another sweep is here too: each for itself.
            foreach (var one in batch)
            {
                await Delete(tenant, table, [one], tally, cancellationToken);
            }
        }
        catch (RowConflictException)
        {
            tally.Add(PurgeIndexRow.IdempotencyKeys, SweepOutcome.Gone);
        }
    }

    // Who uses a key anew removes the old row of its end with it: as long as that is unchanged, the use is the old one.
    private Task Commit(TenantId tenant, string table, IEnumerable<Stored<IdempotencyExpiryRow>> batch, CancellationToken cancellationToken) => store.Commit(
        table,
        Partition.Of(tenant),
        [.. batch.SelectMany(expiry => (RowWrite[])[TypedRows.Delete(expiry), new RowWrite.Delete(expiry.Row.Use, "*")])],
        cancellationToken);
}
