using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;

namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>
/// Tells the Functions host's own calls from forwarded public requests. Encoded dot segments let the public steer a
/// forwarded request to <c>/{FunctionName}</c> (<c>/v1/%252e%252e/Name</c>), so the path proves nothing: a call is the
/// host's only if it names the loopback address itself, introduces itself as the host and nothing else, and carries not
/// one header of a front end.
/// </summary>
internal static partial class EnvelopeGuard
{
    // X-MS- has x-ms-invocation-id in it, which the host itself puts on every request that it proxies, so that no client can
    // have it taken off on the way, as one may try with the names that it lists under Connection.
    private static readonly string[] s_frontEndPrefixes =
        ["X-Forwarded-", "X-Original-", "X-ARR-", "X-AppService-", "X-SITE-", "X-Client-", "X-MS-", "X-Azure-FDID", "X-Azure-ClientIP", "X-Azure-SocketIP"];

    private static readonly string[] s_frontEndHeaders =
        ["DISGUISED-HOST", "WAS-DEFAULT-HOSTNAME", "CLIENT-IP", "X-Real-IP", "X-WAWS-Unencoded-URL", "Max-Forwards", "Forwarded", "Via", "Cookie", "Authorization", "Origin", "Referer"];

    /// <summary>The function whose own address this request names, or null. Only the exact spelling of the request line counts.</summary>
    public static FunctionDefinition? Target(HttpContext context, FunctionCatalogue catalogue)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target is ['/', ..] && catalogue.Find(target[1..]) is { Kind: not FunctionKind.Http } function ? function : null;
    }

    /// <summary>Why this is not the host's own call; null when it is.</summary>
    public static string? Refusal(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method))
        {
            return "method";
        }

        if (!string.Equals(request.Headers.Host, $"127.0.0.1:{context.Connection.LocalPort}", StringComparison.Ordinal))
        {
            return "host";
        }

        if (request.Headers.UserAgent is not [{ } agent] || !HostAgent().IsMatch(agent))
        {
            return "user_agent";
        }

        if (request.Headers.Keys.Any(IsFrontEnd))
        {
            return "front_end_header";
        }

        if (request.Headers["X-Azure-Functions-InvocationId"].Count != 1)
        {
            return "invocation_id";
        }

        return request.Headers.ContentType is [{ } type] && JsonType().IsMatch(type) ? null : "content_type";
    }

    private static bool IsFrontEnd(string header) =>
        s_frontEndHeaders.Contains(header, StringComparer.OrdinalIgnoreCase)
        || s_frontEndPrefixes.Any(prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^Azure-Functions-Host/[0-9A-Za-z.+\-]{1,64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostAgent();

    [GeneratedRegex(@"^application/json(?:; ?charset=utf-8)?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonType();
}
