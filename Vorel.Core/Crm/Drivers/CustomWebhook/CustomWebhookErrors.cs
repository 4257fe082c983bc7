using Vorel.Core.Webhooks;

namespace Vorel.Core.Crm.Drivers.CustomWebhook;

/// <summary>
/// What a receiver's answers and the network's failures mean, as a table. The messages are ours: the receiver's text may
/// echo customer data and goes nowhere.
/// </summary>
internal static class CustomWebhookErrors
{
    private static readonly Dictionary<int, Meaning> s_statuses = new()
    {
        [400] = new(CrmErrorCode.ValidationError, false, "The receiver refused the content."),
        [401] = new(CrmErrorCode.AuthError, false, "The receiver refused the signature: its secret is another one."),
        [403] = new(CrmErrorCode.AuthError, false, "The receiver refused us."),
        [404] = new(CrmErrorCode.NotFound, false, "The receiver does not know the record, or its URL is wrong."),
        [405] = new(CrmErrorCode.Unsupported, false, "The receiver does not do this."),
        [408] = new(CrmErrorCode.ProviderUnavailable, true, "The receiver did not take the request in time."),
        [409] = new(CrmErrorCode.Conflict, false, "The record clashes with another one at the receiver."),
        [410] = new(CrmErrorCode.NotFound, false, "The record is gone at the receiver."),
        [413] = new(CrmErrorCode.ValidationError, false, "The record is too large for the receiver."),
        [422] = new(CrmErrorCode.ValidationError, false, "The receiver refused the content."),
        [425] = new(CrmErrorCode.ProviderUnavailable, true, "The receiver asked for another try."),
        [429] = new(CrmErrorCode.RateLimited, true, "The receiver's rate limit was reached."),
        [501] = new(CrmErrorCode.Unsupported, false, "The receiver does not do this."),
    };

    private static readonly Meaning s_serverError = new(CrmErrorCode.ProviderUnavailable, true, "The receiver failed.");
    private static readonly Meaning s_otherClientError = new(CrmErrorCode.ProviderError, false, "The receiver refused the request.");
    private static readonly Meaning s_noFinalAnswer = new(CrmErrorCode.ProviderError, true, "The receiver redirected or gave no final answer; redirects are not followed.");

    /// <summary>A status that is no success.</summary>
    public static CrmException OfStatus(int status, string action, TimeSpan? retryAfter)
    {
        var meaning = s_statuses.TryGetValue(status, out var known) ? known : status switch
        {
            >= 500 and < 600 => s_serverError,
            >= 400 and < 500 => s_otherClientError,
            _ => s_noFinalAnswer,
        };
        var code = meaning.Code == CrmErrorCode.Unsupported && action == CustomWebhookClient.Delete ? CrmErrorCode.DeleteUnsupported : meaning.Code;
        return new CrmException(code, $"{meaning.Message} (HTTP {status})", meaning.Retryable, meaning.Retryable ? retryAfter : null);
    }

    /// <summary>A call that did not come to an answer. The cause is not attached: its message may name hosts and addresses.</summary>
    public static CrmException OfNetwork(AttemptError error) => error == AttemptError.Protocol
        ? Malformed("it is not HTTP")
        : new CrmException(CrmErrorCode.ProviderUnavailable, Describe(error), retryable: true);

    /// <summary>A 2xx that cannot be used. Retryable: the key makes the repeat harmless, and the receiver may be mended meanwhile.</summary>
    public static CrmException Malformed(string what) =>
        new(CrmErrorCode.ProviderError, $"The receiver's answer cannot be used: {what}.", retryable: true);

    /// <summary>A verb that a write bridge does not have.</summary>
    public static CrmException WriteOnly() => new(CrmErrorCode.Unsupported, "A custom webhook is written to, never read.", retryable: false);

    private static string Describe(AttemptError error) => error switch
    {
        AttemptError.Timeout => "The receiver did not answer in time.",
        AttemptError.Dns => "The receiver's name did not resolve.",
        AttemptError.Tls => "The TLS handshake with the receiver failed.",
        AttemptError.Guard => "The receiver's address is not on the public internet.",
        _ => "The connection to the receiver failed.",
    };

    private sealed record Meaning(CrmErrorCode Code, bool Retryable, string Message);
}
