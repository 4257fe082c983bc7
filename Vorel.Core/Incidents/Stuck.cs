using Vorel.Core.Crm.Connections;
using Vorel.Core.Due;
using Vorel.Core.Outbox;
using Vorel.Core.Tenants;

namespace Vorel.Core.Incidents;

/// <summary>When a record is stuck on its way to the CRM, and how that is told: by a hint that has all that is stuck looked through.</summary>
internal static class Stuck
{
    /// <summary>The id of a tenant's one hint.</summary>
    public const string HintId = "stuck";

    /// <summary>How long the CRM may be owed something before somebody should know.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(24);

    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(1);

    /// <summary>Whether the failure is for good, or the CRM has been owed it for 24 hours: the tenant's CRM, not a time without one.</summary>
    public static bool Is(TodoRow row, CrmConnection connection, DateTimeOffset now) => row.FailedAt is not null || IsOld(row, connection, now);

    /// <summary>Whether the CRM has been owed it for 24 hours.</summary>
    public static bool IsOld(TodoRow row, CrmConnection connection, DateTimeOffset now) =>
        now - (row.Since > connection.ConnectedAt ? row.Since : connection.ConnectedAt) >= s_longest;

    /// <summary>The hint of a tenant; to be filed before what it tells of is written.</summary>
    public static DueRow Hint(TenantId tenant, DateTimeOffset now) => new(tenant, DueKind.Crm, HintId, now + s_soon);
}
