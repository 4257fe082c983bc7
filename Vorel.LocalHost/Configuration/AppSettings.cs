namespace Vorel.LocalHost.Configuration;

/// <summary>The app's settings: what the command line gave, then the host's own environment.</summary>
internal sealed class AppSettings(LocalHostOptions options)
{
    /// <summary>The settings of the command line, storage connections included; the handler gets them in its environment.</summary>
    public IReadOnlyDictionary<string, string> Given { get; } = new Dictionary<string, string>(options.Settings, StringComparer.Ordinal)
    {
        ["AzureWebJobsStorage"] = options.Storage,
        ["DurableStorage"] = options.DurableStorage,
        ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
    };

    public string? Find(string name) => Given.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name);

    /// <summary>The connection string behind a binding's <c>connection</c>: setting AzureWebJobs{name}, then {name}.</summary>
    /// <exception cref="InvalidDataException">There is no such setting.</exception>
    public string Connection(string? name) =>
        Find($"AzureWebJobs{name ?? "Storage"}") ?? Find(name ?? "AzureWebJobsStorage")
        ?? throw new InvalidDataException($"The connection '{name}' of a binding names no setting.");

    /// <summary>Replaces <c>%NAME%</c> by the setting of that name; texts of function.json may be written so.</summary>
    /// <exception cref="InvalidDataException">There is no such setting.</exception>
    public string Expand(string text) => text.Length > 2 && text[0] == '%' && text[^1] == '%'
        ? Find(text[1..^1]) ?? throw new InvalidDataException($"{text} in function.json names no setting.")
        : text;
}
