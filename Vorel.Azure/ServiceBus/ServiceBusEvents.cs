using System.Globalization;
using Azure;
using Vorel.Core.Integration;

namespace Vorel.Azure.ServiceBus;

/// <summary>
/// Events as messages of one topic: <c>MessageId</c> is the event's id, <c>Subject</c> its type, <c>CorrelationId</c> what it is about,
/// the property <c>tenant</c> whose it is, and the body its JSON.
/// </summary>
/// <param name="sender">The topic, which should detect duplicates; null where none is configured, and then publishing does nothing.</param>
public sealed class ServiceBusEvents(ServiceBusSender? sender) : IIntegrationEvents
{
    /// <summary>How long one event may take with all its repeats. Whoever publishes has more to do and comes again.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public bool IsConfigured => sender is not null;

    /// <inheritdoc/>
    public async Task Publish(IntegrationEvent integrationEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(integrationEvent);
        if (sender is null)
        {
            return;
        }

        var message = Message(integrationEvent);
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(Budget);
        try
        {
            await sender.SendMessageAsync(message, budget.Token);
        }
        catch (Exception exception) when (exception is not ServiceBusLimitException && !cancellationToken.IsCancellationRequested)
        {
            // A refusal is no different from an outage here: the operator puts the role or the topic right, and the event still has to go.
            var cause = exception is RequestFailedException { Status: > 0 and var status } ? status.ToString(CultureInfo.InvariantCulture) : exception.GetType().Name;
            throw new EventNotPublishedException($"An event of type {integrationEvent.Type} was not published.", cause, exception);
        }
    }

    private static ServiceBusMessage Message(IntegrationEvent integrationEvent) => new(new BinaryData(integrationEvent.ToJson()))
    {
        MessageId = integrationEvent.Id,
        Subject = integrationEvent.Type,
        CorrelationId = integrationEvent.Subject,
        ContentType = "application/json",
        ApplicationProperties = { ["tenant"] = integrationEvent.Tenant.ToString() },
    };
}
