namespace Vorel.Core.Crm;

/// <summary>The one failure of a driver. The message is ours, never the provider's text, and holds no customer data.</summary>
public sealed class CrmException(CrmErrorCode code, string message, bool retryable, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What went wrong, in terms that callers act on.</summary>
    public CrmErrorCode Code { get; } = code;

    /// <summary>The same call may succeed later, unchanged.</summary>
    public bool Retryable { get; } = retryable;

    /// <summary>When the provider asked to be called again, if it did.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The call may have done what it should, although no usable answer came.</summary>
    public bool OutcomeUnknown { get; internal init; }
}

/// <summary>The stable codes of driver failures.</summary>
public enum CrmErrorCode
{
    /// <summary>The credential is not accepted.</summary>
    AuthError,

    /// <summary>The grant lacks a scope that the call needs.</summary>
    InsufficientScope,

    /// <summary>The token could not be refreshed; the connection must be made anew.</summary>
    RefreshFailed,

    /// <summary>The provider's limit was reached.</summary>
    RateLimited,

    /// <summary>The provider refused the content of the call.</summary>
    ValidationError,

    /// <summary>The record is not there.</summary>
    NotFound,

    /// <summary>The record clashes with another.</summary>
    Conflict,

    /// <summary>The provider has no way to delete.</summary>
    DeleteUnsupported,

    /// <summary>The provider cannot hold this object type or do this call.</summary>
    Unsupported,

    /// <summary>The provider answered with an error of its own or with something we cannot read.</summary>
    ProviderError,

    /// <summary>The provider did not answer, or is down.</summary>
    ProviderUnavailable,
}
