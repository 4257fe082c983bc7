using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Invocation.Newtonsoft;

namespace Vorel.LocalHost.Invocation;

/// <summary>Judges the handler's answer by the rules of the real host.</summary>
internal static class EnvelopeReply
{
    /// <summary>
    /// The result, or null where the real host never sets one: a 2xx without a body, or with the JSON literal null. Such a
    /// call hangs until functionTimeout. <paramref name="logs"/> gets the lines the handler sent along.
    /// </summary>
    public static async Task<InvocationResult?> Read(HttpResponseMessage answer, ICollection<string> logs, CancellationToken cancellationToken)
    {
        try
        {
            answer.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException error)
        {
            return new InvocationResult.Failure(InvocationFailure.Status, error.Message);
        }

        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (body.Length == 0)
        {
            return null;
        }

        try
        {
            return IsJson(answer.Content.Headers.ContentType)
                ? Accept(body, logs)
                : throw new JsonException($"Its content type is '{answer.Content.Headers.ContentType}', not JSON.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // In Azure the message quotes the whole answer, which is of no use to who reads the log.
            var text = Encoding.UTF8.GetString(body);
            return new InvocationResult.Failure(InvocationFailure.BadAnswer, $"Invalid HttpResponseMessage:\n{answer}\n {text}", $"The answer cannot be used. {error.Message}");
        }
    }

    private static InvocationResult.Success? Accept(byte[] body, ICollection<string> logs)
    {
        using var document = JsonDocument.Parse(body, NewtonsoftJson.Options);
        if (document.RootElement.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        JsonNode? returned = null;
        var outputs = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var member in Members(document.RootElement, "The answer"))
        {
            switch (member.Name.ToUpperInvariant())
            {
                case "RETURNVALUE":
                    returned = NewtonsoftJson.Deserialized(member.Value);
                    break;
                case "OUTPUTS":
                    outputs = Members(member.Value, "Outputs").GroupBy(output => output.Name, StringComparer.Ordinal)
                        .ToDictionary(same => same.Key, same => NewtonsoftJson.Deserialized(same.Last().Value), StringComparer.Ordinal);
                    break;
                case "LOGS":
                    foreach (var line in Lines(member.Value))
                    {
                        logs.Add(line);
                    }

                    break;
            }
        }

        return new InvocationResult.Success(returned, outputs);
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement element, string what) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject(),
        JsonValueKind.Null => default,
        _ => throw new JsonException($"{what} is JSON, but not an object."),
    };

    private static IEnumerable<string> Lines(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Select(line => line.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? throw new JsonException("A line of Logs is not a text.")
            : line.ToString()),
        JsonValueKind.Null => [],
        _ => throw new JsonException("Logs is not an array."),
    };

    private static bool IsJson(MediaTypeHeaderValue? type) => type?.MediaType is "application/json" or "text/json";
}
