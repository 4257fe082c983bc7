using System.Buffers;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.Tables;

/// <summary>Builds the requests of one table.</summary>
internal sealed class TableRequests(HttpPipeline pipeline, Uri endpoint, string table)
{
    private const string Json = "application/json;odata=minimalmetadata";

    public Uri TableUri { get; } = new($"{endpoint.AbsoluteUri.TrimEnd('/')}/{table}");

    public HttpMessage CreateTable()
    {
        var message = Message(RequestMethod.Post, endpoint);
        message.Request.Uri.AppendPath("/Tables", escape: false);
        message.Request.Headers.SetValue("Content-Type", "application/json");
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        message.Request.Content = RequestContent.Create(BinaryData.FromString($$"""{"TableName":"{{table}}"}"""));
        return message;
    }

    public HttpMessage DeleteTable()
    {
        var message = Message(RequestMethod.Delete, endpoint);
        message.Request.Uri.AppendPath($"/Tables('{table}')", escape: false);
        message.Request.Content = Empty();
        return message;
    }

    public HttpMessage Get(string partitionKey, string rowKey, IEnumerable<string>? select)
    {
        var message = Message(RequestMethod.Get, TableUri);
        message.Request.Uri.AppendPath(TableAddress.Keys(partitionKey, rowKey), escape: false);
        Select(message, select);
        return message;
    }

    public HttpMessage Query(TableFilter filter, int? top, IEnumerable<string>? select, TableContinuation continuation)
    {
        var message = Message(RequestMethod.Get, TableUri);
        var uri = message.Request.Uri;
        uri.AppendPath("()", escape: false);
        if (filter.ToString() is { Length: > 0 } text)
        {
            uri.AppendQuery("$filter", text, escapeValue: true);
        }

        if (top is { } count)
        {
            uri.AppendQuery("$top", count.ToString(), escapeValue: false);
        }

        Select(message, select);
        continuation.AppendTo(uri);
        return message;
    }

    public HttpMessage Insert(TableEntity entity, Guid writeId)
    {
        var message = Message(RequestMethod.Post, TableUri);
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        SetEntity(message.Request, entity, writeId);
        return message;
    }

    public HttpMessage Update(TableEntity entity, ETag? ifMatch, TableUpdateMode mode, Guid writeId)
    {
        var message = Message(mode == TableUpdateMode.Replace ? RequestMethod.Put : RequestMethod.Patch, TableUri);
        message.Request.Uri.AppendPath(TableAddress.Keys(entity.PartitionKey, entity.RowKey), escape: false);
        if (ifMatch is { } etag)
        {
            message.Request.Headers.SetValue("If-Match", etag.ToString("H"));
        }

        SetEntity(message.Request, entity, writeId);
        return message;
    }

    public HttpMessage Delete(string partitionKey, string rowKey, ETag ifMatch)
    {
        var message = Message(RequestMethod.Delete, TableUri);
        message.Request.Uri.AppendPath(TableAddress.Keys(partitionKey, rowKey), escape: false);
        message.Request.Headers.SetValue("If-Match", ifMatch.ToString("H"));
        message.Request.Content = Empty();
        return message;
    }

    public HttpMessage Transaction(TransactionRequest transaction)
    {
        var message = Message(RequestMethod.Post, endpoint);
        message.Request.Uri.AppendPath("/$batch", escape: false);
        message.Request.Headers.SetValue("Content-Type", transaction.ContentType);
        message.Request.Content = transaction.Content;
        return message;
    }

    // A request with a body, even an empty one, is never repeated by the HTTP handler below us, where no one would know of it.
    private static RequestContent Empty() => RequestContent.Create(ReadOnlyMemory<byte>.Empty);

    private static void Select(HttpMessage message, IEnumerable<string>? select)
    {
        if (select is null)
        {
            return;
        }

        string[] names = ["PartitionKey", "RowKey", .. select];
        Array.ForEach(names, TableLimits.CheckIdentifier);
        message.Request.Uri.AppendQuery("$select", string.Join(',', names.Distinct(StringComparer.Ordinal)), escapeValue: true);
    }

    private static void SetEntity(Request request, TableEntity entity, Guid writeId)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, EntityWriter.Options))
        {
            EntityWriter.Write(json, entity, writeId);
        }

        request.Headers.SetValue("Content-Type", "application/json");
        request.Content = RequestContent.Create(body.WrittenMemory);
    }

    private HttpMessage Message(RequestMethod method, Uri uri)
    {
        var message = pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(uri);
        request.Headers.SetValue("Accept", Json);
        request.Headers.SetValue("DataServiceVersion", "3.0");
        request.Headers.SetValue("MaxDataServiceVersion", "3.0");
        request.Headers.SetValue("x-ms-version", StoragePipeline.Version);
        return message;
    }
}
