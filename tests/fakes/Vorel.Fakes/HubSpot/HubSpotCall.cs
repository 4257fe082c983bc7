using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Vorel.Fakes.HubSpot;

/// <summary>A request, read with the strictness of the stand-in: what it does not know it does not pass over.</summary>
internal sealed class HubSpotCall(HttpRequest request, byte[] body)
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private readonly string _target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;

    public string Method => request.Method;

    /// <summary>The path as it was on the wire.</summary>
    public string RawPath => _target.Split('?', 2)[0];

    /// <summary>The query with its question mark, or nothing.</summary>
    public string RawQuery => _target[RawPath.Length..];

    /// <summary>The path's segments, each decoded.</summary>
    public string[] Segments => [.. RawPath.Trim('/').Split('/').Select(Uri.UnescapeDataString)];

    public string Text => System.Text.Encoding.UTF8.GetString(body);

    public string Origin => $"{request.Scheme}://{request.Host}";

    public string? Token => request.Headers.Authorization is [{ } value] && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value["Bearer ".Length..] : null;

    /// <summary>A parameter of the query; null if it is not there.</summary>
    public string? Parameter(string name) => request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>The names in a parameter that is repeated or has commas.</summary>
    public string[] List(string name) => request.Query.TryGetValue(name, out var values)
        ? [.. values.SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]
        : [];

    /// <summary>A true or false of the query, false if it is not there.</summary>
    public bool Flag(string name) => Parameter(name) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw HubSpotErrors.Invalid($"{other} is no boolean for {name}"),
    };

    /// <summary>Refuses parameters that the route does not have: the service passes over them, and over a name that we misspell.</summary>
    public void Knows(params IEnumerable<string> parameters)
    {
        if (request.Query.Keys.Except(parameters, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw HubSpotErrors.Invalid($"The stand-in knows no parameter {unknown} here");
        }
    }

    /// <summary>The body as a form.</summary>
    public Dictionary<string, string> Form()
    {
        if (request.ContentType?.Split(';')[0].Trim() != "application/x-www-form-urlencoded")
        {
            throw HubSpotErrors.NoMediaType();
        }

        var form = QueryHelpers.ParseQuery(Text);
        return form.Values.All(value => value.Count == 1)
            ? form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal)
            : throw HubSpotErrors.Invalid("A field is repeated");
    }

    /// <summary>The body as an object with no members but these.</summary>
    public JsonObject Json(params string[] members) => Parse() is JsonObject read ? Members(read, members) : throw HubSpotErrors.InvalidJson("an object is expected");

    /// <summary>The body as a list.</summary>
    public JsonArray JsonList() => Parse() as JsonArray ?? throw HubSpotErrors.InvalidJson("a list is expected");

    /// <summary>Refuses members that are not known.</summary>
    public static JsonObject Members(JsonNode? node, params string[] members)
    {
        var read = node as JsonObject ?? throw HubSpotErrors.InvalidJson("an object is expected");
        return read.Select(member => member.Key).Except(members, StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? throw HubSpotErrors.InvalidJson($"Unrecognized field \"{unknown}\"")
            : read;
    }

    private JsonNode? Parse()
    {
        if (request.ContentType?.Split(';')[0].Trim() != "application/json")
        {
            throw HubSpotErrors.NoMediaType();
        }

        try
        {
            return JsonNode.Parse(body, documentOptions: s_strict);
        }
        catch (JsonException error)
        {
            throw HubSpotErrors.InvalidJson(error.Message);
        }
    }
}
