namespace Vorel.Azure.Queues;

/// <summary>How message texts go over the wire.</summary>
public enum QueueMessageEncoding
{
    /// <summary>As they are; they must be valid XML text.</summary>
    None,

    /// <summary>Base64 of their UTF-8.</summary>
    Base64,
}
