using System.Globalization;
using System.Text;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Records;

/// <summary>The rows that keep a kind's unique fields unique.</summary>
internal sealed class RecordIndex(IRowStore store, RecordReader reader, IndexKey digests)
{
    /// <summary>The index row of a record.</summary>
    public RecordIndexRow RowOf(TenantId tenant, RecordRow record)
    {
        var value = new StringBuilder();
        foreach (var name in record.Kind.UniqueBy)
        {
            // Each value with its length, so that no two lists of values read the same.
            var text = Convert.ToString(record.Values[name], CultureInfo.InvariantCulture)!;
            value.Append(CultureInfo.InvariantCulture, $"{text.Length}:{text}");
        }

        return new RecordIndexRow(RecordKeys.Index(record.Kind, digests.Digest(tenant, record.Kind.Name, value.ToString())), record.Id);
    }

    /// <summary>The index row in the way, if the record it points to is past its window and so may be succeeded.</summary>
    public async Task<Stored<RecordIndexRow>?> FindStale(TenantId tenant, RecordKind kind, RecordIndexRow row, CancellationToken cancellationToken)
    {
        var stored = await store.Get<RecordIndexRow>(Partition.Of(tenant), row.RowKey, cancellationToken);
        return stored is not null && await reader.FindLive(tenant, kind, stored.Row.Record, cancellationToken) is null ? stored : null;
    }
}
