using System.Buffers.Binary;
using Vorel.Core.Due;
using Vorel.Core.Ids;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>When the days of a tenant's log are sealed: one to seven hours after they have ended, tenant by tenant, so that not all come at once.</summary>
internal static class AuditDays
{
    /// <summary>When the seal of a day is late: what was cut off before it can then no longer be told from what never was.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_rest = TimeSpan.FromHours(1);

    private const int SpreadMinutes = 360;

    /// <summary>The first day that has a seal: that on which the tenant was made, which is the first entry of its log.</summary>
    /// <remarks>A tenant whose id says no time was not made by us, and has none.</remarks>
    public static DateOnly FirstOf(TenantId tenant) => Uuid7.TryParse(tenant.ToString(), out var id) ? AuditKeys.DayOf(Uuid7.TimeOf(id)) : DateOnly.MaxValue;

    /// <summary>When a day is sealed.</summary>
    public static DateTimeOffset SealedAt(TenantId tenant, DateOnly day)
    {
        Span<byte> bytes = stackalloc byte[16];
        tenant.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        return AuditKeys.StartOf(day.AddDays(1)) + s_rest + TimeSpan.FromMinutes(BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]) % SpreadMinutes);
    }

    /// <summary>When it should have been sealed at the latest.</summary>
    public static DateTimeOffset LateFrom(DateOnly day) => AuditKeys.StartOf(day.AddDays(1)) + s_late;

    /// <summary>The last day whose seal is due.</summary>
    public static DateOnly LastDue(TenantId tenant, DateTimeOffset now)
    {
        var yesterday = AuditKeys.DayOf(now).AddDays(-1);
        return SealedAt(tenant, yesterday) <= now ? yesterday : yesterday.AddDays(-1);
    }

    /// <summary>The hint that has today sealed; the same whoever files it.</summary>
    public static DueRow HintFor(TenantId tenant, DateTimeOffset now) => new(tenant, DueKind.Audit, "seal", SealedAt(tenant, AuditKeys.DayOf(now)));
}
