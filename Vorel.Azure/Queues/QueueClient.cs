using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.Queues;

/// <summary>One queue. Shapes are those of Azure.Storage.Queues, but for the encoding: base64 unless set.</summary>
/// <remarks>Methods throw <see cref="RequestFailedException"/> for what the service refuses.</remarks>
public sealed class QueueClient
{
    private static readonly TimeSpan s_maxVisibility = TimeSpan.FromDays(7);

    private readonly HttpPipeline _pipeline;
    private readonly QueueMessageEncoding _encoding;

    /// <summary>Takes account, key and address from a connection string.</summary>
    /// <exception cref="FormatException">The connection string is malformed; the message repeats nothing of it.</exception>
    public QueueClient(string connectionString, string queueName, QueueClientOptions? options = null)
        : this(new QueueServiceClient(connectionString, options).GetQueueClient(queueName))
    {
    }

    internal QueueClient(HttpPipeline pipeline, Uri endpoint, string queueName, QueueMessageEncoding encoding)
    {
        if (queueName.Length is < 3 or > 63
            || !queueName.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-'))
        {
            throw new ArgumentException("A queue name has 3 to 63 lower-case ASCII letters, digits and hyphens.", nameof(queueName));
        }

        Name = queueName;
        Uri = new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{queueName}");
        _pipeline = pipeline;
        _encoding = encoding;
    }

    private QueueClient(QueueClient other)
    {
        Name = other.Name;
        Uri = other.Uri;
        _pipeline = other._pipeline;
        _encoding = other._encoding;
    }

    /// <summary>The queue's name.</summary>
    public string Name { get; }

    /// <summary>The queue's address.</summary>
    public Uri Uri { get; }

    /// <summary>Makes the queue unless it is there.</summary>
    public Task<Response> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        Send(RequestMethod.Put, string.Empty, [], content: null, tolerated: 0, cancellationToken);

    /// <summary>Deletes the queue with all its messages. The status is 404 if it was not there.</summary>
    public Task<Response> DeleteIfExistsAsync(CancellationToken cancellationToken = default) =>
        Send(RequestMethod.Delete, string.Empty, [], content: null, tolerated: 404, cancellationToken);

    /// <summary>Removes every message.</summary>
    public Task<Response> ClearMessagesAsync(CancellationToken cancellationToken = default) =>
        Send(RequestMethod.Delete, "/messages", [], content: null, tolerated: 0, cancellationToken);

    /// <summary>Puts a message. When an answer is lost the message may be there twice.</summary>
    /// <param name="messageText">At most 48 KiB of UTF-8 (64 KiB on the wire).</param>
    /// <param name="visibilityTimeout">How long it stays invisible, in whole seconds (rounded up), at most 7 days.</param>
    /// <param name="timeToLive">When it ends; minus one second for never; 7 days if not given.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Response<SendReceipt>> SendMessageAsync(
        string messageText, TimeSpan? visibilityTimeout = null, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default)
    {
        var body = QueueXml.Message(QueueText.Encode(messageText, _encoding));
        var response = await Send(
            RequestMethod.Post,
            "/messages",
            [("visibilitytimeout", Seconds(visibilityTimeout, nameof(visibilityTimeout))), ("messagettl", timeToLive is { } life ? Text(life) : null)],
            body,
            tolerated: 0,
            cancellationToken);
        var put = QueueXml.Messages(response.Content)[0];
        return Response.FromValue(
            new SendReceipt(
                put["MessageId"], put["PopReceipt"], QueueXml.Time(put["InsertionTime"]), QueueXml.Time(put["ExpirationTime"]), QueueXml.Time(put["TimeNextVisible"])),
            response);
    }

    /// <summary>Receives up to <paramref name="maxMessages"/> (1 to 32) messages and hides them for <paramref name="visibilityTimeout"/> (1 s to 7 days, 30 s if not given).</summary>
    public async Task<Response<QueueMessage[]>> ReceiveMessagesAsync(
        int? maxMessages = null, TimeSpan? visibilityTimeout = null, CancellationToken cancellationToken = default)
    {
        var response = await Send(
            RequestMethod.Get,
            "/messages",
            [("numofmessages", maxMessages?.ToString()), ("visibilitytimeout", Seconds(visibilityTimeout, nameof(visibilityTimeout)))],
            content: null,
            tolerated: 0,
            cancellationToken);
        QueueMessage[] messages = [.. QueueXml.Messages(response.Content).Select(message => new QueueMessage(
            message["MessageId"],
            message["PopReceipt"],
            message["MessageText"],
            Count(message),
            QueueXml.Time(message["InsertionTime"]),
            QueueXml.Time(message["ExpirationTime"]),
            QueueXml.Time(message["TimeNextVisible"]),
            _encoding))];
        return Response.FromValue(messages, response);
    }

