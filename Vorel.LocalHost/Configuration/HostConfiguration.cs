using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Configuration;

/// <summary>What of host.json the local host honours. A setting AzureFunctionsJobHost__path__with__underscores overrides a value.</summary>
internal sealed record HostConfiguration
{
    /// <summary>How long a function may take before the handler is killed; null is for ever.</summary>
    public TimeSpan? FunctionTimeout { get; private init; } = TimeSpan.FromMinutes(30);

    public required HandlerDescription Handler { get; init; }

    public HttpSettings Http { get; init; } = new();

    public QueueSettings Queues { get; private init; } = new();

    public DurableSettings Durable { get; private init; } = new();

    /// <summary>Reads the file under <paramref name="appRoot"/>; <paramref name="settings"/> looks a setting up by name.</summary>
    /// <exception cref="InvalidDataException">The file would stop the real host at its start; the message says why.</exception>
    public static HostConfiguration Load(string appRoot, Func<string, string?> settings)
    {
        var file = Path.Combine(appRoot, "host.json");
        if (!File.Exists(file))
        {
            throw new InvalidDataException($"{file} does not exist: is this the published app?");
        }

        try
        {
            var section = new Section(JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? [], "AzureFunctionsJobHost", settings);
            return section.Text("version") == "2.0" ? Read(appRoot, section) : throw new InvalidDataException("The version in host.json must be \"2.0\".");
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new InvalidDataException($"host.json cannot be read: {error.Message}", error);
        }
    }

    private static HostConfiguration Read(string appRoot, Section root)
    {
        var custom = root.Below("customHandler");
        var description = custom.Below("description");
        var extensions = root.Below("extensions");
        var timeout = root.Text("functionTimeout");
        return new HostConfiguration
        {
            FunctionTimeout = timeout == "-1" ? null : Span(timeout, TimeSpan.FromMinutes(30)),
            Http = ReadHttp(extensions.Below("http"), custom),
            Handler = HandlerDescription.From(
                appRoot,
                description.Text("defaultExecutablePath") ?? throw new InvalidDataException("host.json names no customHandler.description.defaultExecutablePath."),
                description.Text("workingDirectory"),
                description.Texts("arguments"),
                Span(custom.Text("initializationTimeout"), TimeSpan.FromSeconds(30))),
            Queues = ReadQueues(extensions.Below("queues")),
            Durable = ReadDurable(extensions.Below("durableTask")),
        };
    }

    private static HttpSettings ReadHttp(Section http, Section custom)
    {
        return new HttpSettings
        {
            RoutePrefix = (http.Text("routePrefix") ?? "api").Trim('/'),
            MaxConcurrentRequests = Limit("maxConcurrentRequests"),
            MaxOutstandingRequests = Limit("maxOutstandingRequests"),
            Mode = IsSet("enableProxyingHttpRequest") ? HttpMode.Proxying : IsSet("enableForwardingHttpRequest") ? HttpMode.Forwarding : HttpMode.Envelope,
        };

        bool IsSet(string name) => string.Equals(custom.Text(name), "true", StringComparison.OrdinalIgnoreCase);

        int? Limit(string name) => Number(http.Text(name), -1) switch
        {
            -1 => null,
            > 0 and var limit => limit,
            _ => throw new InvalidDataException($"http.{name} is -1, for no limit, or at least 1."),
        };
    }

    private static QueueSettings ReadQueues(Section queues)
    {
        var batch = Number(queues.Text("batchSize"), 16);
        return new QueueSettings
        {
            BatchSize = batch is >= 1 and <= 32 ? batch : throw new InvalidDataException("queues.batchSize is between 1 and 32."),
            NewBatchThreshold = Number(queues.Text("newBatchThreshold"), batch / 2),
            MaxDequeueCount = Number(queues.Text("maxDequeueCount"), 5),
            VisibilityTimeout = Span(queues.Text("visibilityTimeout"), TimeSpan.Zero),
            MaxPollingInterval = Span(queues.Text("maxPollingInterval"), TimeSpan.FromMinutes(1)),
            Base64 = !string.Equals(queues.Text("messageEncoding"), "none", StringComparison.OrdinalIgnoreCase),
        };
    }

    private static DurableSettings ReadDurable(Section durable)
    {
        var storage = durable.Below("storageProvider");
        return new DurableSettings
        {
            HubName = durable.Text("hubName") ?? "TestHubName",
            ConnectionName = storage.Text("connectionName") ?? "AzureWebJobsStorage",
            MaxConcurrentActivities = Number(durable.Text("maxConcurrentActivityFunctions"), 10 * Environment.ProcessorCount),
            MaxConcurrentOrchestrators = Number(durable.Text("maxConcurrentOrchestratorFunctions"), 10 * Environment.ProcessorCount),
        };
    }

    private static TimeSpan Span(string? text, TimeSpan fallback) =>
        text is null ? fallback : TimeSpan.Parse(text, CultureInfo.InvariantCulture);

    private static int Number(string? text, int fallback) => text is null ? fallback : int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A part of the file together with the settings that override it.</summary>
    private sealed record Section(JsonObject Values, string Path, Func<string, string?> Overrides)
    {
        public Section Below(string name) => new(Values[name] as JsonObject ?? [], $"{Path}__{name}", Overrides);

        public string? Text(string name) =>
            Overrides($"{Path}__{name}") ?? (Values[name] is JsonValue value ? value.ToString() : null);

        public IReadOnlyList<string> Texts(string name) => Values[name] is JsonArray items ? [.. items.Select(item => item!.ToString())] : [];
    }
}
