using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Ids;
using Vorel.Core.Storage;

namespace Vorel.Core.Crm.Credentials;

/// <summary>
/// What opens one account at one provider, sealed, and how it stands. It lies in the partition of the connections that point to it, so that a
/// switch from one to another is one transaction. Rows are kept when they are revoked; what was sealed in them is not.
/// </summary>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record CredentialRow(Guid Id, CrmRole Role, string Provider, string System, CrmSignIn SignIn) : IRow<CredentialRow>
{
    public const string Prefix = "credential|";

    private const string ArchiveRole = "archive";
    private const string MainRole = "main";

    public static string Table => CrmConnectionRow.Table;

    public string RowKey => KeyOf(Id);

    public CredentialStatus Status { get; init; }

    /// <summary>The credentials as JSON, sealed for this row; empty when it is revoked.</summary>
    public byte[] Sealed { get; init; } = [];

    /// <summary>Counts the access tokens; 0 while there is none.</summary>
    public long TokenVersion { get; init; }

    /// <summary>When the access token is over, by the real clock.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? TestedAt { get; init; }

    public DateTimeOffset? ActivatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    public CredentialReason? Reason { get; init; }

    public CredentialFailure? Failure { get; init; }

    /// <summary>Whether it can still be opened.</summary>
    public bool IsAlive => Status != CredentialStatus.Revoked;

    public static string KeyOf(Guid id) => Prefix + Uuid7.ToKey(id);

    public static CredentialRow FromColumns(string rowKey, Columns columns) => new(
        Uuid7.FromKey(rowKey[Prefix.Length..]),
        columns.Text("role") == ArchiveRole ? CrmRole.Archive : CrmRole.Main,
        columns.Text("provider"),
        columns.Text("system"),
        CredentialNames.SignInOf(columns.Text("sign_in")))
    {
        Status = CredentialNames.StatusOf(columns.Text("status")),
        Sealed = columns.Bytes("sealed"),
        TokenVersion = columns.NumberOrNull("token_version") ?? 0,
        ExpiresAt = columns.TimeOrNull("expires_at"),
        TestedAt = columns.TimeOrNull("tested_at"),
        ActivatedAt = columns.TimeOrNull("activated_at"),
        EndedAt = columns.TimeOrNull("ended_at"),
        RotatedAt = columns.TimeOrNull("rotated_at"),
        Reason = CredentialNames.CodeOf(columns.TextOrNull("reason_code")) is { } why ? new CredentialReason(why, columns.TextOrNull("reason") ?? "") : null,
        Failure = CredentialNames.CodeOf(columns.TextOrNull("failed_code")) is { } code && columns.TimeOrNull("failed_at") is { } at
            ? new CredentialFailure(code, at)
            : null,
    };

    public Columns ToColumns() => new Columns()
        .Set("role", Role == CrmRole.Archive ? ArchiveRole : MainRole)
        .Set("provider", Provider)
        .Set("system", System)
        .Set("sign_in", SignIn.Wire())
        .Set("status", Status.Wire())
        .SetBytes("sealed", Sealed)
        .Set("token_version", TokenVersion)
        .Set("expires_at", ExpiresAt)
        .Set("tested_at", TestedAt)
        .Set("activated_at", ActivatedAt)
        .Set("ended_at", EndedAt)
        .Set("rotated_at", RotatedAt)
        .Set("reason_code", Reason?.Code.Wire())
        .Set("reason", Reason?.Text)
        .Set("failed_code", Failure?.Code.Wire())
        .Set("failed_at", Failure?.At);

    /// <summary>As it is when it is over.</summary>
    public CredentialRow Revoke(DateTimeOffset at) => this with { Status = CredentialStatus.Revoked, Sealed = [], ExpiresAt = null, EndedAt = at };

    /// <summary>As it is when another one has taken its place: what an operator signed in for stays until an operator has seen that the new one works.</summary>
    public CredentialRow Retire(DateTimeOffset at) =>
        SignIn == CrmSignIn.AuthorizationCode ? this with { Status = CredentialStatus.Retiring, EndedAt = at } : Revoke(at);

    public Credential ToCredential() => new(Id, Role, Provider, SignIn, Status)
    {
        CreatedAt = Uuid7.TimeOf(Id),
        TestedAt = TestedAt,
        ActivatedAt = ActivatedAt,
        EndedAt = EndedAt,
        RotatedAt = RotatedAt,
        ExpiresAt = ExpiresAt,
        Reason = Reason,
        Failure = Failure,
    };

    /// <inheritdoc/>
    public override string ToString() => nameof(CredentialRow);
}
