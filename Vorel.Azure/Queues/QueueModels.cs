using System.Text;

namespace Vorel.Azure.Queues;

/// <summary>A message that was put.</summary>
/// <param name="MessageId">Names the message.</param>
/// <param name="PopReceipt">Names its present visibility.</param>
/// <param name="InsertionTime">When it was put.</param>
/// <param name="ExpirationTime">When it ends; year 9999 if never.</param>
/// <param name="TimeNextVisible">When it can be received.</param>
public sealed record SendReceipt(
    string MessageId, string PopReceipt, DateTimeOffset InsertionTime, DateTimeOffset ExpirationTime, DateTimeOffset TimeNextVisible);

/// <summary>A message whose visibility was changed.</summary>
/// <param name="PopReceipt">Names its new visibility; the receipt used is spent.</param>
/// <param name="NextVisibleOn">When it can be received.</param>
public sealed record UpdateReceipt(string PopReceipt, DateTimeOffset NextVisibleOn);

/// <summary>A message that was received and is now invisible to others.</summary>
/// <param name="MessageId">Names the message.</param>
/// <param name="PopReceipt">Names this visibility.</param>
/// <param name="EncodedText">The text on the wire.</param>
/// <param name="DequeueCount">How often it was received, this time included.</param>
/// <param name="InsertedOn">When it was put.</param>
/// <param name="ExpiresOn">When it ends.</param>
/// <param name="NextVisibleOn">When it can be received again.</param>
/// <param name="Encoding">What <paramref name="EncodedText"/> is encoded in.</param>
public sealed record QueueMessage(
    string MessageId,
    string PopReceipt,
    string EncodedText,
    long DequeueCount,
    DateTimeOffset? InsertedOn,
    DateTimeOffset? ExpiresOn,
    DateTimeOffset? NextVisibleOn,
    QueueMessageEncoding Encoding)
{
    /// <summary>The message as it was put.</summary>
    /// <exception cref="FormatException">Someone else put it, in another encoding.</exception>
    public string MessageText => QueueText.Decode(EncodedText, Encoding);
}

/// <summary>A message that was looked at and stays visible.</summary>
/// <param name="MessageId">Names the message.</param>
/// <param name="EncodedText">The text on the wire.</param>
/// <param name="DequeueCount">How often it was received.</param>
/// <param name="InsertedOn">When it was put.</param>
/// <param name="ExpiresOn">When it ends.</param>
/// <param name="Encoding">What <paramref name="EncodedText"/> is encoded in.</param>
public sealed record PeekedMessage(
    string MessageId, string EncodedText, long DequeueCount, DateTimeOffset? InsertedOn, DateTimeOffset? ExpiresOn, QueueMessageEncoding Encoding)
{
    /// <inheritdoc cref="QueueMessage.MessageText"/>
    public string MessageText => QueueText.Decode(EncodedText, Encoding);
}

/// <summary>What is known of a queue.</summary>
/// <param name="ApproximateMessagesCount">Messages, visible or not; at least the true number a moment ago.</param>
public sealed record QueueProperties(int ApproximateMessagesCount);
