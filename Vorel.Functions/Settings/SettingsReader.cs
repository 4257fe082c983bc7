using System.Buffers;
using Microsoft.Extensions.Configuration;
using Vorel.Azure.Queues;
using Vorel.Azure.Tables;
using Vorel.Core;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security;
using Vorel.Core.Security.ApiKeys;
using Vorel.Core.Security.Egress;
using Vorel.Core.Security.Envelopes;

namespace Vorel.Functions.Settings;

/// <summary>
/// Reads the settings from the environment (app settings, in Azure) and finds every fault at once, one line each, so that
/// a wrong set is put right in one go. A line names the setting and the rule, never the value.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private static readonly string[] s_azureMarks = ["WEBSITE_SITE_NAME", "CONTAINER_APP_NAME", "IDENTITY_ENDPOINT"];
    private static readonly string[] s_developmentOnly = [DevelopmentHosts.SettingName, ProviderOrigins.SettingName, KeyVaultSettings.DevelopmentTokenName, "VOREL_OPERATOR_TOKEN", "VOREL_CLOCK_URL"];
    private static readonly SearchValues<char> s_lowerHex = SearchValues.Create("0123456789abcdef");
    private readonly List<string> _faults = [];

    /// <summary>The settings, or null and why.</summary>
    public static HandlerSettings? Read(IConfiguration configuration, out IReadOnlyList<string> faults)
    {
        var reader = new SettingsReader(configuration);
        var settings = reader.ReadAll();
        faults = reader._faults;
        return reader._faults.Count == 0 ? settings : null;
    }

    private HandlerSettings ReadAll()
    {
        RefuseDevelopmentUnderAzure();
        return new HandlerSettings
        {
            Port = Port("FUNCTIONS_CUSTOMHANDLER_PORT"),
            WorkerId = configuration["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] ?? "none",
            Runtime = configuration["FUNCTIONS_WORKER_RUNTIME"] ?? "none",
            StorageConnection = Storage("AzureWebJobsStorage"),
            Events = EventsSettings.Read(configuration, _faults),
            DevelopmentHosts = Hosts(DevelopmentHosts.SettingName),
            ProviderOrigins = Origins(ProviderOrigins.SettingName),
            OwnHosts = OwnHosts("VOREL_PUBLIC_BASE_URL", out var publicBaseUrl),
            PublicBaseUrl = publicBaseUrl,
            OAuthApps = OAuthSettings.Read(configuration, _faults),
            OperatorTokenHash = Hash("VOREL_OPERATOR_TOKEN"),
            ClockUrl = Url("VOREL_CLOCK_URL"),
            KeyWrapper = KeyVaultSettings.Read(configuration, _faults),
            EncryptionRoot = IsOptional(LocalEnvelopeProtector.SettingName) ? null : Secret(LocalEnvelopeProtector.SettingName),
            ApiKeyPepper = Secret(ApiKeyHasher.SettingName),
            IndexRoot = Secret(IndexKey.SettingName),
            Timings = Timings(out var attemptTimeout),
            AttemptTimeout = attemptTimeout,
        };
    }

    private void RefuseDevelopmentUnderAzure()
    {
        if (Array.Find(s_azureMarks, mark => configuration[mark] is not null) is not { } found)
        {
            return;
        }

        _faults.AddRange(s_developmentOnly
            .Where(name => configuration[name] is not null)
            .Select(name => $"{name} is for development and must not be set under Azure ({found} is there): remove it."));
    }

    private int Port(string name)
    {
        if (int.TryParse(configuration[name], out var port) && port is > 0 and < 65536)
        {
            return port;
        }

        _faults.Add($"{name} must be a port: this process is started by a Functions host, which sets it.");
        return 0;
    }

    private string Storage(string name)
    {
        if (configuration[name] is not { Length: > 0 } connection)
        {
            _faults.Add($"{name} is missing: it must be the connection string of the storage account.");
            return "";
        }

        try
        {
            // Nobody is called here: the clients only read the text, and their messages repeat nothing of it.
            _ = new TableServiceClient(connection);
            _ = new QueueServiceClient(connection);
        }
        catch (FormatException exception)
        {
            _faults.Add($"{name} is no connection string. {exception.Message}");
        }

        return connection;
    }

    private DevelopmentHosts Hosts(string name)
    {
        try
        {
            return DevelopmentHosts.Parse(configuration[name] ?? "");
        }
        catch (InvalidOperationException)
        {
            _faults.Add($"{name} must be a list of exact host:port, split by commas.");
            return DevelopmentHosts.None;
        }
    }

    private ProviderOrigins Origins(string name)
    {
        try
        {
            return ProviderOrigins.Parse(configuration[name] ?? "");
        }
        catch (FormatException exception)
        {
            _faults.Add($"{name} is malformed. {exception.Message}");
            return ProviderOrigins.Public;
        }
    }

    private HashSet<string> OwnHosts(string name, out Uri? publicBaseUrl)
    {
        publicBaseUrl = null;
        var hosts = new HashSet<string>(StringComparer.Ordinal);
        if (configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } given)
        {
            // The name that Azure gave the app, which answers beside any name of our own.
            hosts.Add(given.Split(':')[0].ToLowerInvariant());
        }

        if (configuration[name] is not { } text)
        {
            return hosts;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url is { Scheme: "http", IsLoopback: true })
            && url is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" })
        {
            hosts.Add(url.IdnHost.ToLowerInvariant());
            publicBaseUrl = url;
        }
        else
        {
            _faults.Add($"{name} must be our own public address, https:// and a host without a path; http on loopback alone.");
        }

        return hosts;
    }

    private byte[]? Hash(string name)
    {
        if (configuration[name] is not { } text)
        {
            return null;
        }

        if (text.Length == 64 && !text.AsSpan().ContainsAnyExcept(s_lowerHex))
        {
            return Convert.FromHexString(text);
        }

        _faults.Add($"{name} must be the lower-case hex SHA-256 of the token.");
        return null;
    }

    private Uri? Url(string name)
    {
        if (configuration[name] is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { IsLoopback: true, Scheme: "http" })
        {
            return url;
        }

        _faults.Add($"{name} must be an http address on loopback.");
        return null;
    }

    // With a vault it only opens what was sealed before there was one.
    private bool IsOptional(string name) => string.IsNullOrEmpty(configuration[name]) && KeyVaultSettings.IsSet(configuration);

    private RootSecret Secret(string name)
    {
        try
        {
            return RootSecret.Parse(name, configuration[name]);
        }
        catch (SecretSettingException exception)
        {
            _faults.Add(exception.Message);
            return null!;
        }
    }

    private Timings Timings(out TimeSpan attemptTimeout)
    {
        var standard = new Timings();
        var timings = new Timings
        {
            IntentDelay = Span("IntentDelay", standard.IntentDelay),
            CommitBudget = Span("CommitBudget", standard.CommitBudget),
            MirrorCheckDelay = Span("MirrorCheckDelay", standard.MirrorCheckDelay),
            AttemptClaim = Span("AttemptClaim", standard.AttemptClaim),
            PoisonRest = Span("PoisonRest", standard.PoisonRest),
        };
        attemptTimeout = Span("AttemptTimeout", TimeSpan.FromSeconds(10));
        if (timings.IntentDelay <= timings.CommitBudget)
        {
            _faults.Add("Vorel__IntentDelay must be longer than Vorel__CommitBudget: an intent must not show before its write is over.");
        }

        if (timings.AttemptClaim <= attemptTimeout)
        {
            _faults.Add("Vorel__AttemptClaim must be longer than Vorel__AttemptTimeout: an attempt must not be taken over while it is being made.");
        }

        return timings;
    }

    private TimeSpan Span(string name, TimeSpan standard)
    {
        if (configuration[$"Vorel:{name}"] is not { } text)
        {
            return standard;
        }

        if (TimeSpan.TryParseExact(text, "c", formatProvider: null, out var span) && span > TimeSpan.Zero && span < TimeSpan.FromDays(1))
        {
            return span;
        }

        _faults.Add($"Vorel__{name} must be a span like 00:01:00, above zero and below a day.");
        return standard;
    }
}
