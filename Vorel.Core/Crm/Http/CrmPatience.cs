namespace Vorel.Core.Crm.Http;

/// <summary>How long and how often a provider is asked, as data: one set for all providers that are called over HTTP.</summary>
internal sealed record CrmPatience
{
    /// <summary>What applies outside of tests.</summary>
    public static CrmPatience Default { get; } = new();

    /// <summary>For one try: name, connection, TLS, headers and body.</summary>
    public TimeSpan Try { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For one verb of a driver with all its calls, tries and waits: less than the minute in which an activity ends itself.</summary>
    public TimeSpan Verb { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How often a call is repeated that may be.</summary>
    public int Repeats { get; init; } = 2;

    /// <summary>The wait before the first repeat where the provider asks for none; it doubles, and is spread at random.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait inside of a call. Who has to wait longer is told so instead.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Over which span it is watched how many tries of an account find its provider away.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From how many tries within that span on half of them being in vain means that the provider is down.</summary>
    public int DownAfter { get; init; } = 10;

    /// <summary>For how long a provider that is down is not called at all.</summary>
    public TimeSpan DownFor { get; init; } = TimeSpan.FromSeconds(15);
}
