using Vorel.Functions.Api.Problems;

namespace Vorel.Functions.Api;

/// <summary>
/// Refuses a change that is tied to a version or a time of what it changes. No answer names a version, so no such condition can
/// be held to; to make the change all the same is what its sender wants to rule out (RFC 9110, 13.1).
/// </summary>
internal sealed class Conditions(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        var conditional = headers.IfMatch.Count + headers.IfNoneMatch.Count + headers.IfUnmodifiedSince.Count > 0;
        return conditional && !HttpMethods.IsGet(context.Request.Method) && context.GetEndpoint() is RouteEndpoint
            ? throw new RefusedException(Problem.PreconditionFailed)
            : next(context);
    }
}
