using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Credentials;

namespace Vorel.Functions.Api.Operator;

/// <summary>A tenant's newest credentials, newest first.</summary>
internal sealed record CredentialListAnswer(IReadOnlyList<CredentialAnswer> Data, string? NextCursor, bool HasMore);

/// <summary>A credential: everything but what it opens with.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Role"><c>crm</c> or <c>archive</c>.</param>
/// <param name="Provider">The provider's slug.</param>
/// <param name="SignIn">How it was got.</param>
/// <param name="Status"><c>pending</c>, <c>active</c>, <c>retiring</c> or <c>revoked</c>.</param>
/// <param name="Reason">Why its last test failed.</param>
/// <param name="Failed">Since when and why it works no more although it is active.</param>
/// <param name="CreatedAt">When it was entered or granted.</param>
/// <param name="TestedAt">When its test ended last.</param>
/// <param name="ActivatedAt">When it became active.</param>
/// <param name="RotatedAt">When its access token was renewed last.</param>
/// <param name="ExpiresAt">When its access token is over, if the provider says so.</param>
/// <param name="EndedAt">When another one took its place, or it was revoked.</param>
internal sealed record CredentialAnswer(
    Guid Id,
    string Role,
    string Provider,
    string SignIn,
    string Status,
    ReasonAnswer? Reason,
    FailedAnswer? Failed,
    DateTimeOffset CreatedAt,
    DateTimeOffset? TestedAt,
    DateTimeOffset? ActivatedAt,
    DateTimeOffset? RotatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? EndedAt)
{
    public static CredentialAnswer Of(Credential credential) => new(
        credential.Id,
        credential.Role == CrmRole.Archive ? "archive" : "crm",
        credential.Provider,
        credential.SignIn.Wire(),
        credential.Status.Wire(),
        ReasonAnswer.Of(credential.Reason),
        credential.Failure is { } failure ? new FailedAnswer(failure.Code.Wire(), failure.At) : null,
        credential.CreatedAt,
        credential.TestedAt,
        credential.ActivatedAt,
        credential.RotatedAt,
        credential.ExpiresAt,
        credential.EndedAt);
}
