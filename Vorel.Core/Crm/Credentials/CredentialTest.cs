using Vorel.Core.Audit;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Credentials;

/// <summary>Tries whether a credential works: it opens, it was granted what we need, and the provider's lightest call succeeds with it.</summary>
public sealed class CredentialTest(CredentialVault vault, CredentialOpener opener, Clocks clocks)
{
    /// <summary>How long the call may take.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    /// <summary>Where providers are found; tests have their own.</summary>
    internal Func<string, CrmProvider?> Providers { get; init; } = CrmProviders.Find;

    /// <summary>Tests a credential for <paramref name="actor"/>: why it does not work, or null, and its driver, if that could be made.</summary>
    internal async Task<(CredentialReason? Reason, ICrmDriver? Driver)> Run(
        TenantId tenant, CredentialRow row, AuditActor actor, CancellationToken cancellationToken)
    {
        ICrmDriver? driver = null;
        try
        {
            using (var credentials = await vault.Open(tenant, row, actor, cancellationToken))
            {
                driver = opener.Open(tenant, row, credentials);
                if (CredentialTokens.LackingOf(credentials.Values, Providers(row.Provider)?.OAuth?.Scopes ?? []) is { Count: > 0 } lacking)
                {
                    return (new CredentialReason(CrmErrorCode.InsufficientScope, $"The grant lacks {string.Join(", ", lacking)}."), driver);
                }
            }

            await Call(driver, cancellationToken);
            return (null, driver);
        }
        catch (CrmException failure)
        {
            return (CredentialReason.Of(failure), driver);
        }
    }

    private async Task Call(ICrmDriver driver, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_longest, clocks.Real);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await driver.TestConnection(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CrmException(CrmErrorCode.ProviderUnavailable, $"The provider did not answer within {s_longest.TotalSeconds:0} seconds.", retryable: true);
        }
    }
}
