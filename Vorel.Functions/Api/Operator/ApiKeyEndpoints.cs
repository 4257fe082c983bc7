using Vorel.Core.Security.ApiKeys;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>A tenant's API keys.</summary>
internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this RouteGroupBuilder tenant)
    {
        tenant.MapPost("/api-keys", Issue);
        tenant.MapDelete("/api-keys/{id}", Revoke);
    }

    private static async Task<IResult> Issue(HttpContext context, ApiKeyService keys)
    {
        QueryRules.Check(context.Request);
        var body = await JsonBody.Read(context, OperatorJson.Default.IssueKeyBody);
        var issued = await keys.Issue(context.Tenant(), body.Name, body.Scopes, context.Actor(), Deadline.OfChange(context));
        return TypedResults.Json(IssuedKeyAnswer.Of(issued), OperatorJson.Default.IssuedKeyAnswer, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Revoke(string id, HttpContext context, ApiKeyService keys)
    {
        QueryRules.Check(context.Request);
        await keys.Revoke(context.Tenant(), id, context.Actor(), Deadline.OfChange(context));
        return TypedResults.NoContent();
    }
}
