using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.ServiceBus;

/// <summary>Sends to one queue or topic. Shapes are those of Azure.Messaging.ServiceBus.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/servicebus/send-message-to-queue</remarks>
public sealed class ServiceBusSender
{
    private readonly HttpPipeline _pipeline;
    private readonly Uri _address;

    internal ServiceBusSender(HttpPipeline pipeline, Uri endpoint, string entity)
    {
        _pipeline = pipeline;
        _address = new Uri(endpoint, $"{entity}/messages");
        EntityPath = entity;
    }

    /// <summary>The queue or topic.</summary>
    public string EntityPath { get; }

    /// <summary>
    /// Sends a message. When an answer is lost it is sent again under the same MessageId: where the queue or topic detects duplicates there
    /// is one message in the end, otherwise there can be two.
    /// </summary>
    /// <exception cref="ServiceBusLimitException">The message is over a limit or cannot travel as it is; nothing was sent.</exception>
    /// <exception cref="RequestFailedException">
    /// The service refused it (401, 403, 404, 410), or did not take it after all tries (429, 5xx, 0 when it could not be reached). Nothing of
    /// its answer but the status is repeated, because nobody knows what an answer on the way repeats of the request.
    /// </exception>
    public async Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var headers = ServiceBusHeaders.Of(message);
        using var call = _pipeline.CreateMessage();
        call.Request.Method = RequestMethod.Post;
        call.Request.Uri.Reset(_address);
        call.Request.Content = RequestContent.Create(message.Body);
        foreach (var (name, value) in headers)
        {
            call.Request.Headers.SetValue(name, value);
        }

        await _pipeline.SendAsync(call, cancellationToken);
        if (call.Response.Status != 201)
        {
            throw new RequestFailedException(call.Response.Status, $"Service Bus answered {call.Response.Status} to a message for {EntityPath}.");
        }
    }
}
