using Vorel.Core.Storage;

namespace Vorel.Core.Tenants;

/// <summary>A tenant's own row.</summary>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record TenantRow(TenantId Id, string Name, DateTimeOffset CreatedAt) : IRow<TenantRow>
{
    public const string Key = "tenant";

    public static string Table => "Tenants";

    public string RowKey => Key;

    public static TenantRow FromColumns(string rowKey, Columns columns) =>
        new(new TenantId(columns.Id("tenant_id")), columns.Text("name"), columns.Time("created_at"));

    public Columns ToColumns() => new Columns().Set("tenant_id", Id.Value).Set("name", Name).Set("created_at", CreatedAt);
}
