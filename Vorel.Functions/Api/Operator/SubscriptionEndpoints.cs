using Vorel.Core.Webhooks.Subscriptions;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>A tenant's webhook subscriptions.</summary>
internal static class SubscriptionEndpoints
{
    private const string Path = "/webhook-subscriptions";

    public static void MapSubscriptions(this RouteGroupBuilder tenant)
    {
        tenant.MapPost(Path, Create);
        tenant.MapGet(Path, List);
        tenant.MapGet(Path + "/{id}", Get);
        tenant.MapDelete(Path + "/{id}", Delete);
    }

    private static async Task<IResult> Create(HttpContext context, SubscriptionService subscriptions)
    {
        QueryRules.Check(context.Request);
        var body = await JsonBody.Read(context, OperatorJson.Default.CreateSubscriptionBody);
        var created = await subscriptions.Create(context.Tenant(), body.TargetUrl, body.Events, body.Description, context.Actor(), Deadline.OfChange(context));
        var answer = SubscriptionAnswer.Of(created.Subscription) with { Secret = created.Secret };
        return TypedResults.Json(answer, OperatorJson.Default.SubscriptionAnswer, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> List(HttpContext context, SubscriptionService subscriptions)
    {
        QueryRules.Check(context.Request);
        var all = await subscriptions.List(context.Tenant(), context.RequestAborted);
        var answer = new SubscriptionListAnswer([.. all.Select(SubscriptionAnswer.Of)], NextCursor: null, HasMore: false);
        return TypedResults.Json(answer, OperatorJson.Default.SubscriptionListAnswer);
    }

    private static async Task<IResult> Get(string id, HttpContext context, SubscriptionService subscriptions)
    {
        QueryRules.Check(context.Request);
        var subscription = await subscriptions.Get(context.Tenant(), id, context.RequestAborted);
        return TypedResults.Json(SubscriptionAnswer.Of(subscription), OperatorJson.Default.SubscriptionAnswer);
    }

    private static async Task<IResult> Delete(string id, HttpContext context, SubscriptionService subscriptions)
    {
        QueryRules.Check(context.Request);
        await subscriptions.Delete(context.Tenant(), id, context.Actor(), Deadline.OfChange(context));
        return TypedResults.NoContent();
    }
}
