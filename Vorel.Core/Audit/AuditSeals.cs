using Vorel.Core.Alerts;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>Seals the days of a tenant's log once they are over, every day, also one on which nothing happened: a seal that is not there is a finding.</summary>
public sealed class AuditSeals(IRowStore store, AuditKey key, Clocks clocks, IAlerts alerts)
{
    /// <summary>How many days one call seals at most; after a long absence the next one goes on.</summary>
    private const int MostDays = 31;

    /// <summary>How far back the last seal is looked for. A tenant has none that is older only if it has none.</summary>
    private const int MostBack = 400;

    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(1);

    /// <summary>Seals what is due and has none. The moment to come again; there always is one.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer; call again.</exception>
    internal async Task<DateTimeOffset> Run(TenantId tenant, CancellationToken cancellationToken)
    {
        var now = clocks.Domain.GetUtcNow();
        var last = AuditDays.LastDue(tenant, now);
        var day = await FirstWithout(tenant, last, cancellationToken);
        for (var count = 0; day <= last; day = day.AddDays(1))
        {
            if (++count > MostDays)
            {
                return now + s_soon;
            }

            await Seal(tenant, day, now, cancellationToken);
        }

        return AuditDays.SealedAt(tenant, last.AddDays(1));
    }

    /// <summary>The day after the last that has a seal: gaps before it are not filled, for nothing but foul play makes them.</summary>
    private async Task<DateOnly> FirstWithout(TenantId tenant, DateOnly last, CancellationToken cancellationToken)
    {
        var first = AuditDays.FirstOf(tenant);
        var day = last;
        while (day >= first && day > last.AddDays(-MostBack) && await Find(tenant, day, cancellationToken) is null)
        {
            day = day.AddDays(-1);
        }

        return day.AddDays(1);
    }

    private async Task Seal(TenantId tenant, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var scan = new AuditScan(tenant, key);
        var range = AuditKeys.RangeOf(day);
        await foreach (var row in store.Query(AuditRow.Table, Partition.Of(tenant), range, cancellationToken))
        {
            scan.Meet(row);
        }

        scan.End(range.To);
        foreach (var found in scan.Breaks)
        {
            alerts.Raise(new Alert(AlertCode.AuditLogBroken, tenant, found.Id?.ToString("D") ?? "unknown", found.Kind.Wire()));
        }

        var previous = (await Find(tenant, day.AddDays(-1), cancellationToken))?.Columns.GetValueOrDefault(AuditKey.Column) as byte[];
        var seal = new AuditSealRow(day, now, [.. scan.Heads], previous).Bind(key, tenant);

        // Where another one was faster, its seal says the same.
        await store.TryInsert(AuditSealRow.Table, Partition.Of(tenant), seal, cancellationToken);
    }

    private Task<Row?> Find(TenantId tenant, DateOnly day, CancellationToken cancellationToken) =>
        store.Get(AuditSealRow.Table, Partition.Of(tenant), AuditKeys.SealOf(day), cancellationToken);
}
