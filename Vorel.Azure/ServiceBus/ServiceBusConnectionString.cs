namespace Vorel.Azure.ServiceBus;

/// <summary>What a Service Bus connection string says. Its exceptions never repeat a value of it.</summary>
internal sealed class ServiceBusConnectionString
{
    private ServiceBusConnectionString(ConnectionStringParts parts)
    {
        var emulator = parts["UseDevelopmentEmulator"] == "true";
        if (!Uri.TryCreate(parts.Required("Endpoint"), UriKind.Absolute, out var endpoint)
            || endpoint is not { Scheme: "sb", AbsolutePath: "/" or "", Query: "", Fragment: "", UserInfo: "" }
            || (emulator && !endpoint.IsLoopback))
        {
            throw new FormatException(
                "The Endpoint of the Service Bus connection string must be sb:// and a host; with UseDevelopmentEmulator, one on loopback.");
        }

        Endpoint = new Uri($"{(emulator ? "http" : "https")}://{endpoint.Authority}/");
        KeyName = parts.Required("SharedAccessKeyName");
        Key = parts.Required("SharedAccessKey");
        EntityPath = parts["EntityPath"];
    }

    /// <summary>Where requests go: https, or http on loopback where <c>UseDevelopmentEmulator=true</c> says so.</summary>
    public Uri Endpoint { get; }

    /// <summary>The name of the shared access policy.</summary>
    public string KeyName { get; }

    /// <summary>Its key. The text itself is the key: it looks like base64 and is not decoded.</summary>
    public string Key { get; }

    /// <summary>The one queue or topic that the policy is for, or null if it is for the namespace.</summary>
    public string? EntityPath { get; }

    /// <exception cref="FormatException">A part is malformed or missing.</exception>
    public static ServiceBusConnectionString Parse(string connectionString) => new(new ConnectionStringParts("Service Bus", connectionString));
}
