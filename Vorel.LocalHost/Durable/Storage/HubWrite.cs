namespace Vorel.LocalHost.Durable.Storage;

/// <summary>One write of a transaction in an instance's partition.</summary>
/// <param name="RowKey">The row.</param>
internal abstract record HubWrite(string RowKey)
{
    /// <summary>A new row; the transaction fails where it exists.</summary>
    public sealed record Insert(string RowKey, IReadOnlyDictionary<string, object> Columns) : HubWrite(RowKey);

    /// <summary>A row as it is from now on, whether it existed or not.</summary>
    public sealed record Upsert(string RowKey, IReadOnlyDictionary<string, object> Columns) : HubWrite(RowKey);

    /// <summary>New values for some columns of a row that exists.</summary>
    public sealed record Merge(string RowKey, IReadOnlyDictionary<string, object> Columns) : HubWrite(RowKey);

    /// <summary>Takes a row away; the transaction fails where it is gone.</summary>
    public sealed record Delete(string RowKey) : HubWrite(RowKey);

    /// <summary>The columns written; none for a delete.</summary>
    public IReadOnlyDictionary<string, object> Written => this switch
    {
        Insert insert => insert.Columns,
        Upsert upsert => upsert.Columns,
        Merge merge => merge.Columns,
        _ => Nothing,
    };

    /// <summary>About how many bytes the write takes in a request: binary values travel as base64.</summary>
    public long Size => 1024 + Written.Sum(column => column.Value is byte[] bytes ? bytes.Length * 4L / 3 : 64);

    private static IReadOnlyDictionary<string, object> Nothing { get; } = new Dictionary<string, object>();
}
