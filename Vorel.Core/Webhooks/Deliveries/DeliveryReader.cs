using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>Shows deliveries to operators, without bodies.</summary>
public sealed class DeliveryReader(IRowStore store, Clocks clocks)
{
    /// <summary>The largest page of a list.</summary>
    public const int MaxLimit = 100;

    /// <summary>Deliveries are kept for 60 days, so they lie in at most three months' tables.</summary>
    private const int Months = 3;

    /// <summary>One delivery.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    public async Task<Delivery> Get(TenantId tenant, string id, CancellationToken cancellationToken) =>
        Uuid7.TryParse(id, out var delivery)
        && await store.Get<DeliveryRow>(DeliveryIds.TableOf(delivery), Partition.Of(tenant), Uuid7.ToKey(delivery), cancellationToken) is { } stored
            ? stored.Row.ToDelivery()
            : throw new NotFoundException("delivery");

    /// <summary>A page of a tenant's deliveries, newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="cursor">The id of the last delivery of the page before; null for the first.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ValidationException">The limit is out of range, or the cursor is not one of this tenant's.</exception>
    public async Task<DeliveryPage> List(TenantId tenant, int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new ValidationException("?limit", $"must be from 1 to {MaxLimit}");
        }

        var last = cursor is null ? null : await FindCursor(tenant, cursor, cancellationToken);
        var page = new List<Delivery>(limit);
        var month = last?.CreatedAt ?? clocks.Domain.GetUtcNow();
        var range = last is null ? RowRange.All : RowRange.All.After(Uuid7.ToKey(last.Id));
        for (var tables = 0; tables < Months; tables++, range = RowRange.All, month = FirstOfMonth(month).AddMonths(-1))
        {
            await foreach (var stored in store.Query<DeliveryRow>(DeliveryIds.TableOf(month), Partition.Of(tenant), range, cancellationToken))
            {
                if (page.Count == limit)
                {
                    return new DeliveryPage(page, page[^1].Id.ToString("D"));
                }

                page.Add(stored.Row.ToDelivery());
            }
        }

        return new DeliveryPage(page, null);
    }

    private static DateTimeOffset FirstOfMonth(DateTimeOffset moment) => new(moment.Year, moment.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private async Task<Delivery> FindCursor(TenantId tenant, string cursor, CancellationToken cancellationToken)
    {
        try
        {
            return await Get(tenant, cursor, cancellationToken);
        }
        catch (NotFoundException)
        {
            throw new ValidationException("?cursor", "is not a cursor of this list");
        }
    }
}
