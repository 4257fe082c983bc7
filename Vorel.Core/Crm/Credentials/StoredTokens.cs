using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Credentials;

/// <summary>The tokens of one credential as it was opened; the next ones come from <see cref="TokenRefresh"/>.</summary>
internal sealed class StoredTokens(TokenRefresh refresh, TenantId tenant, Guid credential, HeldToken held, TimeProvider real) : IAccessTokens
{
    /// <summary>A token that is over sooner than this is renewed before the call.</summary>
    private static readonly TimeSpan s_ahead = TimeSpan.FromSeconds(60);

    private HeldToken _held = held;

    /// <inheritdoc/>
    public async ValueTask<AccessToken> Get(CancellationToken cancellationToken)
    {
        var present = Volatile.Read(ref _held);
        if (present.Token is { } token && !IsOverBy(present, real.GetUtcNow() + s_ahead))
        {
            return token;
        }

        try
        {
            return await Renew(present.Version, cancellationToken);
        }
        catch (Exception failure) when (
            present.Token is not null && failure is StoreUnavailableException or CrmException { Retryable: true } && !IsOverBy(present, real.GetUtcNow()))
        {
            // It was to be renewed in good time, and there is some left.
            return present.Token;
        }
    }

    /// <inheritdoc/>
    public Task<AccessToken> Refresh(AccessToken used, CancellationToken cancellationToken) => Renew(used.Version, cancellationToken);

    private static bool IsOverBy(HeldToken token, DateTimeOffset moment) => token.ExpiresAt is { } end && end <= moment;

    private async Task<AccessToken> Renew(long used, CancellationToken cancellationToken)
    {
        var renewed = await refresh.Renew(tenant, credential, used, cancellationToken);
        Volatile.Write(ref _held, renewed);
        return renewed.Token ?? throw new CrmException(CrmErrorCode.AuthError, "The stored credentials hold no access token.", retryable: false);
    }
}
