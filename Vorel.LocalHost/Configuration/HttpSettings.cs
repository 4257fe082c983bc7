namespace Vorel.LocalHost.Configuration;

/// <summary>host.json, <c>extensions.http</c>, and what <c>customHandler</c> says of HTTP.</summary>
internal sealed record HttpSettings
{
    /// <summary>The prefix of every function's route; the default of Functions is "api".</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>How many HTTP functions run at once, further calls wait; null for no limit.</summary>
    public int? MaxConcurrentRequests { get; init; }

    /// <summary>How many calls run and wait together, further ones get 429; null for no limit.</summary>
    public int? MaxOutstandingRequests { get; init; }

    public HttpMode Mode { get; init; }

    /// <summary>How long a proxied call may go without a byte in either direction.</summary>
    public TimeSpan ProxyInactivity { get; init; } = TimeSpan.FromSeconds(240);
}
