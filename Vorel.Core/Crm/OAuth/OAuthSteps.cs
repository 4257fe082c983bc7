using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.OAuth;

/// <summary>A link that may be opened once, by whoever signs in.</summary>
/// <param name="Ticket">What the link proves itself by.</param>
/// <param name="ExpiresAt">When it is over.</param>
public sealed record OAuthLink(string Ticket, DateTimeOffset ExpiresAt)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(OAuthLink);
}

/// <summary>Where a browser is sent to sign in.</summary>
/// <param name="Address">The provider's page.</param>
/// <param name="Cookie">What the browser has to bring back.</param>
public sealed record OAuthDeparture(Uri Address, string Cookie)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(OAuthDeparture);
}

/// <summary>What a browser brings back from a provider. All of it anybody can write.</summary>
/// <param name="State">What we sent along.</param>
/// <param name="Cookie">What we gave the browser.</param>
public sealed record OAuthReturn(string? State, string? Cookie)
{
    /// <summary>What tokens are exchanged for.</summary>
    public string? Code { get; init; }

    /// <summary>What went wrong at the provider, in its word (RFC 6749, 4.1.2.1).</summary>
    public string? Error { get; init; }

    /// <summary>The data centre by its name, where the provider has several.</summary>
    public string? Location { get; init; }

    /// <summary>The data centre by the origin of its accounts server.</summary>
    public string? AccountsServer { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(OAuthReturn);
}

/// <summary>A sign-in that led to tokens.</summary>
/// <param name="Provider">Where.</param>
/// <param name="Result">What became of the connection.</param>
public sealed record OAuthArrival(CrmProvider Provider, ConnectResult Result);
