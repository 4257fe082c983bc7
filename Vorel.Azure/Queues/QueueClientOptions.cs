namespace Vorel.Azure.Queues;

/// <summary>Options of the queue clients.</summary>
public sealed class QueueClientOptions : ServiceClientOptions
{
    /// <summary>How message texts go over the wire. Base64 unless set, as the Functions queue trigger expects (Azure.Storage.Queues: none unless set).</summary>
    public QueueMessageEncoding MessageEncoding { get; set; } = QueueMessageEncoding.Base64;
}
