using System.Collections.Immutable;
using System.Globalization;

namespace Vorel.Fakes.HubSpot;

/// <summary>The records and their associations: values that do not change, so that a batch that fails can be undone.</summary>
internal sealed class HubSpotStore(TimeProvider time)
{
    // Above 32 bits, as the service's are.
    private long _lastId = 34_000_000_100;

    public ImmutableSortedDictionary<string, HubSpotRecord> Records { get; private set; } =
        ImmutableSortedDictionary.Create<string, HubSpotRecord>(StringComparer.Ordinal);

    public ImmutableList<HubSpotLink> Links { get; set; } = [];

    public HubSpotIndex Index { get; } = new(time);

    public DateTimeOffset Now => time.GetUtcNow();

    public string NewId() => (++_lastId).ToString(CultureInfo.InvariantCulture);

    public void Put(HubSpotRecord record)
    {
        Records = Records.SetItem(record.Id, record);
        Index.Changed(record);
    }

    public void Remove(HubSpotRecord record)
    {
        Records = Records.Remove(record.Id);
        Links = Links.RemoveAll(link => link.FromId == record.Id || link.ToId == record.Id);
        Index.Removed(record);
    }

    /// <summary>The living records of a type, oldest first.</summary>
    public IEnumerable<HubSpotRecord> Of(HubSpotObjectType type, bool archived = false) =>
        Records.Values.Where(record => record.Type == type.Name && record.ArchivedAt is not null == archived);

    /// <summary>A record by its id, or by an identifying property.</summary>
    public HubSpotRecord Find(HubSpotPortal portal, HubSpotObjectType type, string id, string? idProperty, bool archived = false)
    {
        if (idProperty is not null and not "hs_object_id")
        {
            return portal.Property(type, idProperty) is { HasUniqueValue: true }
                ? Holder(type, idProperty, id) ?? throw HubSpotErrors.NoRecord(id)
                : throw HubSpotErrors.Invalid($"Property {idProperty} is not a unique identifier of {type.Constant}");
        }

        return !id.All(char.IsAsciiDigit) ? throw HubSpotErrors.NoRecord(id)
            : Records.TryGetValue(id, out var record) && record.Type == type.Name && record.ArchivedAt is not null == archived ? record
            : throw HubSpotErrors.NoRecord();
    }

    /// <summary>The living record with a unique value, compared without case.</summary>
    public HubSpotRecord? Holder(HubSpotObjectType type, string property, string value) =>
        Of(type).FirstOrDefault(record => string.Equals(record[property], value, StringComparison.OrdinalIgnoreCase));

    /// <summary>Does all of a work or nothing of it.</summary>
    public T Whole<T>(Func<T> work)
    {
        var (records, links, late) = (Records, Links, Index.Late);
        try
        {
            return work();
        }
        catch (HubSpotRefusal)
        {
            (Records, Links, Index.Late) = (records, links, late);
            throw;
        }
    }
}
