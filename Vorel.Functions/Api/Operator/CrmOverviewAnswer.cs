using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;

namespace Vorel.Functions.Api.Operator;

/// <summary>A tenant's CRM and archive, without what opens them.</summary>
/// <param name="Provider">The provider's slug; null when no CRM is connected.</param>
/// <param name="Status"><c>active</c>, <c>pending</c> or <c>disconnected</c>.</param>
/// <param name="ConnectedAt">Since when.</param>
/// <param name="Archive">The archive, or null.</param>
/// <param name="CannotHold">The object types that neither can hold; null when no CRM is connected or its credentials do not open.</param>
internal sealed record CrmOverviewAnswer(
    string? Provider, string Status, DateTimeOffset? ConnectedAt, CrmConnectionAnswer? Archive, IReadOnlyList<string>? CannotHold)
{
    public static CrmOverviewAnswer Of(CrmOverview overview) => new(
        overview.Main?.Provider,
        overview.Main is { } main ? CrmConnectionAnswer.StatusOf(main) : "disconnected",
        overview.Main?.ConnectedAt,
        overview.Archive is { } archive ? new CrmConnectionAnswer(archive.Provider, CrmConnectionAnswer.StatusOf(archive), archive.ConnectedAt) : null,
        overview.Lacking is { } lacking ? [.. lacking.Select(crmObject => crmObject.Wire())] : null);
}

/// <summary>A connection, without what opens it.</summary>
internal sealed record CrmConnectionAnswer(string Provider, string Status, DateTimeOffset ConnectedAt)
{
    public static string StatusOf(CrmConnection connection) => connection.Status == CrmConnectionStatus.Active ? "active" : "pending";
}
