using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Vorel.Fakes.OAuth;

/// <summary>
/// What every stand-in for a provider's token endpoint has. Strict: a route, a field or a header that the documentation does not name is refused, and
/// what was given out is kept, so that a test can look for it where it must not be.
/// </summary>
public abstract class FakeTokens : FakeCrm
{
    private readonly ConcurrentQueue<string> _secrets = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private int _count;

    /// <summary>The client that may ask.</summary>
    public (string Id, string Secret) Client { get; init; } = ("client-" + Guid.NewGuid().ToString("N"), "secret-" + Guid.NewGuid().ToString("N"));

    /// <summary>When set: what the token endpoint answers, whatever it is asked.</summary>
    public (int Status, string Type, string Body)? Scripted { get; set; }

    /// <summary>Every code and token that was given out.</summary>
    public IReadOnlyCollection<string> Secrets => [.. _secrets];

    /// <summary>Method and path of every call.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>The path of the token endpoint.</summary>
    protected abstract string TokenPath { get; }

    /// <inheritdoc/>
    protected override async Task Answer(HttpContext context, byte[] body)
    {
        var request = context.Request;
        _calls.Enqueue($"{request.Method} {request.Path}");
        var isToken = request.Method == "POST" && request.Path == TokenPath;
        if (isToken && Scripted is { } scripted)
        {
            await Write(context, scripted.Status, scripted.Type, scripted.Body);
            return;
        }

        var (status, answer) = isToken ? Token(request, body) : Other(context, body);
        if (answer is not null)
        {
            await Write(context, status, "application/json;charset=UTF-8", answer.ToJsonString());
        }
        else
        {
            context.Response.StatusCode = status;
        }
    }

    /// <summary>Answers the token endpoint.</summary>
    protected abstract (int Status, JsonObject? Body) Token(HttpRequest request, byte[] body);

    /// <summary>Answers anything else.</summary>
    protected virtual (int Status, JsonObject? Body) Other(HttpContext context, byte[] body) => (404, null);

    /// <summary>A new code or token.</summary>
    protected string New(string kind)
    {
        var secret = $"{kind}-{Interlocked.Increment(ref _count)}-{Guid.NewGuid():N}";
        _secrets.Enqueue(secret);
        return secret;
    }

    /// <summary>The fields of a form that has exactly these; null if it is none.</summary>
    protected static Dictionary<string, string>? Form(HttpRequest request, byte[] body, params string[] fields)
    {
        if (request.ContentType != "application/x-www-form-urlencoded" || request.QueryString.HasValue)
        {
            return null;
        }

        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body));
        return form.Keys.Order(StringComparer.Ordinal).SequenceEqual(fields.Order(StringComparer.Ordinal)) && form.Values.All(value => value.Count == 1)
            ? form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal)
            : null;
    }

    /// <summary>Whether the client proves itself in the Authorization header.</summary>
    protected bool IsBasic(HttpRequest request) =>
        request.Headers.Authorization == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Client.Id}:{Client.Secret}"));

    /// <summary>Whether the client proves itself in the form.</summary>
    protected bool IsClient(Dictionary<string, string> form) => form["client_id"] == Client.Id && form["client_secret"] == Client.Secret;

    private static Task Write(HttpContext context, int status, string type, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
