using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Retention;

/// <summary>
/// A hint that something of a tenant's may be over: a record's window, an hour of idempotency keys, or a row that says its own end. It is filed before
/// the rows say so and removed after they are gone: never proof.
/// </summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Kind">The record's kind, <see cref="IdempotencyKeys"/> or <see cref="Telemetry"/>.</param>
/// <param name="Key">The row key of the record, or what those of a conversation's messages start with; of an hour of idempotency keys, their table; of telemetry, see <see cref="KeyOf"/>.</param>
[DataClass(DataClass.Telemetry, 365, "0003")]
internal sealed record PurgeIndexRow(TenantId Tenant, string Kind, string Key) : IRow<PurgeIndexRow>
{
    /// <summary>The kind of a hint that stands for all keys of a tenant that are over in one hour.</summary>
    public const string IdempotencyKeys = "idem";

    /// <summary>The kind of a hint of a row that says its own end (<see cref="IEndingRow"/>).</summary>
    public const string Telemetry = "telemetry";

    public static string Table => nameof(HintTable.PurgeIndex);

    public string RowKey => $"{Tenant}|{Key}";

    /// <summary>The key of a hint of a row that says its own end.</summary>
    public static string KeyOf(string table, string rowKey) => $"{table}|{rowKey}";

    public static PurgeIndexRow FromColumns(string rowKey, Columns columns) =>
        new(new TenantId(columns.Id("tenant")), columns.Text("kind"), columns.Text("key"));

    public Columns ToColumns() => new Columns().Set("tenant", Tenant.Value).Set("kind", Kind).Set("key", Key);
}
