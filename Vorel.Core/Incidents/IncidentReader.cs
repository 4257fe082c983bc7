using System.Runtime.CompilerServices;
using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Incidents;

/// <summary>Shows incidents to operators.</summary>
public sealed class IncidentReader(IRowStore store)
{
    /// <summary>The largest page of a list.</summary>
    public const int MaxLimit = 100;

    private static readonly RowRange s_open = RowRange.Prefix(IncidentRow.OpenPrefix);
    private static readonly RowRange s_closed = RowRange.Prefix(IncidentRow.ClosedPrefix);

    /// <summary>One incident.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    public async Task<Incident> Get(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        if (Uuid7.TryParse(id, out var incident) && await Find(tenant, incident, cancellationToken) is { } stored)
        {
            return stored.Row.ToIncident();
        }

        throw new NotFoundException("incident");
    }

    /// <summary>One incident, or null.</summary>
    internal async Task<Stored<IncidentRow>?> Find(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        // The open ones first: from there they move to the closed ones, and never back.
        await foreach (var open in store.Query<IncidentRow>(Partition.Of(tenant), s_open, cancellationToken))
        {
            if (open.Row.Id == id)
            {
                return open;
            }
        }

        return await store.Get<IncidentRow>(Partition.Of(tenant), IncidentRow.ClosedKey(id), cancellationToken);
    }

    /// <summary>A page of a tenant's incidents, the open ones first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="status"><c>open</c> or <c>closed</c> for these alone; null for all.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="cursor">The cursor of the page before; null for the first. It names a place in the list, whether or not something is still there.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ValidationException">The status is unknown, the limit out of range, or the cursor none of such a list.</exception>
    public async Task<IncidentPage> List(TenantId tenant, string? status, int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new ValidationException("?limit", $"must be from 1 to {MaxLimit}");
        }

        RowRange[] ranges = status switch
        {
            null => [s_open, s_closed],
            "open" => [s_open],
            "closed" => [s_closed],
            _ => throw new ValidationException("?status", "must be open or closed"),
        };
        var page = new List<IncidentRow>(limit);
        await foreach (var row in Read(tenant, cursor is null ? ranges : await Behind(tenant, ranges, cursor, cancellationToken), cancellationToken))
        {
            if (page.Count == limit)
            {
                return new IncidentPage([.. page.Select(shown => shown.ToIncident())], CursorOf(page[^1]));
            }

            page.Add(row);
        }

        return new IncidentPage([.. page.Select(shown => shown.ToIncident())], null);
    }

    private async IAsyncEnumerable<IncidentRow> Read(TenantId tenant, IEnumerable<RowRange> ranges, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var range in ranges)
        {
            await foreach (var stored in store.Query<IncidentRow>(Partition.Of(tenant), range, cancellationToken))
            {
                yield return stored.Row;
            }
        }
    }

    // "open.{type}.{subject}", or the id of a closed one: an incident that closes while somebody pages must not take its place with it.
    private static string CursorOf(IncidentRow row) => row.ClosedAt is null ? $"open.{row.Type.Wire()}.{row.Subject}" : row.Id.ToString("D");

    private async Task<string?> KeyOf(TenantId tenant, string cursor, CancellationToken cancellationToken)
    {
        if (Uuid7.TryParse(cursor, out var id))
        {
            return (await store.Get(IncidentRow.Table, Partition.Of(tenant), IncidentRow.ClosedKey(id), cancellationToken))?.Key;
        }

        return cursor.Split('.') is ["open", var wire, { Length: > 0 and <= 64 } subject] && IncidentTypes.Find(wire) is { } type && subject.All(IsOfSubject)
            ? IncidentRow.OpenKey(type, subject)
            : null;
    }

    private async Task<IEnumerable<RowRange>> Behind(TenantId tenant, RowRange[] ranges, string cursor, CancellationToken cancellationToken)
    {
        var key = await KeyOf(tenant, cursor, cancellationToken);
        var place = key is null ? -1 : Array.FindIndex(ranges, range => string.CompareOrdinal(range.From, key) <= 0 && string.CompareOrdinal(key, range.To) < 0);
        return place < 0
            ? throw new ValidationException("?cursor", "is not a cursor of this list")
            : [ranges[place].After(key!), .. ranges[(place + 1)..]];
    }

    private static bool IsOfSubject(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '_' or '-';
}
