using Vorel.Core.Errors;
using Vorel.Core.Incidents;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
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

    private static async Task<IResult> Start(HttpContext context, RedriveService redrives)
    {
        QueryRules.Check(context.Request);
        var body = await JsonBody.Read(context, OperatorJson.Default.StartRedriveBody);
        var started = await redrives.Start(context.Tenant(), ScopeOf(body), body.Rate, Deadline.OfChange(context));
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

    private static RedriveScope ScopeOf(StartRedriveBody body)
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

        if (body.Incident is { } incident)
        {
            return RedriveScope.IncidentTypes.Where(type => type.Wire() == incident).Select(type => new RedriveScope.Incident(type)).FirstOrDefault()
                ?? throw new ValidationException("/incident", $"must be one of {string.Join(", ", RedriveScope.IncidentTypes.Select(type => type.Wire()))}");
        }

        return new RedriveScope.Tenant();
    }
}
