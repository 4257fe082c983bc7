using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>The search endpoint, with its limits and its lateness.</summary>
internal sealed class HubSpotSearch(HubSpotPortal portal, HubSpotStore store, HubSpotObjects objects)
{
    private const int MostOnPage = 200;
    private const int MostResults = 10_000;
    private const int LongestQuery = 3_000;
    private const int MostGroups = 5;
    private const int MostFiltersInGroup = 6;
    private const int MostFilters = 18;

    public HubSpotAnswer Answer(HubSpotCall call, HubSpotObjectType type)
    {
        call.Knows();
        var body = call.Json("filterGroups", "sorts", "query", "properties", "limit", "after");
        var limit = Number(body, "limit") ?? 10;
        var after = Number(body, "after") ?? 0;
        var query = HubSpotValue.Member(body, "query") ?? "";
        if (limit is < 1 or > MostOnPage || query.Length > LongestQuery || after + limit > MostResults)
        {
            throw HubSpotErrors.Invalid("There was a problem with the request: limit, query or the number of results is above the most");
        }

        var groups = Groups(body).Select(group => group.Select(filter => HubSpotFilter.Read(portal, type, filter)).ToArray()).ToArray();
        var found = store.Index.Search(type)
            .Where(record => groups.Length == 0 || Array.Exists(groups, group => Array.TrueForAll(group, filter => filter.Holds(record))))
            .Where(record => query.Length == 0 || type.Searched.Any(name => record[name]?.Contains(query, StringComparison.OrdinalIgnoreCase) == true)
                || (type.Name == "contacts" && IsPhone(record, query)));
        var sorted = Sort(type, body, found).ToArray();
        var properties = HubSpotValue.List(body, "properties") is { Length: > 0 } asked ? asked : type.Defaults;
        var answer = new JsonObject
        {
            ["total"] = sorted.Length,
            ["results"] = new JsonArray([.. sorted.Skip(after).Take(limit).Select(record => objects.ToJson(type, record, properties))]),
        };
        if (sorted.Length > after + limit)
        {
            answer["paging"] = new JsonObject { ["next"] = new JsonObject { ["after"] = (after + limit).ToString(CultureInfo.InvariantCulture) } };
        }

        return HubSpotAnswer.Ok(answer);
    }

    // Telephone numbers are found by their digits, without the country's.
    private static bool IsPhone(HubSpotRecord record, string query)
    {
        var digits = string.Concat(query.Where(char.IsAsciiDigit));
        return digits.Length >= 7
            && (record["hs_searchable_calculated_phone_number"]?.Contains(digits, StringComparison.Ordinal) == true
                || record["hs_searchable_calculated_mobile_number"]?.Contains(digits, StringComparison.Ordinal) == true);
    }

    private static JsonNode?[][] Groups(JsonObject body)
    {
        if (body["filterGroups"] is null)
        {
            return [];
        }

        var groups = (body["filterGroups"] as JsonArray ?? throw HubSpotErrors.InvalidJson("filterGroups must be a list"))
            .Select(group => HubSpotCall.Members(group, "filters")["filters"] as JsonArray ?? throw HubSpotErrors.InvalidJson("filters must be a list"))
            .Select(filters => filters.ToArray()).ToArray();
        return groups.Length > MostGroups || groups.Any(group => group.Length is 0 or > MostFiltersInGroup) || groups.Sum(group => group.Length) > MostFilters
            ? throw HubSpotErrors.Invalid($"There was a problem with the request: at most {MostGroups} filter groups of {MostFiltersInGroup} filters, {MostFilters} in all")
            : groups;
    }

    private IEnumerable<HubSpotRecord> Sort(HubSpotObjectType type, JsonObject body, IEnumerable<HubSpotRecord> records)
    {
        if (body["sorts"] is not JsonArray { Count: > 0 } sorts)
        {
            return records;
        }

        if (sorts.Count > 1)
        {
            throw HubSpotErrors.Invalid("There was a problem with the request: one sort at most");
        }

        var sort = sorts[0] is JsonObject ? HubSpotCall.Members(sorts[0], "propertyName", "direction") : new JsonObject { ["propertyName"] = sorts[0]?.DeepClone() };
        var name = HubSpotValue.Member(sort, "propertyName", isNeeded: true)!;
        var property = portal.Property(type, name) ?? throw HubSpotErrors.Invalid($"There was a problem with the request: no property {name}");
        return (HubSpotValue.Member(sort, "direction") ?? "ASCENDING") switch
        {
            "ASCENDING" => records.OrderBy(record => HubSpotFilter.Sortable(property, record[name])),
            "DESCENDING" => records.OrderByDescending(record => HubSpotFilter.Sortable(property, record[name])),
            var other => throw HubSpotErrors.Invalid($"There was a problem with the request: no direction {other}"),
        };
    }

    private static int? Number(JsonObject body, string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.Number or JsonValueKind.String
            && int.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw HubSpotErrors.InvalidJson($"{name} must be a number"),
    };
}
