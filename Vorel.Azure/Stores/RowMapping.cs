using Azure;
using Vorel.Azure.Tables;
using Vorel.Core.Storage;

namespace Vorel.Azure.Stores;

/// <summary>Between the port's rows and the table's entities.</summary>
internal static class RowMapping
{
    public static Row ToRow(TableEntity entity) => new(entity.RowKey, entity.ETag.ToString("H"), entity.Columns);

    public static TableEntity ToEntity(Partition partition, string key, IReadOnlyDictionary<string, object> columns) =>
        new(partition.Value, key, columns);

    public static TableTransactionAction ToAction(Partition partition, RowWrite write) => write switch
    {
        RowWrite.Insert insert => new(TableTransactionActionType.Add, ToEntity(partition, insert.Key, insert.Columns)),
        RowWrite.Replace replace => new(
            TableTransactionActionType.UpdateReplace, ToEntity(partition, replace.Key, replace.Columns), new ETag(replace.ETag)),
        RowWrite.Upsert upsert => new(TableTransactionActionType.UpsertReplace, ToEntity(partition, upsert.Key, upsert.Columns)),
        RowWrite.Delete delete => new(TableTransactionActionType.Delete, new TableEntity(partition.Value, delete.Key), new ETag(delete.ETag)),
        RowWrite.Require require => new(TableTransactionActionType.UpdateMerge, new TableEntity(partition.Value, require.Key)),
        _ => throw new ArgumentOutOfRangeException(nameof(write), "Unknown kind of write."),
    };

    public static RowConflict? Conflict(RequestFailedException refused) => (refused.Status, refused.ErrorCode) switch
    {
        (409, "EntityAlreadyExists") => RowConflict.AlreadyExists,
        (412, _) => RowConflict.Changed,
        (404, _) => RowConflict.NotFound,
        _ => null,
    };

    /// <summary>The rows of the partitions of a range.</summary>
    public static TableFilter Filter(RowRange partitions) => (partitions.From, partitions.To) switch
    {
        (not null, not null) => $"PartitionKey ge {partitions.From} and PartitionKey lt {partitions.To}",
        (not null, null) => $"PartitionKey ge {partitions.From}",
        (null, not null) => $"PartitionKey lt {partitions.To}",
        _ => default,
    };

    public static TableFilter Filter(Partition partition, RowRange range)
    {
        // "Behind this key" is written as the key and U+0001, which no key can hold: the service need not see a control character.
        var after = range.From is { Length: > 1 } from && from[^1] == '\u0001' ? from[..^1] : null;
        return (after, range.From, range.To) switch
        {
            (not null, _, not null) => $"PartitionKey eq {partition.Value} and RowKey gt {after} and RowKey lt {range.To}",
            (not null, _, null) => $"PartitionKey eq {partition.Value} and RowKey gt {after}",
            (null, not null, not null) => $"PartitionKey eq {partition.Value} and RowKey ge {range.From} and RowKey lt {range.To}",
            (null, not null, null) => $"PartitionKey eq {partition.Value} and RowKey ge {range.From}",
            (null, null, not null) => $"PartitionKey eq {partition.Value} and RowKey lt {range.To}",
            _ => $"PartitionKey eq {partition.Value}",
        };
    }
}
