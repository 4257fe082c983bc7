using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>Looks whether a month's log is still what was written.</summary>
public sealed class AuditVerifier(IRowStore store, AuditKey key, Clocks clocks)
{
    /// <summary>How many rows one call looks at.</summary>
    internal const int PageSize = 20_000;

    /// <summary>Looks through a month, newest first, at most 20,000 rows at a time.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="month">Which, as <c>2026-11</c>.</param>
    /// <param name="cursor">Where the last call left off; null for the start.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ValidationException">That is no month, or no cursor of it.</exception>
    public Task<AuditVerdict> Verify(TenantId tenant, string? month, string? cursor, CancellationToken cancellationToken) =>
        Verify(tenant, month, cursor, PageSize, cancellationToken);

    /// <summary>The same with pages of another size.</summary>
    internal async Task<AuditVerdict> Verify(TenantId tenant, string? month, string? cursor, int pageSize, CancellationToken cancellationToken)
    {
        if (!AuditKeys.TryParseMonth(month, out var first))
        {
            throw new ValidationException("/month", "must be a month, such as 2026-11");
        }

        AuditCursor? left = null;
        if (cursor is not null && !AuditCursor.TryParse(cursor, month!, out left))
        {
            throw new ValidationException("/cursor", "is not a cursor of this month");
        }

        var from = left is null ? null : AuditKeys.Of(left.Last);
        var scan = new AuditScan(tenant, key);
        var seals = await SealedDays.Read(store, key, tenant, first, cancellationToken);
        foreach (var seal in seals.Sound)
        {
            scan.Take(seal, from);
        }

        scan.Take(left?.Expected ?? []);

        // Seals are read before rows: what a seal says to be there was there before the seal.
        var upTo = await Read(scan, tenant, from is null ? AuditKeys.RangeOf(month!) : AuditKeys.RangeOf(month!).After(from), pageSize, cancellationToken);
        var expected = scan.End(upTo);

        var breaks = scan.Breaks.Concat(seals.Breaks(tenant, clocks.Domain.GetUtcNow()).Where(found => Covers(found.At)));
        return new AuditVerdict(
            breaks.OrderBy(found => found.At).ThenByDescending(found => found.Key, StringComparer.Ordinal).FirstOrDefault(),
            scan.Rows,
            seals.Sound.Count,
            seals.Sound.Count(seal => seal.MadeAt > AuditDays.LateFrom(seal.Day)),
            scan.Late,
            seals.Sound.Count == 0 ? null : Convert.ToHexStringLower(seals.Sound[^1].Mac!),
            upTo is not null && AuditKeys.TryParse(upTo, out var last) ? new AuditCursor(last, expected).ToString() : null);

        // A seal's finding belongs to the page on which its day ends.
        bool Covers(DateTimeOffset at) => (from is null || at <= MomentOf(from)) && (upTo is null || at > MomentOf(upTo));
    }

    private static DateTimeOffset MomentOf(string place) => AuditKeys.TryParse(place, out var id) ? Uuid7.TimeOf(id) : default;

    /// <summary>Reads a page. The key of its last row if there is more behind it, else null.</summary>
    private async Task<string?> Read(AuditScan scan, TenantId tenant, RowRange range, int pageSize, CancellationToken cancellationToken)
    {
        string? last = null;
        await foreach (var row in store.Query(AuditRow.Table, Partition.Of(tenant), range, cancellationToken))
        {
            // A page ends behind a row of ours, so that the next one can be asked for by its id.
            if (scan.Rows >= pageSize && last is not null && AuditKeys.TryParse(last, out _))
            {
                return last;
            }

            scan.Meet(row);
            last = row.Key;
        }

        return null;
    }
}