    /// <summary>Looks at up to <paramref name="maxMessages"/> (1 to 32) visible messages without taking them.</summary>
    public async Task<Response<PeekedMessage[]>> PeekMessagesAsync(int? maxMessages = null, CancellationToken cancellationToken = default)
    {
        var response = await Send(
            RequestMethod.Get, "/messages", [("peekonly", "true"), ("numofmessages", maxMessages?.ToString())], content: null, tolerated: 0, cancellationToken);
        PeekedMessage[] messages = [.. QueueXml.Messages(response.Content).Select(message => new PeekedMessage(
            message["MessageId"],
            message["MessageText"],
            Count(message),
            QueueXml.Time(message["InsertionTime"]),
            QueueXml.Time(message["ExpirationTime"]),
            _encoding))];
        return Response.FromValue(messages, response);
    }

    /// <summary>Changes when a message is visible next (now, if not given) and, if <paramref name="messageText"/> is given, its text.</summary>
    /// <remarks>A spent receipt: 404 MessageNotFound or 400 PopReceiptMismatch.</remarks>
    public async Task<Response<UpdateReceipt>> UpdateMessageAsync(
        string messageId,
        string popReceipt,
        string? messageText = null,
        TimeSpan visibilityTimeout = default,
        CancellationToken cancellationToken = default)
    {
        var response = await Send(
            RequestMethod.Put,
            $"/messages/{Uri.EscapeDataString(messageId)}",
            [("popreceipt", popReceipt), ("visibilitytimeout", Seconds(visibilityTimeout, nameof(visibilityTimeout)))],
            messageText is null ? null : QueueXml.Message(QueueText.Encode(messageText, _encoding)),
            tolerated: 0,
            cancellationToken);
        response.Headers.TryGetValue("x-ms-popreceipt", out var receipt);
        response.Headers.TryGetValue("x-ms-time-next-visible", out var visible);
        return Response.FromValue(new UpdateReceipt(receipt!, QueueXml.Time(visible!)), response);
    }

    /// <summary>Deletes a message.</summary>
    /// <remarks><inheritdoc cref="UpdateMessageAsync" path="/remarks/node()"/></remarks>
    public Task<Response> DeleteMessageAsync(string messageId, string popReceipt, CancellationToken cancellationToken = default) =>
        Send(
            RequestMethod.Delete, $"/messages/{Uri.EscapeDataString(messageId)}", [("popreceipt", popReceipt)], content: null, tolerated: 0, cancellationToken);

    /// <summary>What is known of the queue.</summary>
    public async Task<Response<QueueProperties>> GetPropertiesAsync(CancellationToken cancellationToken = default)
    {
        var response = await Send(RequestMethod.Get, string.Empty, [("comp", "metadata")], content: null, tolerated: 0, cancellationToken);
        response.Headers.TryGetValue("x-ms-approximate-messages-count", out var count);
        return Response.FromValue(new QueueProperties(int.Parse(count ?? "0", CultureInfo.InvariantCulture)), response);
    }

    private static long Count(IReadOnlyDictionary<string, string> message) => long.Parse(message["DequeueCount"], CultureInfo.InvariantCulture);

    private static string Text(TimeSpan time) => ((long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static string? Seconds(TimeSpan? visibility, string parameter)
    {
        if (visibility is not { } time)
        {
            return null;
        }

        return time >= TimeSpan.Zero && time <= s_maxVisibility
            ? Text(time)
            : throw new ArgumentOutOfRangeException(parameter, "A message is invisible for 0 s to 7 days.");
    }

    private async Task<Response> Send(
        RequestMethod method, string path, (string Name, string? Value)[] query, BinaryData? content, int tolerated, CancellationToken cancellationToken)
    {
        using var message = _pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(Uri);
        request.Uri.AppendPath(path, escape: false);
        foreach (var (name, value) in query)
        {
            if (value is not null)
            {
                request.Uri.AppendQuery(name, value, escapeValue: true);
            }
        }

        request.Headers.SetValue("x-ms-version", StoragePipeline.Version);
        if (content is not null)
        {
            request.Headers.SetValue("Content-Type", "application/xml");
            request.Content = RequestContent.Create(content);
        }

        await _pipeline.SendAsync(message, cancellationToken);
        return message.Response.IsError && message.Response.Status != tolerated
            ? throw new RequestFailedException(message.Response)
            : message.Response;
    }
}
