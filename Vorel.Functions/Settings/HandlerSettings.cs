using Vorel.Azure.ServiceBus;
using Vorel.Core;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security;
using Vorel.Core.Security.Egress;
using Vorel.Core.Security.Envelopes;

namespace Vorel.Functions.Settings;

/// <summary>Everything the handler is told from outside, validated. Names and rules are those of <see cref="SettingsReader"/>.</summary>
internal sealed record HandlerSettings
{
    /// <summary>The loopback port to listen on; 0 picks a free one.</summary>
    public required int Port { get; init; }

    /// <summary>The id of this process start.</summary>
    public required string WorkerId { get; init; }

    /// <summary>What the host says the runtime is; Durable speaks our protocol only to <c>custom</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>Where tables and queues are.</summary>
    public required string StorageConnection { get; init; }

    /// <summary>The topic that the operator's own systems hear of events by, or null where there is none.</summary>
    public ServiceBusSender? Events { get; init; }

    /// <summary>The vault's key that envelopes are sealed with, or null where there is none.</summary>
    public IKeyWrapper? KeyWrapper { get; init; }

    /// <summary>The root of local envelopes; null where there is a vault's key, and nothing is left that was sealed without.</summary>
    public required RootSecret? EncryptionRoot { get; init; }

    /// <summary>The key of the API keys' hashes.</summary>
    public required RootSecret ApiKeyPepper { get; init; }

    /// <summary>The root of the tenants' index keys.</summary>
    public required RootSecret IndexRoot { get; init; }

    /// <summary>Exact <c>host:port</c> addresses that may be loopback and plain http, in development alone.</summary>
    public DevelopmentHosts DevelopmentHosts { get; init; } = DevelopmentHosts.None;

    /// <summary>The stand-ins for providers' own addresses, in development alone.</summary>
    public ProviderOrigins ProviderOrigins { get; init; } = ProviderOrigins.Public;

    /// <summary>The hosts we answer at ourselves; nobody's webhook may lead there.</summary>
    public IReadOnlySet<string> OwnHosts { get; init; } = new HashSet<string>();

    /// <summary>Our own public origin, or null where none is configured.</summary>
    public Uri? PublicBaseUrl { get; init; }

    /// <summary>Our own apps at the providers that somebody signs in to.</summary>
    public OAuthApps OAuthApps { get; init; } = OAuthApps.None;

    /// <summary>The SHA-256 of the development operator token, or null.</summary>
    public byte[]? OperatorTokenHash { get; init; }

    /// <summary>Where the domain clock is served, or null for the system's.</summary>
    public Uri? ClockUrl { get; init; }

    /// <summary>The spans of real time that the flows run by.</summary>
    public Timings Timings { get; init; } = new();

    /// <summary>How long one delivery attempt may take in all.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override string ToString() => nameof(HandlerSettings);
}
