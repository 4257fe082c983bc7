using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Incidents;

namespace Vorel.Functions.Api.Operator;

/// <summary>A connected CRM or archive, with the secret of its posts, which is shown this once.</summary>
internal sealed record CrmAnswer(string Provider, string Status, DateTimeOffset ConnectedAt, string Secret, IReadOnlyList<CrmWarning> Warnings)
{
    public static CrmAnswer Of(ConnectedCustomWebhook connected)
    {
        var connection = connected.Connection;
        return new CrmAnswer(
            connection.Provider, CrmConnectionAnswer.StatusOf(connection), connection.ConnectedAt, connected.Secret, CrmWarning.Of(connected.Lacking));
    }

    /// <inheritdoc/>
    public override string ToString() => nameof(CrmAnswer);
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
