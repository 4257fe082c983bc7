using System.Text;
using Azure;
using Vorel.Azure.Queues;
using Vorel.Azure.Tables;

namespace Vorel.Testing;

/// <summary>
/// Everything that a storage account holds, as sorted lines: to compare before and after, or to search for what must not be there.
/// Binary columns are shown as Latin-1, so that plain text within them is found.
/// </summary>
public static class StorageDump
{
    /// <summary>A line for each column of each row, for each visible message, and for each queue with its count (invisible messages included).</summary>
    public static async Task<IReadOnlyList<string>> Take(string connectionString)
    {
        var lines = new List<string>();
        var tables = new TableServiceClient(connectionString);
        foreach (var table in await tables.GetTableNamesAsync())
        {
            try
            {
                await foreach (var row in tables.GetTableClient(table).QueryAsync(default))
                {
                    lines.Add($"{table} {row.PartitionKey} {row.RowKey}");
                    lines.AddRange(row.Select(column => $"{table} {row.PartitionKey} {row.RowKey} {column.Key} = {Text(column.Value)}"));
                }
            }
            catch (RequestFailedException gone) when (gone.ErrorCode == "TableNotFound")
            {
                // It was dropped since its name was listed.
            }
        }

        var queues = new QueueServiceClient(connectionString, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        foreach (var name in await queues.GetQueueNamesAsync())
        {
            var queue = queues.GetQueueClient(name);
            lines.Add($"queue {name} holds {(await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount}");
            lines.AddRange((await queue.PeekMessagesAsync(32)).Value.Select(message => $"queue {name} {message.MessageId} {Decoded(message.EncodedText)}"));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static string Text(object value) => value switch
    {
        byte[] bytes => Encoding.Latin1.GetString(bytes),
        DateTimeOffset time => time.ToString("O"),
        _ => value.ToString() ?? string.Empty,
    };

    private static string Decoded(string text)
    {
        Span<byte> bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? Encoding.UTF8.GetString(bytes[..written]) : text;
    }
}
