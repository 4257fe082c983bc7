using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Incidents;

namespace Vorel.Functions.Api.Operator;

/// <summary>What became of entering or testing a CRM or an archive.</summary>
/// <param name="Credential">The id of what was entered.</param>
/// <param name="Provider">The provider's slug.</param>
/// <param name="Status"><c>active</c>: it was tested and is used. <c>pending</c>: its test failed, and what was connected before still is.</param>
/// <param name="Reason">Why its test failed.</param>
/// <param name="ConnectedAt">Since when the system is connected; null while it is not.</param>
/// <param name="Secret">What its posts are signed with, shown when it is entered and never again; null where nothing is.</param>
/// <param name="Warnings">What will not work as things are.</param>
internal sealed record CrmAnswer(
    Guid Credential, string Provider, string Status, ReasonAnswer? Reason, DateTimeOffset? ConnectedAt, string? Secret, IReadOnlyList<CrmWarning> Warnings)
{
    public static CrmAnswer Of(ConnectResult result, string? secret) => new(
        result.Credential, result.Provider, result.Status.Wire(), ReasonAnswer.Of(result.Reason), result.ConnectedAt, secret, CrmWarning.Of(result.Lacking));

    /// <inheritdoc/>
    public override string ToString() => nameof(CrmAnswer);
}

/// <summary>Why a credential does not work.</summary>
/// <param name="Code">The code of the failure.</param>
/// <param name="Detail">In words.</param>
internal sealed record ReasonAnswer(string Code, string Detail)
{
    public static ReasonAnswer? Of(CredentialReason? reason) => reason is null ? null : new ReasonAnswer(reason.Code.Wire(), reason.Text);
}

/// <summary>What will not work as things are connected now.</summary>
/// <param name="Code">The type of the incident that will say so.</param>
/// <param name="Objects">The object types that it is about.</param>
/// <param name="Detail">In words.</param>
internal sealed record CrmWarning(string Code, IReadOnlyList<string> Objects, string Detail)
{
    public static IReadOnlyList<CrmWarning> Of(IReadOnlyList<CrmObject> lacking) => lacking.Count == 0
        ? []
        : [new CrmWarning(
            IncidentType.CrmObjectUnsupported.Wire(),
            [.. lacking.Select(crmObject => crmObject.Wire())],
            "The CRM cannot hold these, and no archive takes them: their records stay here until one does.")];
}
