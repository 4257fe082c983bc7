using Vorel.Core.Audit;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>What was done with a tenant's data and to its settings, and whether that is still what was written.</summary>
internal static class AuditEndpoints
{
    private const string Path = "/audit";
    private const string Month = "month";

    public static void MapAudit(this RouteGroupBuilder tenant)
    {
        tenant.MapGet(Path, List);
        tenant.MapPost(Path + "/verify", Verify);
    }

    private static async Task<IResult> List(HttpContext context, AuditReader audit)
    {
        var query = PageQuery.Read(context.Request, Month);
        var month = context.Request.Query.TryGetValue(Month, out var asked) ? asked.ToString() : null;
        var page = await audit.List(context.Tenant(), month, query.Limit, query.Cursor, context.RequestAborted);
        var answer = new AuditListAnswer([.. page.Entries.Select(AuditEntryAnswer.Of)], page.NextCursor, page.NextCursor is not null);
        return TypedResults.Json(answer, OperatorJson.Default.AuditListAnswer);
    }

    private static async Task<IResult> Verify(HttpContext context, AuditVerifier verifier)
    {
        QueryRules.Check(context.Request);
        var body = await JsonBody.Read(context, OperatorJson.Default.VerifyAuditBody);
        var verdict = await verifier.Verify(context.Tenant(), body.Month, body.Cursor, context.RequestAborted);
        return TypedResults.Json(AuditVerdictAnswer.Of(verdict), OperatorJson.Default.AuditVerdictAnswer);
    }
}
