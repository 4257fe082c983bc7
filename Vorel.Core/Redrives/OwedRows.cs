using System.Runtime.CompilerServices;
using Vorel.Core.Incidents;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Redrives;

/// <summary>The todo rows that a redrive is about.</summary>
internal sealed class OwedRows(IRowStore store)
{
    /// <summary>How many rows a slice takes up.</summary>
    public const int SliceSize = 100;

    /// <summary>How many rows of a tenant's are looked at for one count.</summary>
    public const int MostScanned = 10_000;

    // An incident's rows may lie far apart.
    private const int MostScannedInSlice = 1_000;

    /// <summary>The rows behind the redrive's cursor that are next, in the order of their keys.</summary>
    public async Task<OwedSlice> Next(TenantId tenant, RedriveRow redrive, CancellationToken cancellationToken)
    {
        var rows = new List<Stored<TodoRow>>();
        var scanned = 0;
        var last = redrive.Cursor;
        await foreach (var todo in Read(tenant, redrive, redrive.Cursor, cancellationToken))
        {
            if (rows.Count == SliceSize || scanned++ == MostScannedInSlice)
            {
                return new OwedSlice(rows, last, More: true);
            }

            last = todo.Row.RowKey;
            if (Includes(redrive, todo.Row))
            {
                rows.Add(todo);
            }
        }

        return new OwedSlice(rows, last, More: false);
    }

    /// <summary>How many rows of the redrive there are, whatever its cursor; counting stops at <paramref name="most"/>, or behind 10,000 rows of the tenant's.</summary>
    public async Task<OwedCount> Count(TenantId tenant, RedriveRow redrive, int most, CancellationToken cancellationToken)
    {
        var (count, scanned) = (0, 0);
        await foreach (var todo in Read(tenant, redrive, after: null, cancellationToken))
        {
            if (count == most || scanned++ == MostScanned)
            {
                return new OwedCount(count, More: true);
            }

            count += Includes(redrive, todo.Row) ? 1 : 0;
        }

        return new OwedCount(count, More: false);
    }

    /// <summary>
    /// Whether a redrive takes a row up. What came later is on its own way; but a connection's own redrive takes all, since somebody whose
    /// clock is ahead may have written, before the connection was there, what is dated after it.
    /// </summary>
    private static bool Includes(RedriveRow redrive, TodoRow todo) =>
        (redrive.Connection is not null || todo.Since <= redrive.StartedAt)
        && (redrive.Scope is not RedriveScope.Incident incident || todo.Redrive == redrive.Id || IncidentTypes.OfError(todo.Error) == incident.Type);

    private async IAsyncEnumerable<Stored<TodoRow>> Read(
        TenantId tenant, RedriveRow redrive, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = redrive.Scope is RedriveScope.Record record ? RecordKeys.TodoPrefix(record.Kind.Name, record.Id) : RecordKeys.Todos;
        var range = RowRange.Prefix(prefix);
        await foreach (var todo in store.Query<TodoRow>(Partition.Of(tenant), after is null ? range : range.After(after), cancellationToken))
        {
            yield return todo;
        }
    }
}

/// <summary>What a slice takes up.</summary>
/// <param name="Rows">The rows, in the order of their keys.</param>
/// <param name="Last">The key that it comes to.</param>
/// <param name="More">Whether there are rows behind.</param>
internal sealed record OwedSlice(IReadOnlyList<Stored<TodoRow>> Rows, string? Last, bool More);
