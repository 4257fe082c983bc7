using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Audit;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Due;
using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Incidents;
using Vorel.Core.Redrives;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Connections;

/// <summary>
/// Connects a tenant to its CRM and to its archive: a credential is stored, tested, and only then used in place of the one before (README.md beside this
/// file). What is connected stays untouched until the new one has been proven.
/// </summary>
public sealed class CrmConnecting(
    IRowStore store,
    CrmConnectionService connections,
    CredentialVault vault,
    CredentialTest test,
    RedriveService redrives,
    DueHints hints,
    AuditLog audit,
    IdSource ids,
    Clocks clocks)
{
    /// <summary>How many credentials of a tenant may wait for a test to succeed; of more the oldest are revoked.</summary>
    internal const int MostPending = 10;

    private readonly CredentialRows _credentials = new(store, audit, clocks);
    private readonly CrmSwitch _switch = new(store, new CredentialRows(store, audit, clocks), audit, clocks);

    /// <summary>
    /// Stores credentials, tests them and, if they work, uses them from now on in place of whatever was connected in the role, and has all taken up that
    /// the CRM is owed. If they do not work they stay pending, with the reason, and what was connected stays.
    /// </summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="role">As what.</param>
    /// <param name="provider">At whom.</param>
    /// <param name="credentials">What its driver opens with; checked by whoever took them in.</param>
    /// <param name="actor">Who connects it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ConflictException">They were revoked while they were tested.</exception>
    public async Task<ConnectResult> Connect(
        TenantId tenant, CrmRole role, CrmProvider provider, JsonObject credentials, AuditActor actor, CancellationToken cancellationToken)
    {
        var row = await Store(tenant, role, provider, credentials, actor, cancellationToken);
        return await TryOut(tenant, row, actor, cancellationToken);
    }

    /// <summary>
    /// Tests a credential. A pending one that works is used from now on, as when it is connected; nothing of an active one changes.
    /// </summary>
    /// <exception cref="NotFoundException">There is none of this id.</exception>
    /// <exception cref="ConflictException">It is neither pending nor active.</exception>
    public async Task<ConnectResult> Test(TenantId tenant, Guid credential, AuditActor actor, CancellationToken cancellationToken) =>
        await TryOut(tenant, (await _credentials.Get(tenant, credential, cancellationToken)).Row, actor, cancellationToken);

    /// <summary>Tests the newest credential of a role: the pending one if it is newer than the active one.</summary>
    /// <exception cref="NotFoundException">There is neither.</exception>
    public async Task<ConnectResult> Test(TenantId tenant, CrmRole role, AuditActor actor, CancellationToken cancellationToken)
    {
        var newest = (await _credentials.List(tenant, cancellationToken))
            .FirstOrDefault(stored => stored.Row.Role == role && stored.Row.Status is CredentialStatus.Pending or CredentialStatus.Active);
        return await TryOut(tenant, newest?.Row ?? throw new NotFoundException("credential"), actor, cancellationToken);
    }

    /// <summary>Revokes a credential that is pending or retiring: it cannot be opened any more. Nothing if it is revoked already.</summary>
    /// <exception cref="NotFoundException">There is none of this id.</exception>
    /// <exception cref="ConflictException">It is the active one.</exception>
    public async Task Revoke(TenantId tenant, Guid credential, AuditActor actor, CancellationToken cancellationToken) =>
        await _credentials.Revoke(tenant, await _credentials.Get(tenant, credential, cancellationToken), actor, cancellationToken);

    /// <summary>A tenant's newest credentials, newest first, at most a hundred; nothing of what they open with.</summary>
    public Task<IReadOnlyList<Credential>> List(TenantId tenant, CancellationToken cancellationToken) => connections.List(tenant, cancellationToken);

    /// <summary>
    /// Takes a connection away and revokes its credentials, those that retire included. Nothing is written over it any more and nothing is forgotten: what the
    /// CRM is owed waits for the next one. What is being written in this moment may still count.
    /// </summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task Disconnect(TenantId tenant, CrmRole role, AuditActor actor, CancellationToken cancellationToken)
    {
        var found = await _switch.Off(tenant, role, actor, cancellationToken);
        foreach (var retiring in (await _credentials.List(tenant, cancellationToken)).Where(stored => stored.Row.Role == role && stored.Row.Status == CredentialStatus.Retiring))
        {
            found = true;
            await _credentials.Revoke(tenant, retiring, actor, cancellationToken);
        }

        if (!found)
        {
            throw new NotFoundException("CRM connection");
        }
    }

    private async Task<CredentialRow> Store(
        TenantId tenant, CrmRole role, CrmProvider provider, JsonObject credentials, AuditActor actor, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(credentials.ToJsonString());
        var values = document.RootElement;

        // A new id each time: what was sealed for an earlier credential does not open in this one.
        var row = new CredentialRow(ids.Next(), role, provider.Slug, CrmSystem.Of(provider.Slug, provider.AccountOf(values)), provider.SignIn)
        {
            Status = CredentialStatus.Pending,
            TokenVersion = CredentialTokens.AccessOf(values) is null ? 0 : 1,
            ExpiresAt = CredentialTokens.ExpiryOf(values),
        };
        row = await vault.Seal(tenant, row, credentials, cancellationToken);
        await audit.Append(tenant, new AuditEvent(AuditAction.CredentialCreated, actor) { Subject = row.Id, New = row.Id }, cancellationToken);
        await _credentials.Insert(tenant, row, cancellationToken);

        // Of tries that came to nothing a few are kept, so that they can be tested again; no secret lies here for ever because nobody cleared up.
        var pending = (await _credentials.List(tenant, cancellationToken)).Where(stored => stored.Row.Status == CredentialStatus.Pending);
        foreach (var old in pending.Skip(MostPending))
        {
            await _credentials.Revoke(tenant, old, actor, cancellationToken);
        }

        return row;
    }

    private async Task<ConnectResult> TryOut(TenantId tenant, CredentialRow row, AuditActor actor, CancellationToken cancellationToken)
    {
        if (row.Status is not (CredentialStatus.Pending or CredentialStatus.Active))
        {
            throw new ConflictException($"This credential is {row.Status.Wire()}.");
        }

        var (reason, driver) = await test.Run(tenant, row, actor, cancellationToken);
        var result = new ConnectResult(row.Id, row.Provider, row.Status) { Reason = reason, Lacking = await Lacking(tenant, row.Role, driver, cancellationToken) };
        if (row.Status == CredentialStatus.Active)
        {
            return result with { ConnectedAt = (await connections.Find(tenant, row.Role, cancellationToken))?.ConnectedAt };
        }

        return reason is null ? await Use(tenant, row, result, actor, cancellationToken) : await Keep(tenant, row, result, cancellationToken);
    }

    private async Task<ConnectResult> Use(TenantId tenant, CredentialRow row, ConnectResult result, AuditActor actor, CancellationToken cancellationToken)
    {
        Switched? made = null;
        await redrives.StartAround(tenant, row.Id, async budget => made = await _switch.To(tenant, row.Id, actor, budget), cancellationToken);
        if (made!.Replaced?.Failure is not null)
        {
            // The redrive has the incident looked at where it takes anything up; this where the CRM is owed nothing.
            await hints.File(Stuck.Hint(tenant, clocks.Domain.GetUtcNow()), cancellationToken);
        }

        return result with { Status = CredentialStatus.Active, ConnectedAt = made.Connection.ConnectedAt };
    }

    /// <summary>Keeps why a test failed.</summary>
    private async Task<ConnectResult> Keep(TenantId tenant, CredentialRow row, ConnectResult result, CancellationToken cancellationToken)
    {
        await _credentials.Change(tenant, await _credentials.Get(tenant, row.Id, cancellationToken), Tested, cancellationToken);
        return result;

        Task<CredentialRow?> Tested(CredentialRow present)
        {
            // Another test of it may have succeeded, or somebody has revoked it.
            result = result with { Status = present.Status };
            return Task.FromResult(present.Status == CredentialStatus.Pending ? present with { TestedAt = clocks.Domain.GetUtcNow(), Reason = result.Reason } : null);
        }
    }

    private async Task<IReadOnlyList<CrmObject>> Lacking(TenantId tenant, CrmRole role, ICrmDriver? driver, CancellationToken cancellationToken)
    {
        if (driver is null)
        {
            return [];
        }

        return (role == CrmRole.Main
            ? CrmCoverage.Lacking(driver, await connections.TryOpen(tenant, CrmRole.Archive, cancellationToken))
            : CrmCoverage.Lacking(await connections.TryOpen(tenant, CrmRole.Main, cancellationToken), driver)) ?? [];
    }
}
