using Vorel.Functions.Api.Problems;

namespace Vorel.Functions.Api;

/// <summary>Refuses a body that announces more than the limit, before anything looks at the request. One that does not say is counted while it is read.</summary>
internal sealed class SizeLimit(RequestDelegate next)
{
    /// <summary>The largest body of a public request, in bytes.</summary>
    public const int Bytes = 512 * 1024;

    public Task InvokeAsync(HttpContext context) =>
        context.Request.ContentLength > Bytes ? throw new RefusedException(Problem.TooLarge) : next(context);
}
