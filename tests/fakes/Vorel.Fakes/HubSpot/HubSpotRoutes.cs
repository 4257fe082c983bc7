using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>Which request is which endpoint's, and what its token must be good for.</summary>
internal sealed class HubSpotRoutes(HubSpotPortal portal, HubSpotTokens tokens, HubSpotLimits limits, HubSpotStore store, TimeProvider time)
{
    /// <summary>The numbered version, and the dated ones that stand beside it.</summary>
    private static readonly string[] s_versions = ["v3", "2025-09", "2026-03", "2026-09"];

    private readonly HubSpotAssociations _associations = new(portal, store);
    private readonly HubSpotProperties _properties = new(portal);

    private HubSpotObjects Objects => field ??= new HubSpotObjects(portal, store, _associations);

    private HubSpotBatches Batches => field ??= new HubSpotBatches(portal, store, Objects);

    private HubSpotSearch Search => field ??= new HubSpotSearch(portal, store, Objects);

    public HubSpotAnswer Serve(HubSpotCall call) => Undated(call.Segments) switch
    {
        ["account-info", "v3", "details"] => Account(call),
        ["crm", "v3", "objects", var type, .. var rest] => OfObjects(call, type, rest),
        ["crm", "v4", "objects", var from, var id, "associations", .. var rest] => OfAssociations(call, from, id, rest),
        ["crm", "v4", "associations", var from, var to, "batch", "read"] => Do(call, "POST", type => type.ReadScopes, from, type => _associations.BatchRead(call, type, portal.Type(to))),
        ["crm", "v3", "properties", var type, .. var rest] => OfProperties(call, type, rest),
        ["crm", "v3", "pipelines", var type, .. var rest] => Do(call, "GET", found => found.SchemaReadScopes, type, found => HubSpotPipelines.Read(portal, found, rest)),
        ["crm-object-schemas", "v3", "schemas", .. var rest] => Schemas(call, rest),
        _ => throw HubSpotErrors.NoRoute(),
    };

    // /crm/objects/2026-03/contacts is /crm/v3/objects/contacts, or v4 where associations are meant.
    private static string[] Undated(string[] path) => path switch
    {
        ["crm", "objects", var date, var from, var id, "associations", .. var rest] when IsDate(date) => ["crm", "v4", "objects", from, id, "associations", .. rest],
        ["crm", "associations", var date, .. var rest] when IsDate(date) => ["crm", "v4", "associations", .. rest],
        ["crm", var area, var date, .. var rest] when IsDate(date) => ["crm", "v3", area, .. rest],
        ["crm-object-schemas" or "account-info", var date, .. var rest] when IsDate(date) => [path[0], "v3", .. rest],
        _ => path,
    };

    private static bool IsDate(string segment) => s_versions.AsSpan(1).Contains(segment);

    private HubSpotAnswer OfObjects(HubSpotCall call, string type, string[] rest) => (call.Method, rest) switch
    {
        ("POST", []) => Write(call, type, found => Objects.Create(call, found)),
        ("GET", []) => Read(call, type, found => Objects.List(call, found)),
        ("POST", ["search"]) => Read(call, type, found => Search.Answer(call, found), isSearch: true),
        ("POST", ["batch", "read"]) => Read(call, type, found => Batches.Answer(call, found, "read")),
        ("POST", ["batch", "create" or "update" or "upsert" or "archive"]) => Write(call, type, found => Batches.Answer(call, found, rest[1])),
        ("POST", ["gdpr-delete"]) when type is "contacts" or "0-1" => Write(call, type, found => Objects.Erase(call, found)),
        ("GET", [var id]) => Read(call, type, found => Objects.Get(call, found, id)),
        ("PATCH", [var id]) => Write(call, type, found => Objects.Update(call, found, id)),
        ("DELETE", [var id]) => Write(call, type, found => Objects.Archive(call, found, id)),
        (_, [] or [_]) => throw HubSpotErrors.NoMethod(),
        _ => throw HubSpotErrors.NoRoute(),
    };

