using System.Runtime.CompilerServices;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Security.Rewraps;

/// <summary>All rows of all tenants that have a sealed column, in an order that a walk can be taken up in.</summary>
internal sealed class SealedRows(IRowStore store)
{
    private const int TenantsAtOnce = 50;

    /// <summary>The rows behind a cursor, from the first if null. Each tenant ends with a row that is none.</summary>
    public async IAsyncEnumerable<SealedRow> After(RewrapCursor? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var places = await Places(cancellationToken);
        await foreach (var tenant in Tenants(cursor?.Tenant, cancellationToken))
        {
            var from = cursor?.Tenant == tenant ? cursor : null;
            foreach (var (number, column, table) in places)
            {
                var order = from is null ? 1 : (number, table).CompareTo((NumberOf(from.Column), from.Table));
                if (order < 0)
                {
                    continue;
                }

                var range = order == 0 ? column.Rows.After(from!.RowKey) : column.Rows;
                await foreach (var row in store.Query(table, Partition.Of(tenant), range, cancellationToken))
                {
                    yield return new SealedRow(tenant, column, table, row);
                }
            }

            yield return new SealedRow(tenant, null, "", null);
        }
    }

    private static int NumberOf(string column)
    {
        for (var number = 0; number < SealedColumns.All.Count; number++)
        {
            if (SealedColumns.All[number].Name == column)
            {
                return number;
            }
        }

        // The end of a tenant; or a column of another version, whose process then goes through this tenant again.
        return column == RewrapCursor.End ? int.MaxValue : -1;
    }

    private async Task<IReadOnlyList<(int Number, SealedColumn Column, string Table)>> Places(CancellationToken cancellationToken)
    {
        var places = new List<(int, SealedColumn, string)>();
        for (var number = 0; number < SealedColumns.All.Count; number++)
        {
            var column = SealedColumns.All[number];
            var tables = column.IsFamily ? await store.ListTables(column.Table, cancellationToken) : [column.Table];
            places.AddRange(tables.Select(table => (number, column, table)));
        }

        return places;
    }

    private async IAsyncEnumerable<TenantId> Tenants(TenantId? first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var range = new RowRange(first?.ToString(), null); ;)
        {
            var page = await store.ReadHints(HintTable.Tenants, range, TenantsAtOnce, cancellationToken);
            foreach (var (partition, row) in page)
            {
                if (row.Key == TenantRow.Key && TenantId.TryParse(partition.Value, out var tenant))
                {
                    yield return tenant;
                }
            }

            if (page.Count < TenantsAtOnce)
            {
                yield break;
            }

            range = range.After(page[^1].Partition.Value);
        }
    }
}
