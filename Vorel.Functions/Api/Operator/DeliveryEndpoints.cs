using Vorel.Core.Webhooks.Deliveries;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>What became of a tenant's events.</summary>
internal static class DeliveryEndpoints
{
    public static void MapDeliveries(this RouteGroupBuilder tenant)
    {
        tenant.MapGet("/deliveries", List);
        tenant.MapGet("/deliveries/{id}", Get);
    }

    private static async Task<IResult> List(HttpContext context, DeliveryReader deliveries)
    {
        var query = PageQuery.Read(context.Request);
        var page = await deliveries.List(context.Tenant(), query.Limit, query.Cursor, context.RequestAborted);
        var answer = new DeliveryListAnswer([.. page.Deliveries.Select(DeliveryAnswer.Of)], page.NextCursor, page.NextCursor is not null);
        return TypedResults.Json(answer, OperatorJson.Default.DeliveryListAnswer);
    }

    private static async Task<IResult> Get(string id, HttpContext context, DeliveryReader deliveries)
    {
        QueryRules.Check(context.Request);
        var delivery = await deliveries.Get(context.Tenant(), id, context.RequestAborted);
        return TypedResults.Json(DeliveryAnswer.Of(delivery), OperatorJson.Default.DeliveryAnswer);
    }
}
