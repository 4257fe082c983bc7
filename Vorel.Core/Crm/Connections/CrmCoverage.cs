using Vorel.Core.Records;

namespace Vorel.Core.Crm.Connections;

/// <summary>What of our records a CRM and its archive have a place for.</summary>
internal static class CrmCoverage
{
    /// <summary>The object types of our records that neither holds; null when there is no CRM to ask.</summary>
    public static IReadOnlyList<CrmObject>? Lacking(ICrmDriver? main, ICrmDriver? archive) => main is null
        ? null
        : [.. RecordKinds.All.Select(kind => kind.CrmObject).OfType<CrmObject>()
            .Where(crmObject => !main.Capabilities.Objects.Contains(crmObject) && archive?.Capabilities.Objects.Contains(crmObject) != true)];
}
