using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Security.Rewraps;

/// <summary>A row with a sealed column; or, without a row, the end of a tenant.</summary>
internal sealed record SealedRow(TenantId Tenant, SealedColumn? Column, string Table, Row? Row)
{
    /// <summary>Where a walk goes on behind it.</summary>
    public RewrapCursor Cursor => new(Tenant, Column?.Name ?? RewrapCursor.End, Table, Row?.Key ?? "");
}

/// <summary>How far a walk has come.</summary>
internal sealed record RewrapCursor(TenantId Tenant, string Column, string Table, string RowKey)
{
    /// <summary>The column behind a tenant's last.</summary>
    public const string End = "end";

    public static RewrapCursor? Parse(string? text) =>
        text?.Split('|', 4) is [var tenant, var column, var table, var key] && TenantId.TryParse(tenant, out var parsed) ? new RewrapCursor(parsed, column, table, key) : null;

    public override string ToString() => $"{Tenant}|{Column}|{Table}|{RowKey}";
}
