using Vorel.Core.Crm.Connections;
using Vorel.Core.Errors;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>A tenant's connections: to its CRM, and to the archive for what that cannot hold.</summary>
internal static class CrmEndpoints
{
    private const string CustomWebhook = "custom_webhook";
    private const string Main = "/crm";
    private const string Archive = "/crm/archive";

    public static void MapCrm(this RouteGroupBuilder tenant)
    {
        tenant.MapGet(Main, Get);
        tenant.MapPut(Main, (HttpContext context, CrmConnectionService connections) => Connect(context, connections, CrmRole.Main));
        tenant.MapDelete(Main, (HttpContext context, CrmConnectionService connections) => Disconnect(context, connections, CrmRole.Main));
        tenant.MapPut(Archive, (HttpContext context, CrmConnectionService connections) => Connect(context, connections, CrmRole.Archive));
        tenant.MapDelete(Archive, (HttpContext context, CrmConnectionService connections) => Disconnect(context, connections, CrmRole.Archive));
    }

    private static async Task<IResult> Get(HttpContext context, CrmConnectionService connections)
    {
        QueryRules.Check(context.Request);
        var overview = await connections.Describe(context.Tenant(), context.RequestAborted);
        return TypedResults.Json(CrmOverviewAnswer.Of(overview), OperatorJson.Default.CrmOverviewAnswer);
    }

    private static async Task<IResult> Connect(HttpContext context, CrmConnectionService connections, CrmRole role)
    {
        QueryRules.Check(context.Request);
        var body = await JsonBody.Read(context, OperatorJson.Default.ConnectCrmBody);
        if (body.Provider != CustomWebhook)
        {
            throw new ValidationException("/provider", $"must be {CustomWebhook}");
        }

        var connected = await connections.ConnectCustomWebhook(context.Tenant(), role, body.Url, body.Secret, context.Actor(), Deadline.OfChange(context));
        return TypedResults.Json(CrmAnswer.Of(connected), OperatorJson.Default.CrmAnswer);
    }

    private static async Task<IResult> Disconnect(HttpContext context, CrmConnectionService connections, CrmRole role)
    {
        QueryRules.Check(context.Request);
        await connections.Disconnect(context.Tenant(), role, context.Actor(), Deadline.OfChange(context));
        return TypedResults.NoContent();
    }
}
