using System.Globalization;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Hosting;

namespace Vorel.LocalHost.Invocation;

/// <summary>
/// The member <c>retry</c> of function.json. Of the triggers here only timers honour it, as in the real host: queues and Durable
/// functions have a redelivery of their own.
/// </summary>
/// <param name="MaxRetryCount">How often a failed call is repeated; −1 for ever.</param>
/// <param name="Shortest">The wait between two calls, or the first one.</param>
/// <param name="Longest">The longest wait, where waits grow; the same as the shortest where they do not.</param>
internal sealed record RetryRule(int MaxRetryCount, TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>The waits between the calls of one run.</summary>
    public Backoff Waits() => new(Shortest, Longest);

    /// <summary>True where a call that is the n-th may be repeated.</summary>
    public bool Allows(int attempts) => MaxRetryCount < 0 || attempts <= MaxRetryCount;

    /// <summary>The rule, or what is wrong with it; neither where there is none.</summary>
    public static (RetryRule? Rule, string? Fault) From(JsonNode? retry)
    {
        if (retry is not JsonObject members)
        {
            return (null, null);
        }

        var isFixed = string.Equals(Text("strategy"), "fixedDelay", StringComparison.OrdinalIgnoreCase);
        var (shortest, longest) = isFixed ? (Span("delayInterval"), Span("delayInterval")) : (Span("minimumInterval"), Span("maximumInterval"));
        return !isFixed && !string.Equals(Text("strategy"), "exponentialBackoff", StringComparison.OrdinalIgnoreCase) ? (null, "The retry strategy is neither fixedDelay nor exponentialBackoff.")
            : members["maxRetryCount"] is not JsonValue number || !number.TryGetValue<int>(out var count) || count < -1 ? (null, "The retry names no maxRetryCount.")
            : shortest is null || longest is null ? (null, $"The retry names no {(isFixed ? "delayInterval" : "minimumInterval and maximumInterval")}.")
            : shortest > longest ? (null, "The retry's minimumInterval is above its maximumInterval.")
            : (new RetryRule(count, shortest.Value, longest.Value), null);

        string? Text(string name) => members[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        TimeSpan? Span(string name) => TimeSpan.TryParse(Text(name), CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.Zero ? span : null;
    }
}
