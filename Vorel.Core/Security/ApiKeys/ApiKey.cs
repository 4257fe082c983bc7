using Vorel.Core.Tenants;

namespace Vorel.Core.Security.ApiKeys;

/// <summary>An API key as its owner sees it; the key itself was shown once.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The owner's name for it.</param>
/// <param name="Prefix">Its first 22 characters.</param>
/// <param name="LastFour">Its last four characters.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="CreatedAt">When it was issued.</param>
/// <param name="RevokedAt">Since when it is refused; null while it is not.</param>
public sealed record ApiKey(
    Guid Id, string Name, string Prefix, string LastFour, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>A new key: the text is shown this once.</summary>
public sealed record IssuedApiKey(ApiKey Key, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(IssuedApiKey);
}

/// <summary>Who a presented key speaks for.</summary>
public sealed record ApiKeyIdentity(TenantId Tenant, Guid KeyId, IReadOnlySet<string> Scopes);
