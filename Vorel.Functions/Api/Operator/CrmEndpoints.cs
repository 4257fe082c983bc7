using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Drivers.CustomWebhook;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Errors;
using Vorel.Core.Security.Egress;
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
        tenant.MapPut(Main, (HttpContext context, CrmConnecting connecting, EgressGuard egress) => Connect(context, connecting, egress, CrmRole.Main));
        tenant.MapDelete(Main, (HttpContext context, CrmConnecting connecting) => Disconnect(context, connecting, CrmRole.Main));
        tenant.MapPut(Archive, (HttpContext context, CrmConnecting connecting, EgressGuard egress) => Connect(context, connecting, egress, CrmRole.Archive));
        tenant.MapDelete(Archive, (HttpContext context, CrmConnecting connecting) => Disconnect(context, connecting, CrmRole.Archive));
    }

    private static async Task<IResult> Get(HttpContext context, CrmConnectionService connections)
    {
        QueryRules.Check(context.Request);
        var overview = await connections.Describe(context.Tenant(), context.RequestAborted);
        return TypedResults.Json(CrmOverviewAnswer.Of(overview), OperatorJson.Default.CrmOverviewAnswer);
    }

    private static async Task<IResult> Connect(HttpContext context, CrmConnecting connecting, EgressGuard egress, CrmRole role)
    {
        QueryRules.Check(context.Request);
        var body = await JsonBody.Read(context, OperatorJson.Default.ConnectCrmBody);
        if (body.Provider != CustomWebhook || CrmProviders.Find(body.Provider) is not { } provider)
        {
            throw new ValidationException("/provider", $"must be {CustomWebhook}");
        }

        var (credentials, secret) = CustomWebhookForm.Read(egress, body.Url, body.Secret);
        var result = await connecting.Connect(context.Tenant(), role, provider, credentials, context.Actor(), Deadline.OfChange(context));
        return TypedResults.Json(CrmAnswer.Of(result, secret), OperatorJson.Default.CrmAnswer);
    }

    private static async Task<IResult> Disconnect(HttpContext context, CrmConnecting connecting, CrmRole role)
    {
        QueryRules.Check(context.Request);
        await connecting.Disconnect(context.Tenant(), role, context.Actor(), Deadline.OfChange(context));
        return TypedResults.NoContent();
    }
}
