using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Credentials;

/// <summary>A credential as it is shown: everything but what it opens with.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Role">What it was entered for.</param>
/// <param name="Provider">The provider's slug.</param>
/// <param name="SignIn">How it was got.</param>
/// <param name="Status">What it is used for.</param>
public sealed record Credential(Guid Id, CrmRole Role, string Provider, CrmSignIn SignIn, CredentialStatus Status)
{
    /// <summary>When it was entered or granted.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its test ended last; null while there was none.</summary>
    public DateTimeOffset? TestedAt { get; init; }

    /// <summary>When it became active.</summary>
    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>When another one took its place, or it was revoked; of both the later.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When its access token was renewed last.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>When its access token is over, if the provider says so.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why its last test failed; null when it did not.</summary>
    public CredentialReason? Reason { get; init; }

    /// <summary>Since when it does not work any more although it is active; null while it does.</summary>
    public CredentialFailure? Failure { get; init; }
}

/// <summary>That a credential which worked does so no more: the CRM has to be connected anew.</summary>
/// <param name="Code"><see cref="CrmErrorCode.RefreshFailed"/> or <see cref="CrmErrorCode.InsufficientScope"/>.</param>
/// <param name="At">Since when.</param>
public sealed record CredentialFailure(CrmErrorCode Code, DateTimeOffset At);
