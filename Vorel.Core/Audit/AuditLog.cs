using System.Security.Cryptography;
using Vorel.Core.Due;
using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>
/// Writes down what was done with a tenant's data, in the order in which it was done. Each row is bound to the one before it that this process
/// wrote of the tenant and month, unless that was being written at the same moment; README.md in this folder says what that proves. One for each process.
/// </summary>
public sealed class AuditLog(IRowStore store, DueHints hints, IdSource ids, AuditKey key, Clocks clocks)
{
    private readonly AuditChains _chains = new(most: 1_000);

    /// <summary>
    /// Writes an event down. What changes somebody's rights or settings is written down before it takes effect, so that nothing takes effect
    /// without a trace; what then comes to nothing leaves a trace as well.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store does not answer: do not go on. The row may be there; who tries again leaves two that say the same.</exception>
    public Task Append(TenantId tenant, AuditEvent happened, CancellationToken cancellationToken) => Append(tenant, [happened], cancellationToken);

    /// <summary>Writes several events down, 1 to 100, all or none.</summary>
    internal async Task Append(TenantId tenant, IReadOnlyList<AuditEvent> happened, CancellationToken cancellationToken)
    {
        // Put back only once it is known what became of the write: a chain whose end nobody knows is not gone on with.
        var rows = await Link(tenant, happened, _chains.Take(tenant), cancellationToken);
        await Write(tenant, rows, cancellationToken);
        _chains.Put(tenant, rows[^1].ToHead());
    }

    private async Task<IReadOnlyList<AuditRow>> Link(TenantId tenant, IReadOnlyList<AuditEvent> happened, AuditHead? head, CancellationToken cancellationToken)
    {
        Guid[] named;
        do
        {
            named = [.. happened.Select(_ => ids.Next())];
        }
        while (AuditKeys.MonthOf(named[0]) != AuditKeys.MonthOf(named[^1]));

        if (head is null || AuditKeys.MonthOf(head.Last) != AuditKeys.MonthOf(named[0]))
        {
            // Before the first row, so that there is none that no seal will come for.
            await hints.File(AuditDays.HintFor(tenant, clocks.Domain.GetUtcNow()), cancellationToken);
            head = new AuditHead(Guid.NewGuid(), 0, default, []);
        }

        var rows = new List<AuditRow>(happened.Count);
        for (var at = 0; at < named.Length; at++)
        {
            rows.Add(AuditRow.Of(named[at], happened[at], head, key, tenant));
            head = rows[^1].ToHead();
        }

        return rows;
    }

    private async Task Write(TenantId tenant, IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        RowWrite[] writes = [.. rows.Select(TypedRows.Insert)];
        try
        {
            await store.Commit(AuditRow.Table, Partition.Of(tenant), writes, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // They may be there or not: the very same once more.
            await WriteAgain(tenant, rows[0], writes, cancellationToken);
        }
    }

    private async Task WriteAgain(TenantId tenant, AuditRow first, RowWrite[] writes, CancellationToken cancellationToken)
    {
        try
        {
            await store.Commit(AuditRow.Table, Partition.Of(tenant), writes, cancellationToken);
        }
        catch (RowConflictException conflict)
        {
            var there = await store.Get(AuditRow.Table, Partition.Of(tenant), first.RowKey, cancellationToken);
            if (there?.Columns.GetValueOrDefault(AuditKey.Column) is not byte[] mac || !CryptographicOperations.FixedTimeEquals(mac, first.Mac))
            {
                throw new StoreUnavailableException("Something else lies where an audit row was to be.", conflict);
            }
        }
    }
}
