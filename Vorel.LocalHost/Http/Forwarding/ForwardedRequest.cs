using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Http.Forwarding;

/// <summary>
/// Rebuilds a request for the handler in the way of <c>enableForwardingHttpRequest</c>, its losses included. The path comes
/// from the display URL, which is already decoded once and is parsed as a URI again: <c>/v1/%252e%252e/Name</c> from outside
/// is <c>/v1/%2e%2e/Name</c> there, and its dot segments collapse to <c>/Name</c>.
/// </summary>
internal static class ForwardedRequest
{
    public static HttpRequestMessage Build(HttpRequest source, Uri handler, Guid invocation)
    {
        var path = new Uri(source.GetDisplayUrl()).AbsolutePath;
        var uri = new UriBuilder(Uri.UriSchemeHttp, handler.Host, handler.Port, path).ToString();
        var query = source.Query.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value.ToString()));

        var request = new HttpRequestMessage(new HttpMethod(source.Method), new Uri(QueryHelpers.AddQueryString(uri, query)));
        foreach (var (name, values) in source.Headers)
        {
            // Content headers are refused here, and so lost, unless the body brings them back below.
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        if (source.ContentLength is > 0)
        {
            request.Content = new StreamContent(source.Body);
            request.Content.Headers.Add("Content-Length", source.ContentLength.Value.ToString());
            if (!string.IsNullOrEmpty(source.ContentType))
            {
                request.Content.Headers.Add("Content-Type", source.ContentType);
            }
        }

        request.Headers.Add("X-Azure-Functions-HostVersion", LocalHostOptions.HostVersion);
        request.Headers.Add("X-Azure-Functions-InvocationId", invocation.ToString());
        request.Headers.UserAgent.ParseAdd($"Azure-Functions-Host/{LocalHostOptions.HostVersion}");
        return request;
    }
}
