using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Vorel.Functions.Api.OAuth;

/// <summary>
/// A page for whoever signs in: plain words, no script, nothing loaded, nothing of what was sent to us. What is shown are texts of ours and names of
/// providers and scopes, all of them encoded.
/// </summary>
internal static class OAuthPage
{
    private const string Style =
        "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1.5rem;color:#1b1b1f;background:#fff}"
        + "h1{font-size:1.5rem;line-height:1.25}@media(prefers-color-scheme:dark){body{color:#e6e6ea;background:#16161a}}";

    private static readonly string s_policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Answers with a page.</summary>
    public static Task Write(HttpContext context, int status, string title, params IEnumerable<string> paragraphs)
    {
        var encode = HtmlEncoder.Default;
        var text = string.Concat(paragraphs.Select(paragraph => $"<p>{encode.Encode(paragraph)}</p>"));
        var heading = encode.Encode(title);
        var page = $"""<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{heading}</title><style>{Style}</style></head><body><main><h1>{heading}</h1>{text}</main></body></html>""";
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = s_policy;
        return context.Response.WriteAsync(page, context.RequestAborted);
    }

    /// <summary>What every answer to a browser on its way carries: its address holds something that nobody else is to see.</summary>
    public static void Harden(HttpContext context)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.XFrameOptions = "DENY";
    }
}
