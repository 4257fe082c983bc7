namespace Vorel.Core.Crm.Credentials;

/// <summary>An access token as it is stored.</summary>
/// <param name="Version">Counts the tokens of the credential; 0 while there is none.</param>
/// <param name="Token">The token; null while there is none.</param>
/// <param name="ExpiresAt">When it is over, by the real clock, if the provider says so.</param>
internal sealed record HeldToken(long Version, AccessToken? Token, DateTimeOffset? ExpiresAt)
{
    /// <summary>The token of a credential that is open.</summary>
    public static HeldToken Of(CredentialRow row, OpenedCredentials credentials) => new(
        row.TokenVersion, CredentialTokens.AccessOf(credentials.Values) is { } token ? new AccessToken(token, row.TokenVersion) : null, row.ExpiresAt);

    /// <inheritdoc/>
    public override string ToString() => nameof(HeldToken);
}
