using System.Text.Json;

namespace Vorel.Functions.Api.Problems;

/// <summary>Writes a problem as <c>application/problem+json</c>.</summary>
internal static class ProblemAnswer
{
    /// <summary>Writes <paramref name="problem"/> as the answer.</summary>
    public static async Task Write(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        if (problem.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString();
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (problem.Status == StatusCodes.Status413PayloadTooLarge)
        {
            // The rest of the body may never come: nobody should wait for it on this connection.
            response.Headers.Connection = "close";
        }

        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("type", "urn:vorel:problem:" + problem.Code);
        json.WriteString("title", problem.Title);
        json.WriteNumber("status", problem.Status);
        if (problem.Detail is not null)
        {
            json.WriteString("detail", problem.Detail);
        }

        json.WriteString("code", problem.Code);
        json.WriteString("request_id", RequestId.Of(context));
        if (problem.Errors.Count > 0)
        {
            WriteErrors(json, problem.Errors);
        }

        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<ProblemError> errors)
    {
        json.WriteStartArray("errors");
        foreach (var error in errors)
        {
            json.WriteStartObject();
            json.WriteString("pointer", error.Pointer);
            json.WriteString("detail", error.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
