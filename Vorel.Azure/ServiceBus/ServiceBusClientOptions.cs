namespace Vorel.Azure.ServiceBus;

/// <summary>Options of the Service Bus client.</summary>
public sealed class ServiceBusClientOptions : ServiceClientOptions;
