namespace Vorel.Core.Crm;

/// <summary>The access tokens of one connection. A driver asks for one before each call, so that none is kept beyond its life.</summary>
public interface IAccessTokens
{
    /// <summary>The token to call with; a new one is got first where the stored one is known to be over.</summary>
    /// <exception cref="CrmException">There is none to be had; see <see cref="Refresh"/>.</exception>
    ValueTask<AccessToken> Get(CancellationToken cancellationToken);

    /// <summary>
    /// The token to repeat a call with, once the provider has refused <paramref name="used"/> with 401. Whoever else is refused at the same time
    /// gets the same new one: the provider is asked once.
    /// </summary>
    /// <exception cref="CrmException">
    /// <see cref="CrmErrorCode.RefreshFailed"/>: the provider takes no refresh any more, the CRM must be connected anew.
    /// <see cref="CrmErrorCode.ProviderUnavailable"/>: it cannot be asked now.
    /// </exception>
    Task<AccessToken> Refresh(AccessToken used, CancellationToken cancellationToken);
}

/// <summary>A token to call a provider with.</summary>
/// <param name="Value">What stands after <c>Bearer</c>.</param>
/// <param name="Version">Counts the tokens of the connection: says which one was refused without naming it.</param>
public sealed record AccessToken(string Value, long Version)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(AccessToken);
}
