using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vorel.LocalHost.Invocation;

/// <summary>Judges the handler's answer by the rules of the real host.</summary>
internal static partial class EnvelopeReply
{
    /// <summary>
    /// The result, or null where the real host never sets one: a 2xx without a body, or with the JSON literal null. Such a
    /// call hangs until functionTimeout. <paramref name="logs"/> gets the lines the handler sent along.
    /// </summary>
    public static async Task<InvocationResult?> Read(HttpResponseMessage answer, ICollection<string> logs, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var status = (int)answer.StatusCode;
            return new InvocationResult.Failure(
                InvocationFailure.Status,
                $"Response status code does not indicate success: {status} ({answer.ReasonPhrase}).",
                status,
                answer.ReasonPhrase);
        }

        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (body.Length == 0)
        {
            return null;
        }

        if (!IsJson(answer.Content.Headers.ContentType))
        {
            return Bad($"The answer's content type is '{answer.Content.Headers.ContentType}', not JSON.");
        }

        try
        {
            return JsonNode.Parse(body, new JsonNodeOptions { PropertyNameCaseInsensitive = true }) switch
            {
                null => null,
                JsonObject members => Accept(members, logs),
                _ => Bad("The answer is JSON, but not an object."),
            };
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return Bad($"The answer is not valid JSON: {error.Message}");
        }
    }

    private static InvocationResult Accept(JsonObject members, ICollection<string> logs)
    {
        foreach (var line in members["Logs"] as JsonArray ?? [])
        {
            logs.Add(line?.ToString() ?? "");
        }

        var outputs = members["Outputs"] as JsonObject ?? [];
        var returned = members["ReturnValue"];
        return outputs.Append(KeyValuePair.Create("ReturnValue", (JsonNode?)returned)).Select(DateIn).FirstOrDefault(found => found is not null) is { } date
            ? Bad($"The answer holds a bare date text ({date}). The Functions host parses and re-prints such texts: wrap JSON in a string.")
            : new InvocationResult.Success(returned, outputs.ToDictionary(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The name of a value in which a bare date text would be re-printed on its way, or null.</summary>
    private static string? DateIn(KeyValuePair<string, JsonNode?> value) => ContainsDate(value.Value) ? value.Key : null;

    private static bool ContainsDate(JsonNode? node) => node switch
    {
        JsonObject members => members.Any(member => ContainsDate(member.Value)),
        JsonArray items => items.Any(ContainsDate),
        JsonValue value when value.TryGetValue<string>(out var text) => IsoDate().IsMatch(text),
        _ => false,
    };

    private static bool IsJson(MediaTypeHeaderValue? type) => type?.MediaType is "application/json" or "text/json";

    private static InvocationResult.Failure Bad(string message) => new(InvocationFailure.BadAnswer, message);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d", RegexOptions.None, 1000)]
    private static partial Regex IsoDate();
}
