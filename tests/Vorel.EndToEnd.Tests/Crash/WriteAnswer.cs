using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>What one answer says.</summary>
internal enum AnswerKind
{
    /// <summary>Success.</summary>
    Accepted,

    /// <summary>The handler's own 503: not carried out, try again.</summary>
    Refused,

    /// <summary>The connection broke, or something before the handler spoke for it: nobody knows.</summary>
    Lost,

    /// <summary>An answer that this suite never asks for.</summary>
    Wrong,
}

/// <summary>One answer to a write.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Status">Its status; 0 for a broken connection.</param>
/// <param name="RetryAfter">The header, if there was one.</param>
/// <param name="Record">The record's id, where it was accepted.</param>
/// <param name="Body">Its body.</param>
internal sealed record WriteAnswer(AnswerKind Kind, int Status, string? RetryAfter, string? Record, string Body)
{
    public static WriteAnswer Broken { get; } = new(AnswerKind.Lost, 0, null, null, string.Empty);

    public static WriteAnswer Read(int status, RetryConditionHeaderValue? retryAfter, string body)
    {
        var parsed = Parse(body);
        var kind = (status, parsed?["code"]?.GetValue<string>()) switch
        {
            (200 or 201, _) => AnswerKind.Accepted,
            (503, "unavailable") => AnswerKind.Refused,
            (500 or 502 or 503 or 504, null) => AnswerKind.Lost,
            _ => AnswerKind.Wrong,
        };
        return new WriteAnswer(kind, status, retryAfter?.ToString(), kind == AnswerKind.Accepted ? parsed?["id"]?.GetValue<string>() : null, body);
    }

    private static JsonObject? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
