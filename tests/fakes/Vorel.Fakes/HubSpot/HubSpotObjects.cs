using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>The object endpoints: <c>/crm/v3/objects/{type}</c>.</summary>
internal sealed class HubSpotObjects(HubSpotPortal portal, HubSpotStore store, HubSpotAssociations associations)
{
    private const int MostOnPage = 100;
    private const int UsualOnPage = 10;

    private static readonly string[] s_reading = ["properties", "propertiesWithHistory", "associations", "archived", "idProperty"];

    private readonly HubSpotValidation _validation = new(portal, store);

    public HubSpotAnswer Create(HubSpotCall call, HubSpotObjectType type)
    {
        call.Knows();
        var record = store.Whole(() => Create(type, call.Json("properties", "associations", "objectWriteTraceId")));
        return HubSpotAnswer.Json(201, ToJson(type, record, record.Properties.Keys)) with
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Location"] = $"{call.Origin}/crm/v3/objects/{type.Name}/{record.Id}" },
        };
    }

    public HubSpotRecord Create(HubSpotObjectType type, JsonObject body)
    {
        var values = _validation.Read(type, Properties(body), record: null);
        var missing = type.Required.Where(name => values.GetValueOrDefault(name) is null or "" && !Follows(name, values)).ToArray();
        if (missing.Length > 0)
        {
            throw HubSpotErrors.MissingProperties(type, missing);
        }

        RefuseTakenEmail(type, values, own: null);
        var (now, id) = (store.Now, store.NewId());
        var record = new HubSpotRecord(type.Name, id, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal), now, now, ArchivedAt: null);
        record = With(type, record, values);
        store.Put(record);
        associations.Add(type, record, body["associations"]);
        return record;
    }

    public HubSpotAnswer Get(HubSpotCall call, HubSpotObjectType type, string id)
    {
        call.Knows(s_reading);
        var record = store.Find(portal, type, id, call.Parameter("idProperty"), call.Flag("archived"));
        return HubSpotAnswer.Ok(Read(call, type, record));
    }

    public HubSpotAnswer Update(HubSpotCall call, HubSpotObjectType type, string id)
    {
        call.Knows("idProperty");
        var record = Update(type, store.Find(portal, type, id, call.Parameter("idProperty")), call.Json("properties", "objectWriteTraceId"));
        return HubSpotAnswer.Ok(ToJson(type, record, record.Properties.Keys));
    }

    public HubSpotRecord Update(HubSpotObjectType type, HubSpotRecord record, JsonObject body)
    {
        var values = _validation.Read(type, Properties(body), record);
        RefuseTakenEmail(type, values, record);
        var changed = With(type, record with { UpdatedAt = store.Now }, values);
        store.Put(changed);
        return changed;
    }

    public HubSpotAnswer Archive(HubSpotCall call, HubSpotObjectType type, string id)
    {
        call.Knows();
        Archive(store.Find(portal, type, id, idProperty: null));
        return HubSpotAnswer.NoContent;
    }

    public void Archive(HubSpotRecord record) => store.Put(record with { ArchivedAt = store.Now });

    public HubSpotAnswer List(HubSpotCall call, HubSpotObjectType type)
    {
        call.Knows(["limit", "after", .. s_reading[..4]]);
        var limit = Number(call, "limit") ?? UsualOnPage;
        if (limit is < 1 or > MostOnPage)
        {
            throw HubSpotErrors.Invalid($"limit must be between 1 and {MostOnPage}");
        }

        var after = Number(call, "after") ?? 0;
        var page = store.Of(type, call.Flag("archived")).Where(record => long.Parse(record.Id, CultureInfo.InvariantCulture) > after).Take((int)limit + 1).ToArray();
        var body = new JsonObject { ["results"] = new JsonArray([.. page.Take((int)limit).Select(record => Read(call, type, record))]) };
        if (page.Length > limit)
        {
            var next = page[limit - 1].Id;
            body["paging"] = new JsonObject
            {
                ["next"] = new JsonObject { ["after"] = next, ["link"] = $"{call.Origin}{call.RawPath}?limit={limit}&after={next}" },
            };
        }

        return HubSpotAnswer.Ok(body);
    }

    /// <summary>Removes a contact for good; it cannot be restored.</summary>
    public HubSpotAnswer Erase(HubSpotCall call, HubSpotObjectType type)
    {
        var body = call.Json("objectId", "idProperty");
        store.Remove(store.Find(portal, type, HubSpotValue.Member(body, "objectId", isNeeded: true)!, HubSpotValue.Member(body, "idProperty")));
        return HubSpotAnswer.NoContent;
    }

    /// <summary>A record with what was asked for: what the account does not know is passed over, what the record does not have is null.</summary>
    public JsonObject ToJson(HubSpotObjectType type, HubSpotRecord record, IEnumerable<string> names)
    {
        var shown = names.Where(name => portal.Property(type, name) is not null)
            .Concat(["hs_object_id", type.Created, type.Modified]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var body = new JsonObject
        {
            ["id"] = record.Id,
            ["properties"] = new JsonObject(shown.Select(name => KeyValuePair.Create(name, (JsonNode?)record[name]))),
            ["createdAt"] = HubSpotValue.Text(record.CreatedAt),
            ["updatedAt"] = HubSpotValue.Text(record.UpdatedAt),
            ["archived"] = record.ArchivedAt is not null,
        };
        if (record.ArchivedAt is { } archived)
        {
            body["archivedAt"] = HubSpotValue.Text(archived);
        }

        return body;
    }

    private static JsonObject Properties(JsonObject body) => body["properties"] as JsonObject
        ?? throw HubSpotErrors.InvalidJson("Some required fields were not set: [properties]");

    private static long? Number(HubSpotCall call, string name) => call.Parameter(name) switch
    {
        null => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        var other => throw HubSpotErrors.Invalid($"{other} is no number for {name}"),
    };

    // The time of a meeting is that of its start, where none is given.
    private static bool Follows(string name, IReadOnlyDictionary<string, string> values) =>
        name == "hs_timestamp" && values.ContainsKey("hs_meeting_start_time");

    private JsonObject Read(HubSpotCall call, HubSpotObjectType type, HubSpotRecord record)
    {
        var body = ToJson(type, record, call.List("properties") is { Length: > 0 } asked ? asked : type.Defaults);
        if (call.List("associations") is { Length: > 0 } others && associations.ToJson(type, record, others) is { Count: > 0 } found)
        {
            body["associations"] = found;
        }

        return body;
    }

    private void RefuseTakenEmail(HubSpotObjectType type, IReadOnlyDictionary<string, string> values, HubSpotRecord? own)
    {
        if (type.Name == "contacts" && values.GetValueOrDefault("email") is { Length: > 0 } email
            && store.Holder(type, "email", email) is { } other && other.Id != own?.Id)
        {
            throw HubSpotErrors.ContactExists(other.Id);
        }
    }

    private static HubSpotRecord With(HubSpotObjectType type, HubSpotRecord record, IReadOnlyDictionary<string, string> values)
    {
        var properties = record.Properties.SetItems(values).RemoveRange(values.Where(value => value.Value.Length == 0).Select(value => value.Key))
            .SetItem("hs_object_id", record.Id)
            .SetItem(type.Created, HubSpotValue.Text(record.CreatedAt))
            .SetItem(type.Modified, HubSpotValue.Text(record.UpdatedAt));
        if (type.Name == "meetings" && !properties.ContainsKey("hs_timestamp") && properties.TryGetValue("hs_meeting_start_time", out var start))
        {
            properties = properties.SetItem("hs_timestamp", start);
        }

        foreach (var (phone, calculated) in new[] { ("phone", "hs_searchable_calculated_phone_number"), ("mobilephone", "hs_searchable_calculated_mobile_number") })
        {
            if (type.Name == "contacts")
            {
                properties = properties.TryGetValue(phone, out var number) ? properties.SetItem(calculated, Local(number)) : properties.Remove(calculated);
            }
        }

        return record with { Properties = properties };
    }

    // Area code and local number, without the country's: of an American number the last ten digits.
    private static string Local(string phone)
    {
        var digits = string.Concat(phone.Where(char.IsAsciiDigit));
        return digits.Length > 10 ? digits[^10..] : digits;
    }
}
