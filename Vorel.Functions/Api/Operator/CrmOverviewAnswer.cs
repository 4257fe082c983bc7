using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Credentials;

namespace Vorel.Functions.Api.Operator;

/// <summary>A tenant's CRM and archive, without what opens them.</summary>
/// <param name="Provider">The provider's slug; null when no CRM is connected and none is pending.</param>
/// <param name="Status"><c>active</c>, <c>pending</c> or <c>disconnected</c>.</param>
/// <param name="ConnectedAt">Since when.</param>
/// <param name="Failed">Since when and why it works no more and has to be connected anew; null while it works.</param>
/// <param name="Pending">What was entered since and waits for its test to succeed; null when nothing does.</param>
/// <param name="Archive">The archive, or null.</param>
/// <param name="CannotHold">The object types that neither can hold; null when no CRM is connected or its credentials do not open.</param>
internal sealed record CrmOverviewAnswer(
    string? Provider,
    string Status,
    DateTimeOffset? ConnectedAt,
    FailedAnswer? Failed,
    PendingAnswer? Pending,
    CrmConnectionAnswer? Archive,
    IReadOnlyList<string>? CannotHold)
{
    public static CrmOverviewAnswer Of(CrmOverview overview)
    {
        var main = CrmConnectionAnswer.Of(overview.Main);
        return new CrmOverviewAnswer(
            main?.Provider,
            main?.Status ?? "disconnected",
            main?.ConnectedAt,
            main?.Failed,
            main?.Pending,
            CrmConnectionAnswer.Of(overview.Archive),
            overview.Lacking is { } lacking ? [.. lacking.Select(crmObject => crmObject.Wire())] : null);
    }
}

/// <summary>A connection, without what opens it.</summary>
internal sealed record CrmConnectionAnswer(string Provider, string Status, DateTimeOffset? ConnectedAt, FailedAnswer? Failed, PendingAnswer? Pending)
{
    /// <summary>Null when nothing is connected and nothing pending.</summary>
    public static CrmConnectionAnswer? Of(CrmRoleOverview role) => (role.Connection?.Provider ?? role.Pending?.Provider) is not { } provider
        ? null
        : new CrmConnectionAnswer(
            provider,
            (role.Connection is null ? CredentialStatus.Pending : CredentialStatus.Active).Wire(),
            role.Connection?.ConnectedAt,
            role.Active?.Failure is { } failure ? new FailedAnswer(failure.Code.Wire(), failure.At) : null,
            role.Pending is { } pending ? new PendingAnswer(pending.Id, pending.Provider, pending.TestedAt, ReasonAnswer.Of(pending.Reason)) : null);
}

/// <summary>That a connection works no more.</summary>
/// <param name="Code"><c>refresh_failed</c> or <c>insufficient_scope</c>.</param>
/// <param name="At">Since when.</param>
internal sealed record FailedAnswer(string Code, DateTimeOffset At);

/// <summary>What was entered and is not used yet.</summary>
/// <param name="Credential">Its id.</param>
/// <param name="Provider">The provider's slug.</param>
/// <param name="TestedAt">When its test ended; null while it was not tested.</param>
/// <param name="Reason">Why its test failed.</param>
internal sealed record PendingAnswer(Guid Credential, string Provider, DateTimeOffset? TestedAt, ReasonAnswer? Reason);
