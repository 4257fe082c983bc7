using System.Buffers;
using System.Text;
using System.Text.Json;
using Azure.Core;

namespace Vorel.Azure.Tables;

/// <summary>An entity-group transaction as a multipart body, checked against every limit before a byte is sent.</summary>
internal sealed class TransactionRequest
{
    private readonly ArrayBufferWriter<byte> _body = new(4096);
    private readonly string _batch = $"batch_{Guid.NewGuid():D}";
    private readonly string _changeset = $"changeset_{Guid.NewGuid():D}";

    /// <exception cref="TableLimitException">A limit is exceeded.</exception>
    public TransactionRequest(Uri tableUri, IReadOnlyList<TableTransactionAction> actions, Guid writeId)
    {
        Check(actions);
        Write($"--{_batch}\r\nContent-Type: multipart/mixed; boundary={_changeset}\r\n\r\n");
        using var json = new Utf8JsonWriter(_body, EntityWriter.Options);
        foreach (var action in actions)
        {
            Write(json, tableUri, action, writeId);
        }

        Write($"--{_changeset}--\r\n--{_batch}--\r\n");
        if (_body.WrittenCount > TableLimits.MaxTransactionSize)
        {
            throw new TableLimitException($"The transaction takes {_body.WrittenCount} bytes; the limit is {TableLimits.MaxTransactionSize} (4 MiB).");
        }
    }

    public string ContentType => $"multipart/mixed; boundary={_batch}";

    public RequestContent Content => RequestContent.Create(_body.WrittenMemory);

    private static void Check(IReadOnlyList<TableTransactionAction> actions)
    {
        TableLimits.CheckCount(actions.Count);
        var keys = new HashSet<string>(actions.Count, StringComparer.Ordinal);
        foreach (var action in actions)
        {
            if (action.Entity.PartitionKey != actions[0].Entity.PartitionKey)
            {
                throw new TableLimitException("The transaction spans two partitions.");
            }

            if (!keys.Add(action.Entity.RowKey))
            {
                throw new TableLimitException("The transaction writes the same row twice.");
            }

            if (action.ActionType == TableTransactionActionType.Delete)
            {
                TableLimits.CheckKey(action.Entity.PartitionKey, "partition key");
                TableLimits.CheckKey(action.Entity.RowKey, "row key");
            }
            else
            {
                TableLimits.CheckEntity(action.Entity);
            }
        }
    }

    private static string Method(TableTransactionActionType type) => type switch
    {
        TableTransactionActionType.Add => "POST",
        TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpsertReplace => "PUT",
        TableTransactionActionType.Delete => "DELETE",
        _ => "PATCH",
    };

    private void Write(Utf8JsonWriter json, Uri tableUri, TableTransactionAction action, Guid writeId)
    {
        var entity = action.Entity;
        Write($"--{_changeset}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
        Write($"{Method(action.ActionType)} {tableUri.AbsoluteUri}");
        Write(action.ActionType == TableTransactionActionType.Add ? string.Empty : TableAddress.Keys(entity.PartitionKey, entity.RowKey));
        Write(" HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nContent-Type: application/json\r\n");
        Write("DataServiceVersion: 3.0\r\nPrefer: return-no-content\r\n");
        if (action.IsConditional)
        {
            Write($"If-Match: {action.ETag.ToString("H")}\r\n");
        }

        Write("\r\n");
        if (action.ActionType != TableTransactionActionType.Delete)
        {
            json.Reset(_body);
            EntityWriter.Write(json, entity, writeId);
        }

        Write("\r\n");
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, _body);
}
