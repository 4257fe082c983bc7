using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;

namespace Vorel.Fakes.HubSpot;

/// <summary>Codes, access tokens and refresh tokens: what they are good for, and for how long.</summary>
public sealed class HubSpotTokens
{
    /// <summary>How long an access token is good for.</summary>
    public static readonly TimeSpan AccessLife = TimeSpan.FromMinutes(30);

    /// <summary>How long a code is good for.</summary>
    public static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, HubSpotCode> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HubSpotGrant> _grants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HubSpotAccess> _access = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _secrets = new();

    internal HubSpotTokens(TimeProvider time) => _time = time;

    /// <summary>Whether a refresh gives a new refresh token, and the old one is dead at once.</summary>
    public bool RotatesRefreshTokens { get; set; }

    /// <summary>Every code, access token and refresh token that was ever given out: none of them may be found anywhere.</summary>
    public IReadOnlyCollection<string> Secrets => [.. _secrets];

    /// <summary>The refresh tokens that are good now.</summary>
    public IReadOnlyCollection<string> Living => [.. _grants.Keys];

    /// <summary>Gives out tokens without the pages, for a test that has its own way of connecting.</summary>
    public (string Access, string Refresh) Issue(params IEnumerable<string> scopes)
    {
        var (refresh, grant) = NewGrant([.. scopes]);
        return (NewAccess(grant, refresh), refresh);
    }

    /// <summary>Every access token is over from now on; refresh tokens are not.</summary>
    public void ExpireAccessTokens()
    {
        foreach (var (token, access) in _access)
        {
            _access[token] = access with { Expires = _time.GetUtcNow() };
        }
    }

    /// <summary>The account removes the app: every token is dead.</summary>
    public void Uninstall()
    {
        _grants.Clear();
        _access.Clear();
        _codes.Clear();
    }

    internal string NewCode(string redirectUri, string[] scopes, string? challenge)
    {
        var code = Secret("na1-" + Guid.NewGuid());
        _codes[code] = new HubSpotCode(redirectUri, scopes, challenge, _time.GetUtcNow() + CodeLife);
        return code;
    }

    internal HubSpotCode? TakeCode(string code) => _codes.TryRemove(code, out var found) ? found : null;

    internal bool IsOver(HubSpotCode code) => code.Expires <= _time.GetUtcNow();

    internal (string Refresh, HubSpotGrant Grant) NewGrant(string[] scopes)
    {
        var (refresh, grant) = (NewRefresh(), new HubSpotGrant(scopes));
        _grants[refresh] = grant;
        return (refresh, grant);
    }

    /// <summary>The refresh token that follows on one; null if it is unknown or dead.</summary>
    internal (string Refresh, HubSpotGrant Grant)? Refresh(string token)
    {
        if (!RotatesRefreshTokens)
        {
            return _grants.TryGetValue(token, out var grant) ? (token, grant) : null;
        }

        if (!_grants.TryRemove(token, out var rotated))
        {
            return null;
        }

        var next = NewRefresh();
        _grants[next] = rotated;
        return (next, rotated);
    }

    internal string NewAccess(HubSpotGrant grant, string refresh)
    {
        var token = Secret("CK" + WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(72)));
        _access[token] = new HubSpotAccess(grant, refresh, _time.GetUtcNow() + AccessLife);
        return token;
    }

    internal HubSpotAccess? Access(string token) => _access.GetValueOrDefault(token);

    internal HubSpotGrant? Grant(string refresh) => _grants.GetValueOrDefault(refresh);

    /// <summary>A refresh token dies; the access tokens that came of it live until they are over.</summary>
    internal bool Revoke(string refresh) => _grants.TryRemove(refresh, out _);

    private string NewRefresh() => Secret("na1-" + Guid.NewGuid());

    private string Secret(string text)
    {
        _secrets.Enqueue(text);
        return text;
    }
}

/// <summary>What a code stands for.</summary>
internal sealed record HubSpotCode(string RedirectUri, string[] Scopes, string? Challenge, DateTimeOffset Expires);

/// <summary>What an account has granted.</summary>
internal sealed record HubSpotGrant(string[] Scopes);

/// <summary>What an access token stands for.</summary>
internal sealed record HubSpotAccess(HubSpotGrant Grant, string Refresh, DateTimeOffset Expires);
