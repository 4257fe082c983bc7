using Vorel.Core.Json;
using Vorel.Core.Records;
using Vorel.Core.Security.ApiKeys;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Records;

/// <summary>The four calls that every kind of record has.</summary>
internal static class RecordEndpoints
{
    /// <summary>Maps the calls on records of <paramref name="kind"/> below <paramref name="path"/>.</summary>
    public static void MapRecords(this RouteGroupBuilder v1, string path, RecordKind kind, string writeScope)
    {
        var calls = v1.MapGroup(path);
        calls.MapPost("", (HttpContext context, RecordService records) => Create(context, records, kind)).ForTenant(writeScope);
        calls.MapGet("", (HttpContext context, RecordService records) => List(context, records, kind)).ForTenant(ApiScopes.Read);
        calls.MapGet("/{id}", (string id, HttpContext context, RecordService records) => Get(id, context, records, kind)).ForTenant(ApiScopes.Read);
        calls.MapPatch("/{id}", (string id, HttpContext context, RecordService records) => Patch(id, context, records, kind)).ForTenant(writeScope);
    }

    private static async Task<RecordResult> Create(HttpContext context, RecordService records, RecordKind kind)
    {
        QueryRules.Check(context.Request);
        var key = IdempotencyKeyOf(context.Request);
        using var body = StrictJson.Parse(await JsonBody.ReadBytes(context));
        return new RecordResult(await records.Create(context.Tenant(), kind, body.RootElement, key, Deadline.OfChange(context)));
    }

    private static async Task<RecordPageResult> List(HttpContext context, RecordService records, RecordKind kind)
    {
        var page = PageQuery.Read(context.Request);
        return new RecordPageResult(await records.List(context.Tenant(), kind, page.Limit, page.Cursor, context.RequestAborted));
    }

    private static async Task<RecordResult> Get(string id, HttpContext context, RecordService records, RecordKind kind)
    {
        QueryRules.Check(context.Request);
        return new RecordResult(StatusCodes.Status200OK, await records.Get(context.Tenant(), kind, id, context.RequestAborted));
    }

    private static async Task<RecordResult> Patch(string id, HttpContext context, RecordService records, RecordKind kind)
    {
        QueryRules.Check(context.Request);
        var key = IdempotencyKeyOf(context.Request);
        using var body = StrictJson.Parse(await JsonBody.ReadBytes(context));
        return new RecordResult(await records.Patch(context.Tenant(), kind, id, body.RootElement, key, Deadline.OfChange(context)));
    }

    /// <summary>The header; one that is sent twice is read as one with a comma and a blank, which no key may hold.</summary>
    private static IdempotencyKey? IdempotencyKeyOf(HttpRequest request) =>
        IdempotencyKey.Parse(request.Headers.TryGetValue("Idempotency-Key", out var values) ? string.Join(", ", values.ToArray()) : null);
}
