using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Credentials;

/// <summary>Makes the driver that a credential opens.</summary>
public sealed class CredentialOpener(CredentialVault vault, TokenRefresh tokens, CrmDriverOpener opener)
{
    /// <summary>Opens the active credential of a connection for <paramref name="actor"/>. Calls nobody.</summary>
    /// <exception cref="CrmException">The provider is not known or has no driver, or the credentials do not open or are not of its form.</exception>
    internal async Task<ICrmDriver> Open(TenantId tenant, CredentialRow row, AuditActor actor, CancellationToken cancellationToken)
    {
        using var credentials = await vault.Open(tenant, row, actor, cancellationToken);
        var driver = Open(tenant, row, credentials);
        return HasTokens(row) ? new ScopeWatch(driver, () => tokens.LackScope(tenant, row.Id, CancellationToken.None)) : driver;
    }

    /// <summary>Makes the driver of credentials that are open already.</summary>
    /// <exception cref="CrmException">The provider is not known or has no driver, or the credentials are not of its form.</exception>
    internal ICrmDriver Open(TenantId tenant, CredentialRow row, OpenedCredentials credentials) => opener(new CrmDriverContext(
        row.Provider, $"{tenant}|{row.System}", credentials.Values, HasTokens(row) ? tokens.TokensOf(tenant, row, credentials) : null));

    private static bool HasTokens(CredentialRow row) => row.SignIn != CrmSignIn.Form;
}
