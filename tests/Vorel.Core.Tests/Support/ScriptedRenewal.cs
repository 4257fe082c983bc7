using System.Text.Json;
using Vorel.Core.Crm;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Tests.Support;

/// <summary>A provider's token endpoint: it knows which refresh token is good, gives out numbered tokens, and does what a test says before it answers.</summary>
internal sealed class ScriptedRenewal
{
    private int _calls;

    /// <summary>How often it was asked.</summary>
    public int Calls => _calls;

    /// <summary>Whether it gives a new refresh token each time, after which the one before is refused.</summary>
    public bool Rotates { get; set; }

    /// <summary>The refresh token that is good; null takes any.</summary>
    public string? Good { get; set; }

    /// <summary>How long its access tokens live.</summary>
    public TimeSpan? Lifetime { get; set; }

    /// <summary>What it says that it granted.</summary>
    public IReadOnlyList<string>? Scopes { get; set; }

    /// <summary>Runs before it takes a call of this number, from 1.</summary>
    public Func<int, CancellationToken, Task>? Before { get; set; }

    /// <summary>Runs after it has given a token out, before its answer arrives.</summary>
    public Func<int, Task>? After { get; set; }

    public async Task<TokenGrant> Renew(CrmProvider provider, JsonElement credentials, CancellationToken cancellationToken)
    {
        var call = Interlocked.Increment(ref _calls);
        var spent = credentials.TryGetProperty("refresh_token", out var token) ? token.GetString() : null;
        await (Before?.Invoke(call, cancellationToken) ?? Task.CompletedTask);
        if (Good is { } good && spent != good)
        {
            throw new CrmException(CrmErrorCode.RefreshFailed, "The provider refused the refresh token.", retryable: false);
        }

        var next = Rotates ? $"refresh-{call}" : null;
        Good = next ?? Good;
        await (After?.Invoke(call) ?? Task.CompletedTask);
        return new TokenGrant($"access-{call}", next, Lifetime, Scopes, new Dictionary<string, string>());
    }
}
