using Vorel.Functions.Api.Problems;

namespace Vorel.Functions.Api.Access;

/// <summary>Lets a request through to its endpoint only if the endpoint's rule is met. An endpoint without a rule is closed.</summary>
internal sealed class AccessGate(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is RouteEndpoint endpoint)
        {
            switch (endpoint.Metadata.GetMetadata<AccessRule>())
            {
                case AccessRule.Anyone:
                    break;
                default:
                    throw new RefusedException(Problem.Unauthenticated);
            }
        }

        await next(context);
    }
}
