using Vorel.Core.Webhooks;

namespace Vorel.Core.Crm.OAuth;

/// <summary>What a token endpoint's errors mean, as a table. The messages are ours: a provider's may repeat what it was sent, and that was secret.</summary>
internal static class TokenErrors
{
    /// <summary>How long a provider is left alone that says that it was asked too often, and not for how long (Zoho: ten calls in ten minutes).</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromMinutes(10);

    private static readonly Dictionary<string, Meaning> s_codes = new(StringComparer.OrdinalIgnoreCase)
    {
        // What was sent is over: the code, the refresh token, the person or the company behind it.
        ["invalid_grant"] = Meaning.Over,
        ["invalid_code"] = Meaning.Over,
        ["expired_token"] = Meaning.Over,
        ["inactive_user"] = Meaning.Over,
        ["inactive_org"] = Meaning.Over,
        ["BAD_REFRESH_TOKEN"] = Meaning.Over,
        ["BAD_AUTH_CODE"] = Meaning.Over,
        ["EXPIRED_AUTH_CODE"] = Meaning.Over,
        ["BAD_CODE_VERIFIER"] = Meaning.Over,

        // The client is not who it says, or may not do this.
        ["invalid_client"] = Meaning.Client,
        ["invalid_client_id"] = Meaning.Client,
        ["invalid_client_credentials"] = Meaning.Client,
        ["invalid_client_secret"] = Meaning.Client,
        ["unauthorized_client"] = Meaning.Client,
        ["BAD_CLIENT_ID"] = Meaning.Client,
        ["BAD_CLIENT_SECRET"] = Meaning.Client,
        ["BAD_REDIRECT_URI"] = Meaning.Client,
        ["invalid_redirect_uri"] = Meaning.Client,
        ["redirect_uri_mismatch"] = Meaning.Client,

        // Zoho's word for too many calls, with status 400.
        ["Access Denied"] = Meaning.TooMany,
        ["slow_down"] = Meaning.TooMany,
        ["temporarily_unavailable"] = Meaning.Away,
        ["server_error"] = Meaning.Away,
    };

    private enum Meaning
    {
        Over,
        Client,
        TooMany,
        Away,
        Unknown,
    }

    /// <summary>What an answer without tokens means.</summary>
    public static CrmException Of(string provider, TokenAnswer answer) => MeaningOf(answer) switch
    {
        Meaning.Over => new CrmException(CrmErrorCode.RefreshFailed, $"{provider} no longer accepts what its tokens are got with.", retryable: false),
        Meaning.Client => new CrmException(CrmErrorCode.AuthError, $"{provider} does not accept the client that asks for tokens.", retryable: false),
        Meaning.TooMany => new CrmException(
            CrmErrorCode.RateLimited, $"{provider} was asked for tokens too often.", retryable: true, answer.RetryAfter ?? s_rest),
        Meaning.Away => new CrmException(CrmErrorCode.ProviderUnavailable, $"{provider} gives out no tokens now.", retryable: true, answer.RetryAfter),
        _ => new CrmException(CrmErrorCode.ProviderError, $"{provider} answered with no tokens and no reason that we know.", retryable: true),
    };

    /// <summary>An answer that is larger than any of these is.</summary>
    public static CrmException TooLarge(string provider) =>
        new(CrmErrorCode.ProviderError, $"{provider} answered with more than can be tokens.", retryable: true);

    /// <summary>A call that did not come to an answer. The cause is not attached: its message may name hosts and addresses.</summary>
    public static CrmException OfNetwork(string provider, AttemptError error) =>
        new(CrmErrorCode.ProviderUnavailable, $"{provider} could not be asked for tokens ({error.ToString().ToLowerInvariant()}).", retryable: true);

    private static Meaning MeaningOf(TokenAnswer answer) => answer switch
    {
        { Status: 429 } => Meaning.TooMany,
        { Status: 408 or 425 or (>= 500 and < 600) } => Meaning.Away,

        // Whatever the status: some say it with 200.
        { Error: { } code } when s_codes.TryGetValue(code, out var known) => known,
        { Status: 401 or 403 } => Meaning.Client,
        _ => Meaning.Unknown,
    };
}
