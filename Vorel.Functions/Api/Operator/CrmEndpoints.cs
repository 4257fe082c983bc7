using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Providers;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>A tenant's connections: to its CRM, and to the archive for what that cannot hold.</summary>
internal static class CrmEndpoints
{
    private const string Main = "/crm";
    private const string Archive = "/crm/archive";

    public static void MapCrm(this RouteGroupBuilder tenant)
    {
        tenant.MapGet(Main, Get);
        tenant.MapPut(Main, (HttpContext context, CrmConnecting connecting, CrmFormReader forms) => Connect(context, connecting, forms, CrmRole.Main));
        tenant.MapDelete(Main, (HttpContext context, CrmConnecting connecting) => Disconnect(context, connecting, CrmRole.Main));
        tenant.MapPut(Archive, (HttpContext context, CrmConnecting connecting, CrmFormReader forms) => Connect(context, connecting, forms, CrmRole.Archive));
        tenant.MapDelete(Archive, (HttpContext context, CrmConnecting connecting) => Disconnect(context, connecting, CrmRole.Archive));
    }

    private static async Task<IResult> Get(HttpContext context, CrmConnectionService connections)
    {
        QueryRules.Check(context.Request);
        var overview = await connections.Describe(context.Tenant(), context.RequestAborted);
        return TypedResults.Json(CrmOverviewAnswer.Of(overview), OperatorJson.Default.CrmOverviewAnswer);
    }

    private static async Task<IResult> Connect(HttpContext context, CrmConnecting connecting, CrmFormReader forms, CrmRole role)
    {
        QueryRules.Check(context.Request);
        var entered = forms.Read(await JsonBody.ReadBytes(context));
        var result = await connecting.Connect(context.Tenant(), role, entered.Provider, entered.Credentials, context.Actor(), Deadline.OfChange(context));
        return TypedResults.Json(CrmAnswer.Of(result, entered.Shown), OperatorJson.Default.CrmAnswer);
    }

    private static async Task<IResult> Disconnect(HttpContext context, CrmConnecting connecting, CrmRole role)
    {
        QueryRules.Check(context.Request);
        await connecting.Disconnect(context.Tenant(), role, context.Actor(), Deadline.OfChange(context));
        return TypedResults.NoContent();
    }
}
