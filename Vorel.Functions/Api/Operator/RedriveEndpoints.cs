using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Incidents;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Tenants;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>What is taken up again of what a tenant's CRM is owed.</summary>
internal static class RedriveEndpoints
{
    private const string Path = "/redrives";

    public static void MapRedrives(this RouteGroupBuilder tenant)
    {
        tenant.MapPost(Path, Start);
        tenant.MapGet(Path, List);
        tenant.MapGet(Path + "/{id}", Get);
    }

    private static async Task<IResult> Start(HttpContext context, RedriveService redrives, IncidentReader incidents)
    {
        QueryRules.Check(context.Request);
        var body = await JsonBody.Read(context, OperatorJson.Default.StartRedriveBody);
        var scope = await ScopeOf(body, context.Tenant(), incidents, context.RequestAborted);
        var started = await redrives.Start(context.Tenant(), scope, body.Rate, context.Actor(), Deadline.OfChange(context));
        context.Response.Headers.Location = $"/api/tenant/{context.Tenant()}{Path}/{started.Id:D}";
        return TypedResults.Json(RedriveAnswer.Of(started), OperatorJson.Default.RedriveAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> List(HttpContext context, RedriveService redrives)
    {
        var query = PageQuery.Read(context.Request);
        var page = await redrives.List(context.Tenant(), query.Limit, query.Cursor, context.RequestAborted);
        var answer = new RedriveListAnswer([.. page.Redrives.Select(RedriveAnswer.Of)], page.NextCursor, page.NextCursor is not null);
        return TypedResults.Json(answer, OperatorJson.Default.RedriveListAnswer);
    }

    private static async Task<IResult> Get(string id, HttpContext context, RedriveService redrives)
    {
        QueryRules.Check(context.Request);
        var progress = await redrives.Get(context.Tenant(), id, context.RequestAborted);
        return TypedResults.Json(RedriveAnswer.Of(progress), OperatorJson.Default.RedriveAnswer);
    }

    private static async Task<RedriveScope> ScopeOf(StartRedriveBody body, TenantId tenant, IncidentReader incidents, CancellationToken cancellationToken)
    {
        if (body is { Record: not null, Incident: not null })
        {
            throw new ValidationException("/incident", "cannot be given beside a record");
        }

        if (body.Record is { } record)
        {
            return RecordNames.Parse(record) is ({ CrmObject: not null } kind, var id)
                ? new RedriveScope.Record(kind, id)
                : throw new ValidationException("/record", "must be the kind and id of a record, such as lead:{id}");
        }

        if (body.Incident is not { } incident)
        {
            return new RedriveScope.Tenant();
        }

        var type = Uuid7.TryParse(incident, out _) ? (await incidents.Get(tenant, incident, cancellationToken)).Type : IncidentTypes.Find(incident);
        return type switch
        {
            { } ofCrm when RedriveScope.IncidentTypes.Contains(ofCrm) => new RedriveScope.Incident(ofCrm),
            IncidentType.WebhookDeadLetter => throw new ValidationException(
                "/incident", "is about deliveries to a webhook subscription; a redrive takes up what the CRM is owed, and replays no delivery"),
            _ => throw new ValidationException(
                "/incident", $"must be an incident's id or one of {string.Join(", ", RedriveScope.IncidentTypes.Select(known => known.Wire()))}"),
        };
    }
}