    private HubSpotAnswer OfAssociations(HubSpotCall call, string from, string id, string[] rest) => (call.Method, rest) switch
    {
        ("GET", [var to]) => Read(call, from, type => _associations.List(call, type, id, portal.Type(to))),
        ("PUT", ["default", var to, var toId]) => Write(call, from, type => _associations.PutDefault(type, id, portal.Type(to), toId)),
        ("PUT", [var to, var toId]) => Write(call, from, type => _associations.Put(call, type, id, portal.Type(to), toId)),
        ("DELETE", [var to, var toId]) => Write(call, from, type => _associations.Delete(type, id, portal.Type(to), toId)),
        _ => throw HubSpotErrors.NoRoute(),
    };

    private HubSpotAnswer OfProperties(HubSpotCall call, string type, string[] rest) => (call.Method, rest) switch
    {
        ("GET", []) => Do(call, "GET", found => found.SchemaReadScopes, type, found => _properties.List(call, found)),
        ("POST", []) => Do(call, "POST", found => found.SchemaWriteScopes, type, found => _properties.Create(call, found)),
        ("GET", [var name]) => Do(call, "GET", found => found.SchemaReadScopes, type, found => _properties.Get(call, found, name)),
        ("DELETE", [var name]) => Do(call, "DELETE", found => found.SchemaWriteScopes, type, found => _properties.Archive(found, name)),
        _ => throw HubSpotErrors.NoRoute(),
    };

    private HubSpotAnswer Read(HubSpotCall call, string type, Func<HubSpotObjectType, HubSpotAnswer> work, bool isSearch = false) =>
        Do(call, call.Method, found => found.ReadScopes, type, work, isSearch);

    private HubSpotAnswer Write(HubSpotCall call, string type, Func<HubSpotObjectType, HubSpotAnswer> work) =>
        Do(call, call.Method, found => found.WriteScopes, type, work);

    private HubSpotAnswer Do(
        HubSpotCall call, string method, Func<HubSpotObjectType, IReadOnlyList<string>> scopes, string type, Func<HubSpotObjectType, HubSpotAnswer> work, bool isSearch = false)
    {
        if (call.Method != method)
        {
            throw HubSpotErrors.NoMethod();
        }

        var grant = Authenticate(call);
        var headers = limits.Take(isSearch);
        var found = portal.Type(type);
        Authorize(grant, scopes(found));
        return With(work(found), headers);
    }

    private HubSpotAnswer Account(HubSpotCall call)
    {
        if (call.Method != "GET")
        {
            throw HubSpotErrors.NoMethod();
        }

        call.Knows();
        Authorize(Authenticate(call), ["oauth"]);
        return With(HubSpotAnswer.Ok(new JsonObject
        {
            ["portalId"] = portal.Id,
            ["accountType"] = "STANDARD",
            ["timeZone"] = "Europe/Dublin",
            ["companyCurrency"] = "EUR",
            ["additionalCurrencies"] = new JsonArray(),
            ["utcOffset"] = "+00:00",
            ["utcOffsetMilliseconds"] = 0,
            ["uiDomain"] = portal.UiDomain,
            ["dataHostingLocation"] = "eu1",
        }), limits.Take(isSearch: false));
    }

    private HubSpotAnswer Schemas(HubSpotCall call, string[] rest)
    {
        if (call.Method != "GET")
        {
            throw HubSpotErrors.NoMethod();
        }

        call.Knows("archived");
        Authorize(Authenticate(call), ["crm.schemas.custom.read"]);
        return With(_properties.Schemas(rest), limits.Take(isSearch: false));
    }

    private HubSpotGrant Authenticate(HubSpotCall call)
    {
        if (call.Token is not { } token || tokens.Access(token) is not { } access)
        {
            throw HubSpotErrors.Unauthenticated();
        }

        var now = time.GetUtcNow();
        return access.Expires <= now ? throw HubSpotErrors.Expired(access.Expires, now) : access.Grant;
    }

    private static void Authorize(HubSpotGrant grant, IReadOnlyList<string> scopes)
    {
        if (!scopes.Intersect(grant.Scopes, StringComparer.Ordinal).Any())
        {
            throw HubSpotErrors.MissingScopes(scopes);
        }
    }

    private static HubSpotAnswer With(HubSpotAnswer answer, Dictionary<string, string> headers)
    {
        foreach (var (name, value) in answer.Headers)
        {
            headers[name] = value;
        }

        return answer with { Headers = headers };
    }
}
