using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http;

/// <summary>
/// An HTTP call as the JSON envelope: what a function gets that binds anything beside request and answer, and every HTTP function of an
/// app that asks for nothing else. The request is read whole, the answer is made from the http output.
/// </summary>
internal sealed class HttpEnvelope(IFunctionInvoker invoker)
{
    /// <summary>One call; 500 for whatever fails.</summary>
    public async Task Call(FunctionDefinition function, HttpContext context, CancellationToken stopping)
    {
        var body = await Body(context.Request);
        var data = new Dictionary<string, BindingValue>(StringComparer.Ordinal) { [function.Trigger.Name] = BindingValue.Json(Request(context.Request, body)) };
        if (await invoker.Invoke(function, data, Metadata(context.Request, body), stopping) is InvocationResult.Success success)
        {
            await HttpEnvelopeAnswer.Write(function, success, context.Response);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    /// <summary>The body as text, or as base64 where its type says that it is none; null without a Content-Length, chunked bodies too.</summary>
    private static async Task<string?> Body(HttpRequest request)
    {
        if (request.ContentLength is not > 0)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        return IsBinary(request) ? Convert.ToBase64String(bytes.ToArray()) : Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static bool IsBinary(HttpRequest request) =>
        request.ContentType is { } type
        && (type.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase) || type.Contains("multipart/", StringComparison.OrdinalIgnoreCase));

    private static JsonObject Request(HttpRequest request, string? body)
    {
        var value = new JsonObject
        {
            ["Url"] = $"{request.Scheme}://{request.Host}{request.Path}{request.QueryString}",
            ["Method"] = request.Method,
            ["Query"] = Texts(request.Query),
            ["Headers"] = new JsonObject(request.Headers.Select(header =>
                KeyValuePair.Create(header.Key, (JsonNode?)new JsonArray([.. header.Value.Select(text => (JsonNode?)text)])))),
            ["Params"] = new JsonObject(request.RouteValues.Select(route => KeyValuePair.Create(route.Key, (JsonNode?)route.Value?.ToString()))),
            ["Identities"] = new JsonArray(Nobody()),
        };
        if (body is not null)
        {
            value["Body"] = body;
        }

        return value;
    }

    private static Dictionary<string, BindingValue> Metadata(HttpRequest request, string? body)
    {
        var metadata = new Dictionary<string, BindingValue>(StringComparer.Ordinal)
        {
            ["Headers"] = BindingValue.Json(Texts(request.Headers)), ["Query"] = BindingValue.Json(Texts(request.Query)),
        };
        foreach (var (name, value) in request.RouteValues)
        {
            metadata[name] = BindingValue.Text(value?.ToString() ?? "");
        }

        if (body is not null && request.HasJsonContentType())
        {
            TriggerMetadata.AddPayload(metadata, body);
        }

        return metadata;
    }

    private static JsonObject Texts(IEnumerable<KeyValuePair<string, StringValues>> pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.ToString())));

    /// <summary>A caller that App Service Authentication knows nothing of, as the host's serialiser prints its claims identity.</summary>
    private static JsonObject Nobody() => new()
    {
        ["AuthenticationType"] = null,
        ["IsAuthenticated"] = false,
        ["Actor"] = null,
        ["BootstrapContext"] = null,
        ["Claims"] = new JsonArray(),
        ["Label"] = null,
        ["Name"] = null,
        ["NameClaimType"] = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
        ["RoleClaimType"] = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
    };
}
