using System.Globalization;
using System.Security.Cryptography;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>A hint that a record's window ends on a day: inserted before the record says so, so never proof.</summary>
[DataClass(DataClass.Telemetry, 365, "0003")]
internal sealed record PurgeIndexRow(TenantId Tenant, string Kind, Guid Record) : IRow<PurgeIndexRow>
{
    private const int Shards = 4;

    public static string Table => nameof(HintTable.PurgeIndex);

    public string RowKey => $"{Tenant}|{Kind}|{Record:D}";

    public static PurgeIndexRow FromColumns(string rowKey, Columns columns) =>
        new(new TenantId(columns.Id("tenant")), columns.Text("kind"), columns.Id("record"));

    /// <summary>The row of a record, and the partition of the day its window ends.</summary>
    public static (Partition Partition, PurgeIndexRow Row) Of(TenantId tenant, RecordKind kind, Guid record, DateTimeOffset due)
    {
        var shard = SHA256.HashData(record.ToByteArray())[0] % Shards;
        var day = due.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        return (Partition.PurgeIndex(string.Create(CultureInfo.InvariantCulture, $"{day}{shard:x2}")), new PurgeIndexRow(tenant, kind.Name, record));
    }

    public Columns ToColumns() => new Columns().Set("tenant", Tenant.Value).Set("kind", Kind).Set("record", Record);
}
