using Vorel.Core.Errors;
using Vorel.Core.Tenants;
using Vorel.Functions.Api.Access;

namespace Vorel.Functions.Api.Operator;

/// <summary>Finds the tenant that the route names, before anything is done for it. One that is not there, and a text that is no id, are the same 404.</summary>
internal sealed class TenantOfRoute(TenantService tenants) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!TenantId.TryParse(http.GetRouteValue("tenant") as string, out var id))
        {
            throw new NotFoundException("tenant");
        }

        http.SetTenant((await tenants.Get(id, http.RequestAborted)).Id);
        return await next(context);
    }
}
