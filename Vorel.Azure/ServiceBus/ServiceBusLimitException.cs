namespace Vorel.Azure.ServiceBus;

/// <summary>A message is over a limit of the service or cannot travel as it is. Nothing was sent. The text names the part and the rule, never the value.</summary>
public sealed class ServiceBusLimitException(string message) : ArgumentException(message);
