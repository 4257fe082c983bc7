using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.Tables;

/// <summary>The tables of one storage account.</summary>
public sealed class TableServiceClient
{
    private readonly HttpPipeline _pipeline;

    /// <summary>Takes account, key and address from a connection string.</summary>
    /// <exception cref="FormatException">The connection string is malformed; the message repeats nothing of it.</exception>
    public TableServiceClient(string connectionString, TableClientOptions? options = null)
        : this(StorageConnectionString.Parse(connectionString), options)
    {
    }

    /// <summary>Signs with an account key.</summary>
    public TableServiceClient(Uri endpoint, StorageSharedKeyCredential credential, TableClientOptions? options = null)
        : this(endpoint, new TableSharedKeyPolicy(credential), options)
    {
    }

    /// <summary>Authenticates with Entra tokens; the endpoint must be https.</summary>
    public TableServiceClient(Uri endpoint, TokenCredential credential, TableClientOptions? options = null)
        : this(endpoint, StoragePipeline.Authentication(credential), options)
    {
    }

    private TableServiceClient(StorageConnectionString account, TableClientOptions? options)
        : this(account.TableEndpoint, account.Credential, options)
    {
    }

    private TableServiceClient(Uri endpoint, HttpPipelinePolicy authentication, TableClientOptions? options)
    {
        Uri = endpoint;
        _pipeline = StoragePipeline.Build(options ?? new TableClientOptions(), authentication);
    }

    /// <summary>The address of the service.</summary>
    public Uri Uri { get; }

    /// <summary>One table, which need not exist.</summary>
    public TableClient GetTableClient(string tableName) => new(_pipeline, Uri, tableName);

    /// <summary>The names of all tables, in ordinal order.</summary>
    public async Task<IReadOnlyList<string>> GetTableNamesAsync(CancellationToken cancellationToken = default)
    {
        var names = new List<string>();
        var next = (string?)null;
        do
        {
            using var message = _pipeline.CreateMessage();
            message.Request.Uri.Reset(Uri);
            message.Request.Uri.AppendPath("/Tables", escape: false);
            message.Request.Headers.SetValue("Accept", "application/json;odata=nometadata");
            message.Request.Headers.SetValue("DataServiceVersion", "3.0");
            message.Request.Headers.SetValue("x-ms-version", StoragePipeline.Version);
            if (next is not null)
            {
                message.Request.Uri.AppendQuery("NextTableName", next, escapeValue: true);
            }

            await _pipeline.SendAsync(message, cancellationToken);
            if (message.Response.IsError)
            {
                throw new RequestFailedException(message.Response);
            }

            using var page = JsonDocument.Parse(message.Response.Content);
            names.AddRange(page.RootElement.GetProperty("value").EnumerateArray().Select(table => table.GetProperty("TableName").GetString()!));
            message.Response.Headers.TryGetValue("x-ms-continuation-NextTableName", out next);
        }
        while (!string.IsNullOrEmpty(next));

        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
