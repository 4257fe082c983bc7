using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.ServiceBus;

/// <summary>One Service Bus namespace, over its REST interface. Shapes are those of Azure.Messaging.ServiceBus.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/servicebus/service-bus-runtime-rest</remarks>
public sealed class ServiceBusClient
{
    private const string Scope = "https://servicebus.azure.net/.default";

    private readonly HttpPipeline _pipeline;
    private readonly Uri _endpoint;
    private readonly string? _onlyEntity;

    /// <summary>Takes address, policy and key from a connection string. Production uses a token credential instead.</summary>
    /// <exception cref="FormatException">The connection string is malformed; the message repeats nothing of it.</exception>
    public ServiceBusClient(string connectionString, ServiceBusClientOptions? options = null)
        : this(ServiceBusConnectionString.Parse(connectionString), options)
    {
    }

    /// <summary>Authenticates with Entra tokens. The identity needs the role Azure Service Bus Data Sender.</summary>
    /// <param name="fullyQualifiedNamespace">The host name, <c>{namespace}.servicebus.windows.net</c>.</param>
    /// <param name="credential">Where tokens come from.</param>
    /// <param name="options">Retries and transport.</param>
    /// <exception cref="FormatException">The name is no host name.</exception>
    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential, ServiceBusClientOptions? options = null)
        : this(EndpointOf(fullyQualifiedNamespace), new BearerTokenAuthenticationPolicy(credential, Scope), options)
    {
    }

    private ServiceBusClient(ServiceBusConnectionString connection, ServiceBusClientOptions? options)
        : this(connection.Endpoint, new SharedAccessSignaturePolicy(connection.KeyName, connection.Key), options)
    {
        _onlyEntity = connection.EntityPath;
    }

    private ServiceBusClient(Uri endpoint, HttpPipelinePolicy authentication, ServiceBusClientOptions? options)
    {
        _endpoint = endpoint;
        _pipeline = HttpPipelineBuilder.Build(options ?? new ServiceBusClientOptions(), [], [authentication], responseClassifier: null);
    }

    /// <summary>The host name, with the port where it is not the usual one.</summary>
    public string FullyQualifiedNamespace => _endpoint.Authority;

    /// <summary>A sender to one queue or topic, which need not exist.</summary>
    /// <exception cref="ArgumentException">The name is not one of a queue or topic, or not the one of the connection string's EntityPath.</exception>
    public ServiceBusSender CreateSender(string queueOrTopicName)
    {
        ServiceBusLimits.CheckEntity(queueOrTopicName);
        return _onlyEntity is null || string.Equals(_onlyEntity, queueOrTopicName, StringComparison.OrdinalIgnoreCase)
            ? new ServiceBusSender(_pipeline, _endpoint, queueOrTopicName)
            : throw new ArgumentException("The connection string is for another queue or topic.", nameof(queueOrTopicName));
    }

    private static Uri EndpointOf(string fullyQualifiedNamespace)
    {
        ArgumentException.ThrowIfNullOrEmpty(fullyQualifiedNamespace);
        return Uri.TryCreate($"https://{fullyQualifiedNamespace}/", UriKind.Absolute, out var endpoint)
            && string.Equals(endpoint.Authority, fullyQualifiedNamespace, StringComparison.OrdinalIgnoreCase)
            ? endpoint
            : throw new FormatException("A Service Bus namespace is named by its host name, like vorel.servicebus.windows.net.");
    }
}
