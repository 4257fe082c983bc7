using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Vorel.LocalHost.Http.Proxying;

/// <summary>
/// Which headers a proxy passes on: all but those of one connection. A name that <c>Connection</c> lists is not one of them,
/// so a caller cannot have a header of the front end taken off.
/// </summary>
internal static class ProxyHeaders
{
    private static readonly HashSet<string> s_hopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Transfer-Encoding", "Keep-Alive", "Upgrade", "TE", "Alt-Svc", "ALPN", "Close", "Security-Scheme",
        "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Features", "Proxy-Instruction",
    };

    public static void CopyRequest(IHeaderDictionary from, HttpRequestMessage to)
    {
        foreach (var (name, values) in from)
        {
            if (s_hopByHop.Contains(name) || name.StartsWith(':') || name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                continue; // The Host of the caller is lost, unless under X-Forwarded-Host: the handler gets its own.
            }

            if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                to.Content ??= new ByteArrayContent([]);
                to.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        if (from.TransferEncoding.Count > 0)
        {
            to.Content?.Headers.Remove("Content-Length"); // Two lengths are the start of request smuggling.
        }
    }

    public static void CopyAnswer(HttpResponseMessage from, HttpContext to)
    {
        to.Response.StatusCode = (int)from.StatusCode;
        to.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = from.ReasonPhrase;
        Copy(from.Headers.NonValidated, to.Response.Headers);
        Copy(from.Content.Headers.NonValidated, to.Response.Headers);
        if (from.Headers.TransferEncodingChunked == true)
        {
            to.Response.Headers.ContentLength = null;
        }
    }

    private static void Copy(HttpHeadersNonValidated from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (!s_hopByHop.Contains(name))
            {
                to[name] = StringValues.Concat(to[name], values.ToArray());
            }
        }
    }
}
