namespace Vorel.Azure.Tables;

/// <summary>Percent-encoded addresses of tables and rows.</summary>
internal static class TableAddress
{
    /// <summary><c>(PartitionKey='…',RowKey='…')</c>, quotes doubled, everything else that is not unreserved encoded.</summary>
    public static string Keys(string partitionKey, string rowKey) =>
        $"(PartitionKey='{Encode(partitionKey)}',RowKey='{Encode(rowKey)}')";

    private static string Encode(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));
}
