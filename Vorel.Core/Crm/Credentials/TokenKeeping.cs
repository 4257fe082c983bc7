using System.Text.Json.Nodes;
using Vorel.Core.Audit;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Due;
using Vorel.Core.Incidents;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Credentials;

/// <summary>Stores what a provider gave out for a refresh, whatever has happened to the credential in the meantime.</summary>
internal sealed class TokenKeeping(IRowStore store, CredentialVault vault, AuditLog audit, DueHints hints, Clocks clocks)
{
    private const int MaxTries = 10;

    /// <summary>How often a store that does not answer is asked again: a refresh token that the provider has replaced is lost if this is.</summary>
    private const int MaxOutages = 3;

    /// <summary>What is said when a credential is revoked while it is used. A repeat finds what is connected by then.</summary>
    public static CrmException Gone() => new(CrmErrorCode.AuthError, "The credentials were revoked meanwhile.", retryable: true);

    /// <summary>Stores the tokens; those that another process has stored instead, where they are the ones that count.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="provider">Who gave them out.</param>
    /// <param name="asked">The credential as it was when the provider was asked.</param>
    /// <param name="credentials">What it was asked with, open.</param>
    /// <param name="grant">What it gave out.</param>
    public async Task<HeldToken> Keep(TenantId tenant, CrmProvider provider, Stored<CredentialRow> asked, OpenedCredentials credentials, TokenGrant grant)
    {
        var outages = 0;
        var isAudited = await TryAudit(tenant, asked.Row);
        var kept = await Insist(() => Write(tenant, provider, asked, credentials, grant));
        if (!isAudited)
        {
            // Later than it should be, but not at all is worse; and if not even now, the caller has to be told.
            await Insist(async () => await TryAudit(tenant, asked.Row) ? kept : throw new StoreUnavailableException("The audit log cannot be written."));
        }

        return kept;

        async Task<HeldToken> Insist(Func<Task<HeldToken>> work)
        {
            while (true)
            {
                try
                {
                    return await work();
                }
                catch (StoreUnavailableException) when (++outages <= MaxOutages)
                {
                }
            }
        }
    }

    /// <summary>
    /// Writes over the row that was read. Where it has changed: while the refresh token in it is the one that was just spent, ours is the one that works, and
    /// goes over whatever else has changed; else somebody has stored a later one, and ours is dropped.
    /// </summary>
    private async Task<HeldToken> Write(TenantId tenant, CrmProvider provider, Stored<CredentialRow> asked, OpenedCredentials credentials, TokenGrant grant)
    {
        var spent = CredentialTokens.RefreshOf(credentials.Values);
        var rotates = grant.RefreshToken is { } next && next != spent;
        var (stored, opened) = (asked, credentials);
        try
        {
            for (var tries = 0; tries < MaxTries; tries++)
            {
                var row = await Renewed(tenant, provider, stored.Row, opened, grant);
                if (await TryReplace(tenant, stored, row))
                {
                    return new HeldToken(row.TokenVersion, new AccessToken(grant.AccessToken, row.TokenVersion), row.ExpiresAt);
                }

                stored = await store.Get<CredentialRow>(Partition.Of(tenant), asked.Row.RowKey, CancellationToken.None) is { Row.IsAlive: true } present ? present : throw Gone();
                Release(opened);
                opened = await vault.Open(tenant, stored.Row, AuditActor.System, CancellationToken.None);
                var isOurs = CredentialTokens.RefreshOf(opened.Values) == spent && (rotates || stored.Row.TokenVersion == asked.Row.TokenVersion);
                if (!isOurs)
                {
                    return HeldToken.Of(stored.Row, opened);
                }
            }
        }
        finally
        {
            Release(opened);
        }

        throw new StoreUnavailableException("A credential is being changed by others again and again.");

        void Release(OpenedCredentials one)
        {
            if (one != credentials)
            {
                one.Dispose();
            }
        }
    }

    private async Task<CredentialRow> Renewed(TenantId tenant, CrmProvider provider, CredentialRow row, OpenedCredentials opened, TokenGrant grant)
    {
        var values = JsonObject.Create(opened.Values.Clone())!;
        var end = CredentialTokens.Put(values, grant, clocks.Real.GetUtcNow());
        var needed = provider.OAuth?.Scopes ?? [];
        var lacks = grant.Scopes is { } granted && needed.Except(granted, StringComparer.Ordinal).Any();

        // That it was refused is over with this; that it lacks a scope is not, until somebody signs in anew.
        var failure = row.Failure is { Code: CrmErrorCode.InsufficientScope } lacking ? lacking : lacks ? new CredentialFailure(CrmErrorCode.InsufficientScope, clocks.Domain.GetUtcNow()) : null;
        return await vault.Seal(
            tenant,
            row with
            {
                TokenVersion = row.TokenVersion + 1,
                ExpiresAt = end,
                RotatedAt = clocks.Domain.GetUtcNow(),
                Failure = failure,
            },
            values,
            CancellationToken.None);
    }

    /// <summary>The tokens come first: what there is to tell can be told later as well, and is found out again by the next call that is refused.</summary>
    private async Task<bool> TryReplace(TenantId tenant, Stored<CredentialRow> stored, CredentialRow row)
    {
        if (!await store.TryReplace(CredentialRow.Table, Partition.Of(tenant), stored with { Row = row }, CancellationToken.None))
        {
            return false;
        }

        if (row.Status == CredentialStatus.Active && row.Failure?.Code != stored.Row.Failure?.Code)
        {
            await hints.File(Stuck.Hint(tenant, clocks.Domain.GetUtcNow()), CancellationToken.None);
        }

        return true;
    }

    private async Task<bool> TryAudit(TenantId tenant, CredentialRow row)
    {
        try
        {
            await audit.Append(tenant, new AuditEvent(AuditAction.CredentialRefreshed, AuditActor.System) { Subject = row.Id }, CancellationToken.None);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
