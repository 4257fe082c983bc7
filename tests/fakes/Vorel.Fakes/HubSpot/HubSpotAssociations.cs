using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>Associations: of create bodies, of reads, and the endpoints of v4.</summary>
internal sealed class HubSpotAssociations(HubSpotPortal portal, HubSpotStore store)
{
    private const string Defined = "HUBSPOT_DEFINED";

    /// <summary>The types without a label, of the list in HubSpot's client: between each two kinds of records, the one direction and the other.</summary>
    private static readonly Dictionary<(string From, string To), int> s_types = Both(
        ("deals", "contacts", 3, 4), ("tickets", "contacts", 16, 15), ("calls", "contacts", 194, 193), ("meetings", "contacts", 200, 199),
        ("notes", "contacts", 202, 201), ("tasks", "contacts", 204, 203), ("contacts", "companies", 279, 280), ("deals", "companies", 341, 342),
        ("tickets", "companies", 339, 340), ("calls", "companies", 182, 181), ("meetings", "companies", 188, 187), ("notes", "companies", 190, 189),
        ("tasks", "companies", 192, 191), ("calls", "deals", 206, 205), ("meetings", "deals", 212, 211), ("notes", "deals", 214, 213),
        ("tasks", "deals", 216, 215), ("deals", "tickets", 27, 28), ("calls", "tickets", 220, 219), ("meetings", "tickets", 226, 225),
        ("notes", "tickets", 228, 227), ("tasks", "tickets", 230, 229));

    /// <summary>Those of a create body.</summary>
    public void Add(HubSpotObjectType from, HubSpotRecord record, JsonNode? list)
    {
        if (list is null)
        {
            return;
        }

        foreach (var item in list as JsonArray ?? throw HubSpotErrors.InvalidJson("associations must be a list"))
        {
            var association = HubSpotCall.Members(item, "to", "types");
            var id = HubSpotValue.Id(HubSpotCall.Members(association["to"], "id")["id"]);
            foreach (var type in Types(association["types"]))
            {
                var to = s_types.Where(known => known.Value == type && known.Key.From == from.Name).Select(known => portal.Type(known.Key.To)).FirstOrDefault()
                    ?? throw HubSpotErrors.Invalid($"invalid from object type {from.Id} for associations to be created.");
                Link(from, record.Id, to, id, type);
            }
        }
    }

    /// <summary>Those of a read, by the other kinds' names; the kinds without any are left out.</summary>
    public JsonObject ToJson(HubSpotObjectType type, HubSpotRecord record, IEnumerable<string> others)
    {
        var body = new JsonObject();
        foreach (var other in others.Select(portal.Type))
        {
            if (Of(type, record.Id, other).ToArray() is { Length: > 0 } links)
            {
                body[other.Name] = new JsonObject
                {
                    ["results"] = new JsonArray([.. links.Select(link => new JsonObject { ["id"] = link.ToId, ["type"] = $"{type.Singular}_to_{other.Singular}" })]),
                };
            }
        }

        return body;
    }

    public HubSpotAnswer List(HubSpotCall call, HubSpotObjectType from, string id, HubSpotObjectType to)
    {
        call.Knows("limit", "after");
        store.Find(portal, from, id, idProperty: null);
        return HubSpotAnswer.Ok(new JsonObject { ["results"] = new JsonArray([.. Of(from, id, to).Select(ToJson)]) });
    }

    public HubSpotAnswer PutDefault(HubSpotObjectType from, string id, HubSpotObjectType to, string toId)
    {
        var type = TypeOf(from, to);
        Link(from, id, to, toId, type);
        var now = HubSpotValue.Text(store.Now);
        return HubSpotAnswer.Ok(new JsonObject
        {
            ["status"] = "COMPLETE",
            ["results"] = new JsonArray(Between(from, id, to, toId, type), Between(to, toId, from, id, TypeOf(to, from))),
            ["startedAt"] = now,
            ["completedAt"] = now,
        });
    }

    public HubSpotAnswer Put(HubSpotCall call, HubSpotObjectType from, string id, HubSpotObjectType to, string toId)
    {
        foreach (var type in Types(call.JsonList()))
        {
            if (!s_types.TryGetValue((from.Name, to.Name), out var known) || known != type)
            {
                throw HubSpotErrors.Invalid($"One or more association types are invalid: {type} does not lead from {from.Id} to {to.Id}");
            }

            Link(from, id, to, toId, type);
        }

        return HubSpotAnswer.Json(201, new JsonObject
        {
            ["fromObjectTypeId"] = from.Id,
            ["fromObjectId"] = id,
            ["toObjectTypeId"] = to.Id,
            ["toObjectId"] = toId,
            ["labels"] = new JsonArray(),
        });
    }

