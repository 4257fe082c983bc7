using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.Queues;

/// <summary>The queues of one storage account.</summary>
public sealed class QueueServiceClient
{
    private readonly HttpPipeline _pipeline;
    private readonly QueueMessageEncoding _encoding;

    /// <summary>Takes account, key and address from a connection string.</summary>
    /// <exception cref="FormatException">The connection string is malformed; the message repeats nothing of it.</exception>
    public QueueServiceClient(string connectionString, QueueClientOptions? options = null)
        : this(StorageConnectionString.Parse(connectionString), options)
    {
    }

    /// <summary>Signs with an account key.</summary>
    public QueueServiceClient(Uri endpoint, StorageSharedKeyCredential credential, QueueClientOptions? options = null)
        : this(endpoint, new QueueSharedKeyPolicy(credential), options)
    {
    }

    /// <summary>Authenticates with Entra tokens; the endpoint must be https.</summary>
    public QueueServiceClient(Uri endpoint, TokenCredential credential, QueueClientOptions? options = null)
        : this(endpoint, StoragePipeline.Authentication(credential), options)
    {
    }

    private QueueServiceClient(StorageConnectionString account, QueueClientOptions? options)
        : this(account.QueueEndpoint, account.Credential, options)
    {
    }

    private QueueServiceClient(Uri endpoint, HttpPipelinePolicy authentication, QueueClientOptions? options)
    {
        options ??= new QueueClientOptions();
        Uri = endpoint;
        _encoding = options.MessageEncoding;
        _pipeline = StoragePipeline.Build(options, authentication);
    }

    /// <summary>The address of the service.</summary>
    public Uri Uri { get; }

    /// <summary>One queue, which need not exist.</summary>
    public QueueClient GetQueueClient(string queueName) => new(_pipeline, Uri, queueName, _encoding);

    /// <summary>The names of all queues, in ordinal order.</summary>
    public async Task<IReadOnlyList<string>> GetQueueNamesAsync(CancellationToken cancellationToken = default)
    {
        var names = new List<string>();
        var next = (string?)null;
        do
        {
            using var message = _pipeline.CreateMessage();
            message.Request.Uri.Reset(Uri);
            message.Request.Uri.AppendPath("/", escape: false);
            message.Request.Uri.AppendQuery("comp", "list");
            message.Request.Headers.SetValue("x-ms-version", StoragePipeline.Version);
            if (!string.IsNullOrEmpty(next))
            {
                message.Request.Uri.AppendQuery("marker", next, escapeValue: true);
            }

            await _pipeline.SendAsync(message, cancellationToken);
            if (message.Response.IsError)
            {
                throw new RequestFailedException(message.Response);
            }

            names.AddRange(QueueXml.Names(message.Response.Content, out next));
        }
        while (!string.IsNullOrEmpty(next));

        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
