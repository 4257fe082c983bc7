using System.Text.Json;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.OAuth;

/// <summary>What a token endpoint gave out.</summary>
/// <param name="AccessToken">To call with.</param>
/// <param name="RefreshToken">To get the next one with; null when the one before stays good, or there is none.</param>
/// <param name="Lifetime">For how long the access token is good; null where the provider does not say.</param>
/// <param name="Scopes">What it allows; null where the provider does not say.</param>
/// <param name="Others">What else the driver needs, by its name in the sealed credentials.</param>
public sealed record TokenGrant(
    string AccessToken, string? RefreshToken, TimeSpan? Lifetime, IReadOnlyList<string>? Scopes, IReadOnlyDictionary<string, string> Others)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(TokenGrant);
}

/// <summary>Gets the next tokens of a connection from its provider: by the refresh token or, for client credentials, by these. One call, ten seconds.</summary>
/// <param name="provider">The provider.</param>
/// <param name="credentials">The opened credentials; only valid during the call.</param>
/// <param name="cancellationToken">Cancels the call.</param>
/// <exception cref="CrmException">
/// <see cref="CrmErrorCode.RefreshFailed"/>: what was sent is refused for good (<c>invalid_grant</c> and its like).
/// <see cref="CrmErrorCode.AuthError"/>: the provider does not accept Vorel's own app. Else the provider cannot be asked now.
/// </exception>
public delegate Task<TokenGrant> TokenRenewal(CrmProvider provider, JsonElement credentials, CancellationToken cancellationToken);
