using System.Globalization;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Payloads;
using Vorel.Core.Storage;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Retention;

/// <summary>
/// Drops the tables of days and months that are over, with all they hold: a day's payloads with the keys that they are sealed
/// with, a month's deliveries, a day's sign-ins at providers. What comes late brings none back: changes presuppose a row, and what adds looks at the time first.
/// </summary>
public sealed class OldTables(IRowStore store, Clocks clocks)
{
    /// <summary>Drops what is over; how many tables that was.</summary>
    public async Task<int> Drop(CancellationToken cancellationToken) =>
        await Drop(PayloadTables.Family, PayloadTables.EndOf, cancellationToken)
        + await Drop(DeliveryIds.TableFamily, DeliveryIds.EndOf, cancellationToken)
        + await Drop(OAuthStateRow.Family, OAuthStateRow.EndOf, cancellationToken);

    private async Task<int> Drop(string family, Func<DateTimeOffset, DateTimeOffset> end, CancellationToken cancellationToken)
    {
        var dropped = 0;
        foreach (var table in await store.ListTables(family, cancellationToken))
        {
            if (StartOf(table[family.Length..]) is { } start && clocks.Domain.GetUtcNow() >= end(start))
            {
                await store.DropTable(table, cancellationToken);
                Metrics.DroppedTables.Add(1, new KeyValuePair<string, object?>("vorel.table.family", family));
                dropped++;
            }
        }

        return dropped;
    }

    /// <summary>The day or month that a table's name ends in; null if it is none of ours.</summary>
    private static DateTimeOffset? StartOf(string name) =>
        DateTimeOffset.TryParseExact(name, ["yyyyMMdd", "yyyyMM"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start) ? start : null;
}
