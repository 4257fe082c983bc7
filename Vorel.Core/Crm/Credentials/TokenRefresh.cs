using System.Collections.Concurrent;
using Vorel.Core.Audit;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Due;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Credentials;

/// <summary>
/// Renews access tokens: whoever is refused at the same time, in whichever process, gets the same new one, and the provider is asked once
/// (README.md beside this file).
/// </summary>
public sealed class TokenRefresh(IRowStore store, CredentialVault vault, TokenRenewal renewal, AuditLog audit, DueHints hints, Clocks clocks)
{
    /// <summary>How often somebody who waits for another process looks whether it is done.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the provider may take.</summary>
    private static readonly TimeSpan s_call = TimeSpan.FromSeconds(10);

    /// <summary>For all of it: to wait for another's lease to end, to ask the provider, and to store what it said.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(TenantId Tenant, Guid Credential), TaskCompletionSource<HeldToken>> _flights = [];
    private readonly Guid _process = Guid.NewGuid();
    private readonly CredentialRows _credentials = new(store, audit, clocks);
    private readonly CredentialFailures _failures = new(store, audit, hints, clocks);
    private readonly TokenKeeping _keeping = new(store, vault, audit, hints, clocks);

    /// <summary>Where providers are found; tests have their own.</summary>
    internal Func<string, CrmProvider?> Providers { get; init; } = CrmProviders.Find;

    /// <summary>The tokens of a credential that is open.</summary>
    internal IAccessTokens TokensOf(TenantId tenant, CredentialRow row, OpenedCredentials credentials) =>
        new StoredTokens(this, tenant, row.Id, HeldToken.Of(row, credentials), clocks.Real);

    /// <summary>
    /// A token other than the one of version <paramref name="used"/>. A caller who goes away takes nobody's token with him: the flight that others
    /// wait for goes on, and one that the provider has answered is stored whoever still waits.
    /// </summary>
    /// <exception cref="CrmException">There is none to be had, now or for good.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    internal async Task<HeldToken> Renew(TenantId tenant, Guid credential, long used, CancellationToken cancellationToken)
    {
        while (true)
        {
            var renewed = await Join(tenant, credential, used).WaitAsync(cancellationToken);
            if (renewed.Version != used)
            {
                return renewed;
            }

            // That flight was after an older one, and got the very token that was refused.
        }
    }

    private Task<HeldToken> Join(TenantId tenant, Guid credential, long used)
    {
        var mine = new TaskCompletionSource<HeldToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var flight = _flights.GetOrAdd((tenant, credential), mine);
        if (flight == mine)
        {
            _ = Fly(mine, tenant, credential, used);
        }

        return flight.Task;
    }

    private async Task Fly(TaskCompletionSource<HeldToken> flight, TenantId tenant, Guid credential, long used)
    {
        var lease = new RefreshLease(store, clocks.Real, _process, tenant, credential);
        try
        {
            var renewed = await Renew(lease, tenant, credential, used);
            Land();
            flight.SetResult(renewed);
        }
        catch (Exception failure)
        {
            Land();
            flight.SetException(failure);

            // Looked at: perhaps nobody waits for it any more.
            _ = flight.Task.Exception;
        }

        void Land() => _flights.TryRemove(new KeyValuePair<(TenantId, Guid), TaskCompletionSource<HeldToken>>((tenant, credential), flight));
    }

    private async Task<HeldToken> Renew(RefreshLease lease, TenantId tenant, Guid credential, long used)
    {
        using var budget = new CancellationTokenSource(s_longest, clocks.Real);
        try
        {
            while (true)
            {
                if (await Look(tenant, credential, used, budget.Token) is { Moved: { } moved })
                {
                    return moved;
                }

                if (await lease.TryTake(budget.Token))
                {
                    try
                    {
                        // Looked at again: it may have been renewed right before the lease was free.
                        var present = await Look(tenant, credential, used, budget.Token);
                        if ((present.Moved ?? await Ask(lease, tenant, present.Stored, budget.Token)) is { } renewed)
                        {
                            return renewed;
                        }
                    }
                    finally
                    {
                        await lease.Release();
                    }
                }

                await Task.Delay(s_pause, clocks.Real, budget.Token);
            }
        }
        catch (OperationCanceledException late) when (budget.IsCancellationRequested)
        {
            throw new CrmException(CrmErrorCode.ProviderUnavailable, "The access token could not be renewed in time.", retryable: true, inner: late);
        }
    }

