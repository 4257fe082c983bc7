using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>Reads the log.</summary>
public sealed class AuditReader(IRowStore store, AuditKey key, Clocks clocks)
{
    /// <summary>The largest page.</summary>
    public const int MaxLimit = 100;

    /// <summary>A page of a month, newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="month">Which, as <c>2026-11</c>; null for this one.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="cursor">The id of the last entry of the page before; null for the first.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ValidationException">That is no month, the limit is out of range, or the cursor is not one of this tenant's month.</exception>
    public async Task<AuditPage> List(TenantId tenant, string? month, int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new ValidationException("?limit", $"must be from 1 to {MaxLimit}");
        }

        if (month is not null && !AuditKeys.TryParseMonth(month, out _))
        {
            throw new ValidationException("?month", "must be a month, such as 2026-11");
        }

        var last = await Find(tenant, cursor, cancellationToken);
        month ??= last is { } id ? AuditKeys.MonthOf(id) : AuditKeys.MonthOf(clocks.Domain.GetUtcNow());
        var range = AuditKeys.RangeOf(month);
        if (cursor is not null)
        {
            range = last is { } known && AuditKeys.MonthOf(known) == month
                ? range.After(AuditKeys.Of(known))
                : throw new ValidationException("?cursor", "is not a cursor of this list");
        }

        var page = new List<AuditEntry>(limit);
        await foreach (var row in store.Query(AuditRow.Table, Partition.Of(tenant), range, cancellationToken))
        {
            // What lies there under a key that is none of ours, verifying finds.
            if (!AuditKeys.TryParse(row.Key, out var entry))
            {
                continue;
            }

            if (page.Count == limit)
            {
                return new AuditPage(page, page[^1].Id.ToString("D"));
            }

            page.Add(key.Fits(tenant, row) ? Entry(AuditRow.FromColumns(row.Key, new Columns(row.Columns))) : new AuditEntry(entry, Intact: false));
        }

        return new AuditPage(page, null);
    }

    private static AuditEntry Entry(AuditRow row) => new(row.Id, Intact: true)
    {
        Action = row.Action,
        ActorKind = row.ActorKind,
        Actor = row.Actor,
        Request = row.Request,
        Conversation = row.Conversation,
        Subject = row.Subject,
        Old = row.Old,
        New = row.New,
        Code = row.Code,
        Counts = row.Counts,
    };

    /// <summary>The entry that a cursor names; null if there is none.</summary>
    private async Task<Guid?> Find(TenantId tenant, string? cursor, CancellationToken cancellationToken) =>
        Uuid7.TryParse(cursor, out var id) && await store.Get(AuditRow.Table, Partition.Of(tenant), AuditKeys.Of(id), cancellationToken) is not null ? id : null;
}
