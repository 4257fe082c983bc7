using System.Globalization;
using System.Text.Json;

namespace Vorel.Functions.Api.Problems;

/// <summary>Writes a problem as <c>application/problem+json</c>.</summary>
internal static class ProblemAnswer
{
    // A small request must not buy a large answer: every member of a body can be wrong, and its name be as long as the body.
    private const int MostErrors = 50;
    private const int LongestPointer = 200;

    /// <summary>Writes <paramref name="problem"/> as the answer.</summary>
    public static Task Write(HttpContext context, Problem problem)
    {
        var headers = context.Response.Headers;
        if (problem.RetryAfter is { } wait)
        {
            headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (Challenge(problem.Status) is { } challenge)
        {
            headers.WWWAuthenticate = challenge;
        }

        if (problem.Closes)
        {
            headers.Connection = "close";
        }

        // What the endpoint said of the answer that it did not give.
        headers.Location = default;
        return JsonAnswer.Write(context, problem.Status, "application/problem+json", json => Render(json, problem, RequestId.Of(context)));
    }

    /// <summary>What RFC 6750, 3 asks for; of a refused key it says no more than that there was none.</summary>
    private static string? Challenge(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "Bearer",
        StatusCodes.Status403Forbidden => "Bearer error=\"insufficient_scope\"",
        _ => null,
    };

    private static void Render(Utf8JsonWriter json, Problem problem, string requestId)
    {
        json.WriteStartObject();
        json.WriteString("type", "urn:vorel:problem:" + problem.Code);
        json.WriteString("title", problem.Title);
        json.WriteNumber("status", problem.Status);
        if (problem.Detail is not null)
        {
            json.WriteString("detail", problem.Detail);
        }

        json.WriteString("code", problem.Code);
        json.WriteString("request_id", requestId);
        if (problem.Errors.Count > 0)
        {
            RenderErrors(json, problem.Errors);
        }

        json.WriteEndObject();
    }

    private static void RenderErrors(Utf8JsonWriter json, IReadOnlyList<ProblemError> errors)
    {
        json.WriteStartArray("errors");
        foreach (var error in errors.Take(MostErrors))
        {
            json.WriteStartObject();
            json.WriteString("pointer", error.Pointer.Length <= LongestPointer ? error.Pointer : "");
            json.WriteString("detail", error.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
