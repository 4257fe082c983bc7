using Azure.Identity;
using Vorel.Azure.ServiceBus;

namespace Vorel.Functions.Settings;

/// <summary>
/// Where events for the operator's own systems go, if anywhere: by a connection string, or by the app's own identity and the namespace's
/// name, as the settings of a Functions connection are spelled.
/// </summary>
internal static class EventsSettings
{
    private const string ConnectionName = "ServiceBusConnection";
    private const string NamespaceName = "ServiceBusConnection__fullyQualifiedNamespace";
    private const string TopicName = "Vorel__EventsTopic";

    /// <summary>The topic, or null where none is configured or what is configured is faulty. Nobody is called.</summary>
    public static ServiceBusSender? Read(IConfiguration configuration, ICollection<string> faults)
    {
        var client = Client(Value(configuration, ConnectionName), Value(configuration, NamespaceName), faults);
        try
        {
            return client?.CreateSender(Value(configuration, TopicName) ?? "vorel-events");
        }
        catch (ArgumentException)
        {
            faults.Add($"{TopicName} must be the name of a topic: letters, digits, dots, hyphens, underscores; the one of the connection string if that names one.");
            return null;
        }
    }

    private static ServiceBusClient? Client(string? connection, string? fullyQualifiedNamespace, ICollection<string> faults)
    {
        try
        {
            switch (connection, fullyQualifiedNamespace)
            {
                case (null, null):
                    return null;
                case (not null, null):
                    return new ServiceBusClient(connection);
                case (null, not null):
                    return new ServiceBusClient(fullyQualifiedNamespace, new DefaultAzureCredential());
                default:
                    faults.Add($"{ConnectionName} and {NamespaceName} exclude each other: remove one.");
                    return null;
            }
        }
        catch (FormatException exception)
        {
            faults.Add($"{(connection is null ? NamespaceName : ConnectionName)} is malformed. {exception.Message}");
            return null;
        }
    }

    private static string? Value(IConfiguration configuration, string name) =>
        configuration[name.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } text ? text : null;
}
