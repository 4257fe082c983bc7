using Vorel.Core.Audit;
using Vorel.Core.Security.ApiKeys;
using Vorel.Functions.Api.Problems;

namespace Vorel.Functions.Api.Access;

/// <summary>
/// The one decision on who comes through to an endpoint. Every way of proving who one is (an API key, an operator's
/// token) is a case here; an endpoint whose rule is not met, or that has none, is closed.
/// </summary>
internal sealed class AccessGate(RequestDelegate next, ApiKeyService keys, OperatorToken operatorToken)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is RouteEndpoint endpoint && await Refusal(context, endpoint.Metadata.GetMetadata<AccessRule>()) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        await next(context);
    }

    private async Task<Problem?> Refusal(HttpContext context, AccessRule? rule) => rule switch
    {
        AccessRule.Anyone => null,
        AccessRule.TenantKey key => await CheckKey(context, key.Scope),
        AccessRule.Operator => CheckOperator(context),
        _ => Problem.Unauthenticated,
    };

    private Problem? CheckOperator(HttpContext context)
    {
        if (!operatorToken.Matches(BearerToken.Of(context.Request)))
        {
            return Problem.Unauthenticated;
        }

        context.SetActor(new AuditActor(AuditActorKind.Operator, AuditActor.Development));
        return null;
    }

    private async Task<Problem?> CheckKey(HttpContext context, string scope)
    {
        if (await keys.Authenticate(BearerToken.Of(context.Request), context.RequestAborted) is not { } caller)
        {
            return Problem.Unauthenticated;
        }

        context.SetTenant(caller.Tenant);
        context.SetActor(new AuditActor(AuditActorKind.ApiKey, caller.KeyId.ToString("D")));
        return caller.Scopes.Contains(scope) ? null : Problem.InsufficientScope;
    }
}
