using System.Text.RegularExpressions;

namespace Vorel.LocalHost.Configuration;

/// <summary>The app's settings: what the command line gave, then the host's own environment.</summary>
internal sealed partial class AppSettings(LocalHostOptions options)
{
    private const string AllowedHosts = "VOREL_DEV_ALLOWED_HOSTS";

    /// <summary>The settings of the command line, storage connections included; the handler gets them in its environment.</summary>
    public IReadOnlyDictionary<string, string> Given { get; } = new Dictionary<string, string>(options.Settings, StringComparer.Ordinal)
    {
        ["AzureWebJobsStorage"] = options.Storage,
        ["DurableStorage"] = options.DurableStorage,
        ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
    };

    /// <summary>
    /// What the handler gets in its environment. Its egress guard refuses loopback addresses, so the sandbox's is put on the
    /// list of exact development addresses, beside those that the host was given.
    /// </summary>
    public IReadOnlyDictionary<string, string> ForHandler(Uri sandbox) => new Dictionary<string, string>(Given, StringComparer.Ordinal)
    {
        [AllowedHosts] = string.Join(',', new[] { Find(AllowedHosts), sandbox.Authority }.Where(hosts => !string.IsNullOrEmpty(hosts))),
    };

    public string? Find(string name) => Given.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name);

    /// <summary>The connection string behind a binding's <c>connection</c>: setting AzureWebJobs{name}, then {name}; AzureWebJobsStorage where it names none.</summary>
    /// <exception cref="InvalidDataException">There is no such setting.</exception>
    public string Connection(string? name) => string.IsNullOrEmpty(name)
        ? Connection("Storage")
        : Find($"AzureWebJobs{name}") ?? Find(name) ?? throw new InvalidDataException($"The connection '{name}' of a binding names no setting.");

    /// <summary>Replaces every <c>%NAME%</c> by the setting of that name; texts of function.json may be written so.</summary>
    /// <exception cref="InvalidDataException">There is no such setting.</exception>
    public string Expand(string text) => Setting().Replace(
        text, match => Find(match.Groups["name"].Value) ?? throw new InvalidDataException($"{match.Value} in function.json names no setting."));

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Setting();
}
