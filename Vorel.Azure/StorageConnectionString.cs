namespace Vorel.Azure;

/// <summary>What a storage connection string says. Its exceptions never repeat a value of it.</summary>
internal sealed class StorageConnectionString
{
    private const string DevelopmentStorage =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + "QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;TableEndpoint=http://127.0.0.1:10002/devstoreaccount1";

    private readonly Dictionary<string, string> _parts;

    private StorageConnectionString(Dictionary<string, string> parts)
    {
        _parts = parts;
        Credential = new StorageSharedKeyCredential(Required("AccountName"), Required("AccountKey"));
    }

    public StorageSharedKeyCredential Credential { get; }

    public Uri TableEndpoint => Endpoint("TableEndpoint", "table");

    public Uri QueueEndpoint => Endpoint("QueueEndpoint", "queue");

    /// <exception cref="FormatException">A part is malformed or missing.</exception>
    public static StorageConnectionString Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !parts.TryAdd(part[..equals], part[(equals + 1)..]))
            {
                throw new FormatException("A part of the storage connection string is not of the form name=value, or is given twice.");
            }
        }

        return parts.GetValueOrDefault("UseDevelopmentStorage") == "true" ? Parse(DevelopmentStorage) : new StorageConnectionString(parts);
    }

    private Uri Endpoint(string name, string service)
    {
        var text = _parts.TryGetValue(name, out var explicitly)
            ? explicitly
            : $"{_parts.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{Credential.AccountName}.{service}."
                + _parts.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        return Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            ? endpoint
            : throw new FormatException($"The {name} of the storage connection string is not an absolute URL.");
    }

    private string Required(string name) => _parts.TryGetValue(name, out var value)
        ? value
        : throw new FormatException($"The storage connection string has no {name}.");
}
