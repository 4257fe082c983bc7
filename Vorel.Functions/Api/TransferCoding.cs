using Vorel.Functions.Api.Problems;

namespace Vorel.Functions.Api;

/// <summary>
/// Refuses a body that is transferred in any other way than plainly or in chunks. The server looks at the last coding alone; whoever stands
/// between us and the caller may look at the first, see another end of the body, and take what is behind it for a request of its own.
/// </summary>
internal sealed class TransferCoding(RequestDelegate next)
{
    private static readonly Problem s_refusal =
        Problem.Invalid(new ProblemError("Transfer-Encoding", "must be chunked and nothing else")) with { Closes = true };

    public Task InvokeAsync(HttpContext context)
    {
        var codings = context.Request.Headers.TransferEncoding;
        return codings.Count == 0 || (codings is [{ } only] && only.Equals("chunked", StringComparison.OrdinalIgnoreCase))
            ? next(context)
            : throw new RefusedException(s_refusal);
    }
}
