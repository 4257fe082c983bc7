using System.Globalization;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>Searches and lists. Searches are late by seconds: what was written last may be missing.</summary>
internal sealed class HubSpotReader(HubSpotClient client)
{
    private const string ObjectId = "hs_object_id";

    /// <summary>Full-text search of one object.</summary>
    public async Task<IReadOnlyList<HubSpotRecord>> Search(HubSpotShape shape, string query, int limit, CancellationToken cancellationToken)
    {
        if (limit <= 0 || string.IsNullOrWhiteSpace(query))
        {
            return [];
        }

        var cut = query.Length <= HubSpotDefaults.MaxQuery ? query : query[..(HubSpotDefaults.MaxQuery - (char.IsHighSurrogate(query[HubSpotDefaults.MaxQuery - 1]) ? 1 : 0))];
        var search = new HubSpotSearch(shape.Read, Math.Min(limit, HubSpotDefaults.MaxPage)) { Query = cut };
        return (await client.Search(shape.Slug, search, cancellationToken)).Results;
    }

    /// <summary>
    /// What changed since a moment, newest first. Pages follow the moment and, within one, the id: HubSpot's own cursor ends after 10,000 records and skips some when
    /// others change meanwhile, and a job of theirs may touch thousands in one millisecond.
    /// </summary>
    public async Task<IReadOnlyList<HubSpotRecord>> ListRecent(HubSpotShape shape, DateTimeOffset since, int limit, CancellationToken cancellationToken)
    {
        var wanted = Math.Min(limit, HubSpotDefaults.MaxListed);
        var listed = new List<HubSpotRecord>();
        long? before = null;
        while (listed.Count < wanted)
        {
            var page = await Page(shape, [At("GTE", since.ToUnixTimeMilliseconds()), .. before is { } end ? [At("LT", end)] : Array.Empty<HubSpotFilter>()], shape.Modified, cancellationToken);
            if (page.Count < HubSpotDefaults.MaxPage)
            {
                listed.AddRange(page);
                break;
            }

            // The last moment of a full page may go on behind it: all of it is read by id.
            var last = Moment(shape, page[^1]);
            listed.AddRange(page.Where(record => Moment(shape, record) > last));
            await AddMoment(shape, listed, last, wanted, cancellationToken);
            before = last;
        }

        return listed.Count <= wanted ? listed : listed[..Math.Max(wanted, 0)];

        HubSpotFilter At(string comparison, long moment) => new(shape.Modified, comparison, Text(moment));
    }

    private async Task AddMoment(HubSpotShape shape, List<HubSpotRecord> listed, long moment, int wanted, CancellationToken cancellationToken)
    {
        string? below = null;
        while (listed.Count < wanted)
        {
            var page = await Page(
                shape,
                [new HubSpotFilter(shape.Modified, "EQ", Text(moment)), .. below is null ? Array.Empty<HubSpotFilter>() : [new HubSpotFilter(ObjectId, "LT", below)]],
                ObjectId,
                cancellationToken);
            listed.AddRange(page);
            if (page.Count < HubSpotDefaults.MaxPage)
            {
                return;
            }

            below = page[^1].Id;
        }
    }

    private async Task<IReadOnlyList<HubSpotRecord>> Page(HubSpotShape shape, IReadOnlyList<HubSpotFilter> filters, string by, CancellationToken cancellationToken) =>
        (await client.Search(
            shape.Slug,
            new HubSpotSearch(shape.Read, HubSpotDefaults.MaxPage) { FilterGroups = [new HubSpotFilterGroup(filters)], Sorts = [new HubSpotSort(by, "DESCENDING")] },
            cancellationToken)).Results;

    private static long Moment(HubSpotShape shape, HubSpotRecord record) =>
        HubSpotValues.ModifiedAt(shape, record) is { } at ? at.ToUnixTimeMilliseconds() : throw new CrmException(
            CrmErrorCode.ProviderError, "HubSpot does not say when a record changed.", retryable: true);

    private static string Text(long moment) => moment.ToString(CultureInfo.InvariantCulture);
}
