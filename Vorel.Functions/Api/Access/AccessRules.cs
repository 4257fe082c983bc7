using Vorel.Core.Audit;
using Vorel.Core.Tenants;

namespace Vorel.Functions.Api.Access;

/// <summary>Puts an access rule on an endpoint, and tells the endpoint who came through.</summary>
internal static class AccessRules
{
    private static readonly object s_tenant = new();
    private static readonly object s_actor = new();

    /// <summary>Everyone may call, because of the reason given.</summary>
    public static TBuilder ForAnyone<TBuilder>(this TBuilder endpoint, string because)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule.Anyone(because));

    /// <summary>A tenant's API key with this scope is needed.</summary>
    public static TBuilder ForTenant<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule.TenantKey(scope));

    /// <summary>Only an operator may call.</summary>
    public static TBuilder ForOperator<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule.Operator());

    /// <summary>Makes sure that every endpoint says who may call it.</summary>
    /// <exception cref="InvalidOperationException">One does not.</exception>
    public static void RequireAccessRules(this IEndpointRouteBuilder routes)
    {
        var open = routes.DataSources.SelectMany(source => source.Endpoints)
            .FirstOrDefault(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is null);
        if (open is not null)
        {
            throw new InvalidOperationException($"The endpoint '{open.DisplayName}' does not say who may call it.");
        }
    }

    /// <summary>The tenant whose key was shown.</summary>
    public static TenantId Tenant(this HttpContext context) => (TenantId)context.Items[s_tenant]!;

    /// <summary>Notes the tenant for the endpoint.</summary>
    public static void SetTenant(this HttpContext context, TenantId tenant) => context.Items[s_tenant] = tenant;

    /// <summary>Who came through, and in which request, for the audit log.</summary>
    public static AuditActor Actor(this HttpContext context) => (AuditActor)context.Items[s_actor]!;

    /// <summary>Notes who came through.</summary>
    public static void SetActor(this HttpContext context, AuditActor actor) => context.Items[s_actor] = actor with { RequestId = RequestId.Of(context) };
}