    public HubSpotAnswer Delete(HubSpotObjectType from, string id, HubSpotObjectType to, string toId)
    {
        store.Links = store.Links.RemoveAll(link =>
            (link.FromType, link.FromId, link.ToType, link.ToId) == (from.Name, id, to.Name, toId)
            || (link.FromType, link.FromId, link.ToType, link.ToId) == (to.Name, toId, from.Name, id));
        return HubSpotAnswer.NoContent;
    }

    public HubSpotAnswer BatchRead(HubSpotCall call, HubSpotObjectType from, HubSpotObjectType to)
    {
        var now = HubSpotValue.Text(store.Now);
        var inputs = call.Json("inputs")["inputs"] as JsonArray ?? throw HubSpotErrors.InvalidJson("Some required fields were not set: [inputs]");
        return HubSpotAnswer.Ok(new JsonObject
        {
            ["status"] = "COMPLETE",
            ["results"] = new JsonArray([.. inputs.Select(input => HubSpotValue.Id(HubSpotCall.Members(input, "id", "after")["id"]))
                .Select(id => (Id: id, Links: Of(from, id, to).ToArray())).Where(found => found.Links.Length > 0)
                .Select(found => new JsonObject { ["from"] = Id(found.Id), ["to"] = new JsonArray([.. found.Links.Select(ToJson)]) })]),
            ["startedAt"] = now,
            ["completedAt"] = now,
        });
    }

    private static JsonObject ToJson(HubSpotLink link) => new()
    {
        ["toObjectId"] = link.ToId,
        ["associationTypes"] = new JsonArray(new JsonObject { ["category"] = Defined, ["typeId"] = link.TypeId, ["label"] = null }),
    };

    private static JsonObject Between(HubSpotObjectType from, string id, HubSpotObjectType to, string toId, int type) => new()
    {
        ["from"] = Id(id),
        ["to"] = Id(toId),
        ["associationSpec"] = new JsonObject { ["associationCategory"] = Defined, ["associationTypeId"] = type },
    };

    private static JsonObject Id(string id) => new() { ["id"] = id };

    private static int TypeOf(HubSpotObjectType from, HubSpotObjectType to) => s_types.TryGetValue((from.Name, to.Name), out var type)
        ? type
        : throw HubSpotErrors.Invalid($"No association type leads from {from.Id} to {to.Id}");

    private static IEnumerable<int> Types(JsonNode? node)
    {
        var list = node as JsonArray ?? throw HubSpotErrors.InvalidJson("types must be a list");
        return list.Count == 0 ? throw HubSpotErrors.Invalid("No association types were given") : list.Select(item =>
        {
            var type = HubSpotCall.Members(item, "associationCategory", "associationTypeId");
            return HubSpotValue.Member(type, "associationCategory", isNeeded: true) == Defined && type["associationTypeId"]?.GetValueKind() == JsonValueKind.Number
                ? type["associationTypeId"]!.GetValue<int>()
                : throw HubSpotErrors.Invalid("The stand-in has types of HubSpot's own only, by number");
        });
    }

    private static Dictionary<(string From, string To), int> Both(params (string From, string To, int There, int Back)[] types) =>
        types.SelectMany(type => new[] { ((type.From, type.To), type.There), ((type.To, type.From), type.Back) }).ToDictionary(type => type.Item1, type => type.Item2);

    private IEnumerable<HubSpotLink> Of(HubSpotObjectType from, string id, HubSpotObjectType to) => store.Links.Where(link =>
        link.FromType == from.Name && link.FromId == id && link.ToType == to.Name && store.Records.TryGetValue(link.ToId, out var other) && other.ArchivedAt is null);

    private void Link(HubSpotObjectType from, string id, HubSpotObjectType to, string toId, int type)
    {
        if (!IsThere(from, id) || !IsThere(to, toId))
        {
            throw HubSpotErrors.Error(System.Net.HttpStatusCode.BadRequest, "One or more associations are invalid", "VALIDATION_ERROR", new JsonObject
            {
                ["INVALID_OBJECT_IDS"] = new JsonArray(string.Create(CultureInfo.InvariantCulture, $"{to.Constant}={toId} is not valid")),
            });
        }

        HubSpotLink[] links = [new(from.Name, id, to.Name, toId, type), new(to.Name, toId, from.Name, id, s_types[(to.Name, from.Name)])];
        store.Links = store.Links.AddRange(links.Where(link => !store.Links.Contains(link)));
    }

    private bool IsThere(HubSpotObjectType type, string id) => store.Records.TryGetValue(id, out var record) && record.Type == type.Name && record.ArchivedAt is null;
}
