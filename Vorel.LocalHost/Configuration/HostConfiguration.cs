using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vorel.LocalHost.Configuration;

/// <summary>What of host.json the local host honours. A setting AzureFunctionsJobHost__path__with__underscores overrides a value.</summary>
internal sealed partial record HostConfiguration
{
    /// <summary>The host's reader lets comments and trailing commas pass in host.json and function.json.</summary>
    public static JsonDocumentOptions Lenient { get; } = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

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
            var json = JsonNode.Parse(File.ReadAllText(file), documentOptions: Lenient);
            var section = new Section(json as JsonObject ?? [], "AzureFunctionsJobHost", settings);
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
        return new HostConfiguration
        {
            FunctionTimeout = ReadTimeout(root.Text("functionTimeout")),
            Http = ReadHttp(extensions.Below("http"), custom),
            Handler = new HandlerDescription(
                appRoot,
                description.Text("defaultExecutablePath") ?? throw new InvalidDataException("host.json names no customHandler.description.defaultExecutablePath."),
                description.Text("workerDirectory"),
                description.Text("workingDirectory"),
                [
                    .. description.Texts("arguments").Select(root.Expand),
                    .. description.Text("defaultWorkerPath") is { } path ? [path] : Array.Empty<string>(),
                    .. description.Texts("workerArguments").Select(root.Expand),
                ],
                Span(custom.Text("initializationTimeout"), TimeSpan.FromSeconds(30))),
            Queues = ReadQueues(extensions.Below("queues")),
            Durable = ReadDurable(extensions.Below("durableTask")),
        };
    }

    private static TimeSpan? ReadTimeout(string? text) => text switch
    {
        null => TimeSpan.FromMinutes(30),
        "-1" => null,
        _ when Span(text, default) is var span && span >= TimeSpan.FromSeconds(1) => span,
        _ => throw new InvalidDataException("functionTimeout is a second at least, or -1 for none."),
    };

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
            NewBatchThreshold = Number(queues.Text("newBatchThreshold"), batch / 2 * Environment.ProcessorCount),
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
            MaxGrpcMessageSize = Number(durable.Text("maxGrpcMessageSizeInBytes"), 4 * 1024 * 1024),
            GrpcHttpClientTimeout = Span(durable.Text("grpcHttpClientTimeout"), TimeSpan.FromSeconds(100)),
        };
    }

    private static TimeSpan Span(string? text, TimeSpan fallback) =>
        text is null ? fallback : TimeSpan.Parse(text, CultureInfo.InvariantCulture);

    private static int Number(string? text, int fallback) => text is null ? fallback : int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A part of the file together with the settings that override it.</summary>
    private sealed partial record Section(JsonObject Values, string Path, Func<string, string?> Overrides)
    {
        public Section Below(string name) => new(Values[name] as JsonObject ?? [], $"{Path}__{name}", Overrides);

        public string? Text(string name) =>
            Overrides($"{Path}__{name}") ?? (Values[name] is JsonValue value ? value.ToString() : null);

        /// <summary>Replaces every <c>%NAME%</c>; one that is no setting vanishes.</summary>
        public string Expand(string text) => Variable().Replace(text, match => Overrides(match.Groups["name"].Value) ?? "");

        public IReadOnlyList<string> Texts(string name) => Values[name] is JsonArray items ? [.. items.Select(item => item!.ToString())] : [];

        [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex Variable();
    }
}
