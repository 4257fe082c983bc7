using Vorel.Core.Incidents;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>What stands still for a tenant, and what did.</summary>
internal static class IncidentEndpoints
{
    public static void MapIncidents(this RouteGroupBuilder tenant)
    {
        tenant.MapGet("/incidents", List);
        tenant.MapGet("/incidents/{id}", Get);
    }

    private static async Task<IResult> List(HttpContext context, IncidentReader incidents)
    {
        var query = PageQuery.Read(context.Request, "status");
        var status = context.Request.Query.TryGetValue("status", out var asked) ? asked.ToString() : null;
        var page = await incidents.List(context.Tenant(), status, query.Limit, query.Cursor, context.RequestAborted);
        var answer = new IncidentListAnswer([.. page.Incidents.Select(IncidentAnswer.Of)], page.NextCursor, page.NextCursor is not null);
        return TypedResults.Json(answer, OperatorJson.Default.IncidentListAnswer);
    }

    private static async Task<IResult> Get(string id, HttpContext context, IncidentReader incidents)
    {
        QueryRules.Check(context.Request);
        var incident = await incidents.Get(context.Tenant(), id, context.RequestAborted);
        return TypedResults.Json(IncidentAnswer.Of(incident), OperatorJson.Default.IncidentAnswer);
    }
}
