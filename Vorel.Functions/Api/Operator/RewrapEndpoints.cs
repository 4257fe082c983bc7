using Vorel.Core.Security.Rewraps;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>Moves everything that is sealed, of all tenants, to the current key.</summary>
internal static class RewrapEndpoints
{
    private const string Path = "/rewraps";

    public static void MapRewraps(this RouteGroupBuilder api)
    {
        api.MapPost(Path, Start).ForOperator();
        api.MapGet(Path + "/{id}", Get).ForOperator();
    }

    private static async Task<IResult> Start(HttpContext context, RewrapService rewraps)
    {
        QueryRules.Check(context.Request);
        await JsonBody.Read(context, OperatorJson.Default.StartRewrapBody);
        var started = await rewraps.Start(Deadline.OfChange(context));
        context.Response.Headers.Location = $"/api{Path}/{started.Id:D}";
        return TypedResults.Json(RewrapAnswer.Of(started), OperatorJson.Default.RewrapAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> Get(string id, HttpContext context, RewrapService rewraps)
    {
        QueryRules.Check(context.Request);
        return TypedResults.Json(RewrapAnswer.Of(await rewraps.Get(id, context.RequestAborted)), OperatorJson.Default.RewrapAnswer);
    }
}
