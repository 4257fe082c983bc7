using System.Net.Http.Headers;

namespace Vorel.Functions.Tests.Support;

/// <summary>
/// A browser that knows us by our public address and follows no redirect by itself. It keeps cookies as one does, rules of the <c>__Host-</c> prefix included, although
/// the tests come without TLS.
/// </summary>
internal sealed class Browser(Uri handler, Uri publicAddress) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>The cookies it has.</summary>
    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    /// <summary>The last Set-Cookie header, whole.</summary>
    public string? LastCookie { get; private set; }

    /// <summary>Opens an address of ours.</summary>
    public async Task<Page> Open(string address, HttpMethod? method = null)
    {
        var path = address.StartsWith(publicAddress.AbsoluteUri, StringComparison.Ordinal) ? address[(publicAddress.AbsoluteUri.Length - 1)..] : address;
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(handler, path));
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        using var response = await _http.SendAsync(request);
        Keep(response.Headers);
        return new Page((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.ToString());
    }

    public void Dispose() => _http.Dispose();

    private void Keep(HttpResponseHeaders headers)
    {
        foreach (var cookie in headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            LastCookie = cookie;
            var parts = cookie.Split("; ");
            var (name, value) = parts[0].Split('=', 2) is [var left, var right] ? (left, right) : ("", "");
            var isHost = name.StartsWith("__Host-", StringComparison.Ordinal);
            Assert.True(!isHost || (parts.Contains("path=/") && parts.Contains("secure") && !parts.Any(part => part.StartsWith("domain", StringComparison.OrdinalIgnoreCase))), cookie);
            if (parts.Contains("max-age=0"))
            {
                Cookies.Remove(name);
            }
            else
            {
                Cookies[name] = value;
            }
        }
    }
}

/// <summary>What a browser is shown.</summary>
internal sealed record Page(int Status, string Text, HttpResponseHeaders Headers, string? ContentType)
{
    /// <summary>Where it is sent on to.</summary>
    public Uri Location => Headers.Location ?? throw new InvalidOperationException($"{Status}: {Text}");

    /// <summary>A header's one value, or null.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
