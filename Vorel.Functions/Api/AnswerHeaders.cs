namespace Vorel.Functions.Api;

/// <summary>The headers that every public answer carries.</summary>
internal sealed class AnswerHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["X-Request-Id"] = RequestId.Of(context);
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains; preload";
        return next(context);
    }
}
