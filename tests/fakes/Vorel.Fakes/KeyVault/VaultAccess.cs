using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Vorel.Fakes;

/// <summary>Issues tokens as Entra would, and lets those into the vault that are for it and not over.</summary>
/// <param name="time">The clock by which tokens end.</param>
public sealed class VaultAccess(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (string Scope, DateTimeOffset Ends)> _tokens = new(StringComparer.Ordinal);

    /// <summary>The directory that the challenge names.</summary>
    public const string Tenant = "3f1c2a5e-0000-4000-8000-000000000001";

    /// <summary>What the challenge says the token has to be for.</summary>
    public string Resource { get; set; } = "https://vault.azure.net";

    /// <summary>How the challenge is worded; <c>{0}</c> is the resource.</summary>
    public string Challenge { get; set; } = $"Bearer authorization=\"https://login.microsoftonline.com/{Tenant}\", resource=\"{{0}}\"";

    /// <summary>The scopes that tokens were asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Issues a token for a scope, whatever that is.</summary>
    public string Issue(string scope, TimeSpan life)
    {
        Asked.Enqueue(scope);
        var token = "secret-token-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        _tokens[token] = (scope, time.GetUtcNow() + life);
        return token;
    }

    /// <summary>Ends a token now.</summary>
    public void Expire(string authorization) => _tokens.TryRemove(authorization["Bearer ".Length..], out _);

    internal string Header => string.Format(System.Globalization.CultureInfo.InvariantCulture, Challenge, Resource);

    internal bool Opens(string authorization) =>
        authorization.StartsWith("Bearer ", StringComparison.Ordinal)
        && _tokens.TryGetValue(authorization["Bearer ".Length..], out var token)
        && token.Scope == "https://vault.azure.net/.default"
        && time.GetUtcNow() < token.Ends;
}
