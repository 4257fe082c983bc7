using System.Globalization;
using Vorel.Core.Crm.Http;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>
/// What HubSpot's errors mean, as a table: category first, then status. The messages are ours. HubSpot's text repeats what customers are called and goes
/// nowhere; of what it names only what is in our own lists is repeated.
/// </summary>
internal static class HubSpotErrors
{
    private static readonly Dictionary<string, Meaning> s_categories = new(StringComparer.Ordinal)
    {
        ["VALIDATION_ERROR"] = new(CrmErrorCode.ValidationError, false, "HubSpot refused the content."),
        ["INVALID_AUTHENTICATION"] = new(CrmErrorCode.AuthError, false, "HubSpot does not accept the token."),
        ["EXPIRED_AUTHENTICATION"] = new(CrmErrorCode.AuthError, false, "HubSpot says that the token is over."),
        ["MISSING_SCOPES"] = new(CrmErrorCode.InsufficientScope, false, "The grant lacks a scope."),
        ["OBJECT_NOT_FOUND"] = new(CrmErrorCode.NotFound, false, "HubSpot does not have the record."),
        ["CONFLICT"] = new(CrmErrorCode.Conflict, false, "The record clashes with another one at HubSpot."),
        ["RATE_LIMITS"] = new(CrmErrorCode.RateLimited, true, "HubSpot's rate limit was reached."),
    };

    private static readonly Dictionary<int, Meaning> s_statuses = new()
    {
        [400] = s_categories["VALIDATION_ERROR"],
        [401] = s_categories["INVALID_AUTHENTICATION"],
        [403] = new(CrmErrorCode.AuthError, false, "HubSpot refused us."),
        [404] = s_categories["OBJECT_NOT_FOUND"],
        [409] = s_categories["CONFLICT"],
        [413] = new(CrmErrorCode.ValidationError, false, "The record is too large for HubSpot."),
        [423] = new(CrmErrorCode.Conflict, true, "HubSpot has the record locked."),
        [429] = s_categories["RATE_LIMITS"],
        [477] = new(CrmErrorCode.ProviderUnavailable, true, "HubSpot is moving the account."),
    };

    private static readonly Meaning s_serverError = new(CrmErrorCode.ProviderUnavailable, true, "HubSpot failed.");
    private static readonly Meaning s_otherClientError = new(CrmErrorCode.ProviderError, false, "HubSpot refused the request.");
    private static readonly Meaning s_noFinalAnswer = new(CrmErrorCode.ProviderError, true, "HubSpot redirected or gave no final answer; redirects are not followed.");

    // Where HubSpot names a policy and no time: how long its own client waits; of a day's limit as long as a provider may ask for.
    private static readonly Dictionary<string, TimeSpan> s_policies = new(StringComparer.Ordinal)
    {
        ["SECONDLY"] = TimeSpan.FromSeconds(1),
        ["TEN_SECONDLY_ROLLING"] = TimeSpan.FromSeconds(10),
        ["DAILY"] = RetryAfter.Longest,
    };

    private static readonly TimeSpan s_locked = TimeSpan.FromSeconds(2);

    /// <summary>What an answer means that is no success.</summary>
    public static CrmException Of(CrmAnswer answer)
    {
        var error = answer.TryRead(HubSpotJson.Default.HubSpotError);
        var meaning = MeaningOf(answer.Status, error);
        var wait = answer.RetryAfter
            ?? (answer.Status == 429 && error?.PolicyName is { } policy && s_policies.TryGetValue(policy, out var known) ? known : (TimeSpan?)null)
            ?? (answer.Status == 423 ? s_locked : (TimeSpan?)null);
        var text = $"{meaning.Message}{Named(meaning.Code, error)} (HTTP {answer.Status.ToString(CultureInfo.InvariantCulture)})";
        return new CrmException(meaning.Code, text, meaning.Retryable, meaning.Retryable ? wait : null);
    }

    /// <summary>The id of the record that a refused one would have been a second one of: it stands in the text alone.</summary>
    public static string? ExistingId(CrmAnswer answer)
    {
        const string Mark = "Existing ID: ";
        var text = answer.Status == 409 ? answer.TryRead(HubSpotJson.Default.HubSpotError)?.Message ?? "" : "";
        var at = text.IndexOf(Mark, StringComparison.Ordinal);
        var id = at < 0 ? "" : string.Concat(text[(at + Mark.Length)..].TakeWhile(char.IsAsciiDigit));
        return HubSpotClient.IsId(id) ? id : null;
    }

    /// <summary>A credential that does not hold what it should.</summary>
    public static CrmException Invalid(string why) => new(CrmErrorCode.ValidationError, why, retryable: false);

    public static CrmException NotFound() => new(CrmErrorCode.NotFound, s_categories["OBJECT_NOT_FOUND"].Message, retryable: false);

    private static Meaning MeaningOf(int status, HubSpotError? error)
    {
        // A category counts only with a status of its kind: a 500 that says VALIDATION_ERROR is still a 500.
        if (status is >= 400 and < 500 && error?.Category is { } category && s_categories.TryGetValue(category, out var known))
        {
            return known;
        }

        return s_statuses.TryGetValue(status, out var other) ? other : status switch
        {
            >= 500 and < 600 => s_serverError,
            >= 400 and < 500 => s_otherClientError,
            _ => s_noFinalAnswer,
        };
    }

    private static string Named(CrmErrorCode code, HubSpotError? error)
    {
        var own = code switch
        {
            CrmErrorCode.InsufficientScope => HubSpotDefaults.Scopes,
            CrmErrorCode.ValidationError => HubSpotFields.AllProperties,
            _ => [],
        };
        var named = (error?.Errors ?? []).SelectMany(one => one?.Context ?? []).SelectMany(context => context.Value ?? []).OfType<string>().Intersect(own, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return named.Count == 0 ? "" : $" It names: {string.Join(", ", named)}.";
    }

    private sealed record Meaning(CrmErrorCode Code, bool Retryable, string Message);
}
