using Vorel.Core.Tenants;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>The operator's API: tenants, and what belongs to one.</summary>
internal static class OperatorEndpoints
{
    public static void MapOperator(this RouteGroupBuilder api)
    {
        api.MapPost("/tenant", CreateTenant).ForOperator();
        api.MapRewraps();
        api.MapProviders();
        var tenant = api.MapGroup("/tenant/{tenant}").ForOperator();
        tenant.AddEndpointFilter<TenantOfRoute>();
        tenant.MapApiKeys();
        tenant.MapCrm();
        tenant.MapCredentials();
        tenant.MapOAuthLinks();
        tenant.MapSubscriptions();
        tenant.MapDeliveries();
        tenant.MapIncidents();
        tenant.MapRedrives();
        tenant.MapAudit();
    }

    private static async Task<IResult> CreateTenant(HttpContext context, TenantService tenants)
    {
        QueryRules.Check(context.Request);
        var body = await JsonBody.Read(context, OperatorJson.Default.CreateTenantBody);
        var tenant = await tenants.Create(body.Name, context.Actor(), Deadline.OfChange(context));
        return TypedResults.Json(TenantAnswer.Of(tenant), OperatorJson.Default.TenantAnswer, statusCode: StatusCodes.Status201Created);
    }
}
