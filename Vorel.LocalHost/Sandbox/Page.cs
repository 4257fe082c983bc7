using System.Net;
using System.Text;

namespace Vorel.LocalHost.Sandbox;

/// <summary>One small page without scripts. Text enters only escaped, since everything shown came from outside.</summary>
internal sealed class Page(string title)
{
    private const string Style = """
        :root{color-scheme:light dark;--line:#d8dce3;--dim:#5c6573;--ok:#177245;--bad:#b3261e}
        @media(prefers-color-scheme:dark){:root{--line:#3a404a;--dim:#9aa4b2;--ok:#5ccb8f;--bad:#ff8a80}}
        body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
        nav a{margin-right:1rem}h1{font-size:1.4rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}.numbers{display:flex;gap:2rem;flex-wrap:wrap;margin:1rem 0}
        .numbers b{display:block;font-size:1.6rem;font-variant-numeric:tabular-nums}.dim{color:var(--dim)}
        .wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
        th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
        th{font-weight:600;color:var(--dim);font-size:.85rem}td{white-space:nowrap}td.text{white-space:normal}
        tr:has(+.below) td{border-bottom:0;padding-bottom:0}.below td{white-space:normal;padding-top:.1rem}.below code{color:var(--dim)}
        code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}.ok{color:var(--ok)}.bad{color:var(--bad)}
        """;

    private readonly StringBuilder _body = new();

    public static IResult Html(string page) => new HtmlResult(page);

    public Page Numbers(params ReadOnlySpan<(string Name, int Value)> numbers)
    {
        _body.Append("<div class=\"numbers\">");
        foreach (var (name, value) in numbers)
        {
            _body.Append($"<div><b>{value}</b><span class=\"dim\">{Escape(name)}</span></div>");
        }

        _body.Append("</div>");
        return this;
    }

    /// <summary>A table; each cell is a text with a class name of ours, or none.</summary>
    public Page Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<Cell>> rows)
    {
        _body.Append($"<h2>{Escape(caption)}</h2><div class=\"wide\"><table><thead><tr>");
        foreach (var column in columns)
        {
            _body.Append($"<th>{Escape(column)}</th>");
        }

        _body.Append("</tr></thead><tbody>");
        var any = false;
        foreach (var row in rows)
        {
            any = true;
            _body.Append("<tr>");
            foreach (var cell in row.Where(cell => !cell.Below))
            {
                _body.Append($"<td class=\"{cell.Tone}\">{Content(cell)}</td>");
            }

            _body.Append("</tr>");
            foreach (var cell in row.Where(cell => cell.Below))
            {
                _body.Append($"<tr class=\"below\"><td colspan=\"{columns.Count}\">{Content(cell)}</td></tr>");
            }
        }

        _body.Append(any ? "</tbody></table></div>" : $"<tr><td class=\"dim\" colspan=\"{columns.Count}\">Nothing yet.</td></tr></tbody></table></div>");
        return this;
    }

    public override string ToString() => $"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
        <meta http-equiv="refresh" content="2"><title>{Escape(title)}</title><style>{Style}</style></head><body>
        <nav><a href="/sandbox/inbox">Inbox</a><a href="/sandbox/crm">CRM</a></nav><main><h1>{Escape(title)}</h1>{_body}</main></body></html>
        """;

    private static string Content(Cell cell) => cell.Code ? $"<code>{Escape(cell.Text)}</code>" : Escape(cell.Text);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A cell of a table.</summary>
    /// <param name="Text">What it says; escaped when printed.</param>
    /// <param name="Tone">ok, bad, dim, text (long, broken into lines) or empty.</param>
    /// <param name="Code">Printed in a fixed-width font.</param>
    /// <param name="Below">Printed under the row's other cells, over the whole width.</param>
    internal sealed record Cell(string Text, string Tone = "", bool Code = false, bool Below = false);

    private sealed class HtmlResult(string page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "text/html; charset=utf-8";
            httpContext.Response.Headers.ContentSecurityPolicy =
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            httpContext.Response.Headers.XContentTypeOptions = "nosniff";
            httpContext.Response.Headers.CacheControl = "no-store";
            return httpContext.Response.WriteAsync(page, httpContext.RequestAborted);
        }
    }
}