    /// <summary>A call was refused because the grant of an active credential lacks a scope: kept once, for people to see.</summary>
    internal async Task LackScope(TenantId tenant, Guid credential, CancellationToken cancellationToken)
    {
        if (await _credentials.Find(tenant, credential, cancellationToken) is { Row: { Status: CredentialStatus.Active, Failure: null } } stored)
        {
            await _failures.Declare(tenant, stored, CrmErrorCode.InsufficientScope, cancellationToken);
        }
    }

    /// <summary>The credential as it is now, and its token if that is another one than was refused.</summary>
    private async Task<(Stored<CredentialRow> Stored, HeldToken? Moved)> Look(TenantId tenant, Guid credential, long used, CancellationToken cancellationToken)
    {
        var stored = await Find(tenant, credential, cancellationToken);
        if (stored.Row.TokenVersion != used)
        {
            return (stored, await HeldIn(tenant, stored.Row, cancellationToken));
        }

        _failures.ThrowIfKnown(stored.Row);
        return (stored, null);
    }

    /// <summary>Asks the provider and stores what it says. Null when it refused, but another process is on to something: look again.</summary>
    private async Task<HeldToken?> Ask(RefreshLease lease, TenantId tenant, Stored<CredentialRow> stored, CancellationToken cancellationToken)
    {
        var provider = Providers(stored.Row.Provider)
            ?? throw new CrmException(CrmErrorCode.Unsupported, "The provider of the stored credentials is not known.", retryable: false);
        using var credentials = await vault.Open(tenant, stored.Row, AuditActor.System, cancellationToken);
        TokenGrant grant;
        try
        {
            grant = await Ask(provider, credentials, cancellationToken);
        }
        catch (CrmException refusal) when (refusal.Code is CrmErrorCode.RefreshFailed or CrmErrorCode.InsufficientScope)
        {
            return await Refused(lease, tenant, stored.Row, refusal, cancellationToken);
        }

        Failpoints.Reach("after-token-refresh");

        // From here on nobody's time is up: what the provider has given out, it may not give out again.
        return await _keeping.Keep(tenant, provider, stored, credentials, grant);
    }

    private async Task<TokenGrant> Ask(CrmProvider provider, OpenedCredentials credentials, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_call, clocks.Real);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await renewal(provider, credentials.Values, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested)
        {
            throw new CrmException(CrmErrorCode.ProviderUnavailable, "The provider did not renew the access token in time.", retryable: true, inner: late);
        }
    }

    /// <summary>What was refused may have been spent by another process in the meantime, and only if it was not, it is over.</summary>
    private async Task<HeldToken?> Refused(RefreshLease lease, TenantId tenant, CredentialRow asked, CrmException refusal, CancellationToken cancellationToken)
    {
        var present = await Find(tenant, asked.Id, cancellationToken);
        if (present.Row.TokenVersion != asked.TokenVersion)
        {
            return await HeldIn(tenant, present.Row, cancellationToken);
        }

        // Whoever has taken the lease meanwhile may have asked first and not yet stored: it is for them to say.
        if (!await lease.IsMine(cancellationToken))
        {
            return null;
        }

        if (!await _failures.Declare(tenant, present, refusal.Code, cancellationToken))
        {
            return null;
        }

        throw refusal;
    }

    private async Task<Stored<CredentialRow>> Find(TenantId tenant, Guid credential, CancellationToken cancellationToken) =>
        await _credentials.Find(tenant, credential, cancellationToken) is { Row.IsAlive: true } stored ? stored : throw TokenKeeping.Gone();

    private async Task<HeldToken> HeldIn(TenantId tenant, CredentialRow row, CancellationToken cancellationToken)
    {
        using var credentials = await vault.Open(tenant, row, AuditActor.System, cancellationToken);
        return HeldToken.Of(row, credentials);
    }
}
