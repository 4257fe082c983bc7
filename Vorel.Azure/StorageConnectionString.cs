namespace Vorel.Azure;

/// <summary>What a storage connection string says. Its exceptions never repeat a value of it.</summary>
internal sealed class StorageConnectionString
{
    private const string DevelopmentStorage =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + "QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;TableEndpoint=http://127.0.0.1:10002/devstoreaccount1";

    private readonly ConnectionStringParts _parts;

    private StorageConnectionString(ConnectionStringParts parts)
    {
        _parts = parts;
        Credential = new StorageSharedKeyCredential(parts.Required("AccountName"), parts.Required("AccountKey"));
    }

    public StorageSharedKeyCredential Credential { get; }

    public Uri TableEndpoint => Endpoint("TableEndpoint", "table");

    public Uri QueueEndpoint => Endpoint("QueueEndpoint", "queue");

    /// <exception cref="FormatException">A part is malformed or missing.</exception>
    public static StorageConnectionString Parse(string connectionString)
    {
        var parts = new ConnectionStringParts("storage", connectionString);
        return parts["UseDevelopmentStorage"] == "true" ? Parse(DevelopmentStorage) : new StorageConnectionString(parts);
    }

    private Uri Endpoint(string name, string service)
    {
        var text = _parts[name]
            ?? $"{_parts["DefaultEndpointsProtocol"] ?? "https"}://{Credential.AccountName}.{service}." + (_parts["EndpointSuffix"] ?? "core.windows.net");
        return Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            ? endpoint
            : throw new FormatException($"The {name} of the storage connection string is not an absolute URL.");
    }
}
