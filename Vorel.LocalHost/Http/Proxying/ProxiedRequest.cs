using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Http.Proxying;

/// <summary>
/// The request that the host's reverse proxy sends. The path is encoded anew from what the server decoded, so that an encoded
/// percent sign stays one and no dot segment can come to life on the way; the query stays as it was written.
/// </summary>
internal static class ProxiedRequest
{
    private const string PathCharacters = "/!$&'()*+,-.0123456789:;=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";

    public static HttpRequestMessage Build(HttpContext context, Uri handler, Guid invocation, ActivityTimeout activity)
    {
        var source = context.Request;
        source.Headers["X-Azure-Functions-HostVersion"] = LocalHostOptions.HostVersion;
        source.Headers["X-Azure-Functions-InvocationId"] = invocation.ToString();
        source.Headers.TryAdd("x-ms-invocation-id", invocation.ToString()); // One that the caller sent stays.

        var address = $"{handler.GetLeftPart(UriPartial.Authority)}{Encode(source.Path.Value ?? "")}{source.QueryString.ToUriComponent()}";
        var request = new HttpRequestMessage(new HttpMethod(source.Method), new Uri(address));
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            request.Content = new StreamedContent(source.Body, activity);
        }

        ProxyHeaders.CopyRequest(source.Headers, request);
        Set(request, "X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString()); // The chain before it is lost.
        Set(request, "X-Forwarded-Host", source.Host.Value);
        Set(request, "X-Forwarded-Proto", source.Scheme);
        Set(request, "X-Forwarded-Prefix", null);
        return request;
    }

    private static void Set(HttpRequestMessage request, string name, string? value)
    {
        request.Headers.Remove(name);
        if (!string.IsNullOrEmpty(value))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static string Encode(string path)
    {
        var encoded = new StringBuilder(path.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in path.EnumerateRunes())
        {
            if (rune.IsAscii && PathCharacters.Contains((char)rune.Value, StringComparison.Ordinal))
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                encoded.Append('%').Append(value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }
}
