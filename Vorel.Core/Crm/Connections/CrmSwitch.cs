using Vorel.Core.Audit;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Errors;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Connections;

/// <summary>
/// Puts a credential into use and the one before out of it, or the last one out of use: each in one transaction over connection and credentials, so that
/// whatever races or dies there is one active credential for each connection, and none without one.
/// </summary>
internal sealed class CrmSwitch(IRowStore store, CredentialRows credentials, AuditLog audit, Clocks clocks)
{
    private const int MaxTries = 10;

    /// <summary>Makes a pending credential the active one of its role.</summary>
    /// <exception cref="ConflictException">It is pending no more.</exception>
    public async Task<Switched> To(TenantId tenant, Guid id, AuditActor actor, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var pending = await credentials.Get(tenant, id, cancellationToken);
            var link = await FindLink(tenant, pending.Row.Role, cancellationToken);
            if (pending.Row.Status == CredentialStatus.Active && link?.Row.Credential == id)
            {
                return new Switched(link.Row.ToConnection(), Replaced: null);
            }

            if (pending.Row.Status != CredentialStatus.Pending)
            {
                throw new ConflictException("This credential was revoked meanwhile.");
            }

            var before = link is null ? null : await credentials.Find(tenant, link.Row.Credential, cancellationToken);
            var now = clocks.Domain.GetUtcNow();

            // Another secret for the same system does not start its time anew: what it has been owed for a day has been owed for a day.
            var since = link is { Row: var present } && present.System == pending.Row.System ? present.ConnectedAt : now;
            var row = new CrmConnectionRow(pending.Row.Role, pending.Row.Provider, pending.Row.System, id, since);
            var active = pending.Row with { Status = CredentialStatus.Active, TestedAt = now, ActivatedAt = now, Reason = null, Failure = null };
            List<RowWrite> writes =
            [
                link is null ? TypedRows.Insert(row) : TypedRows.Replace(link with { Row = row }),
                TypedRows.Replace(pending with { Row = active }),
            ];
            List<AuditEvent> events =
                [new(row.Role == CrmRole.Archive ? AuditAction.CrmArchiveConnected : AuditAction.CrmConnected, actor) { Subject = id, Old = link?.Row.Credential, New = id }];
            if (before is { Row.Status: CredentialStatus.Active })
            {
                var retired = before.Row.Retire(now);
                writes.Add(TypedRows.Replace(before with { Row = retired }));
                var action = retired.IsAlive ? AuditAction.CredentialRetiring : AuditAction.CredentialRevoked;
                events.Add(new AuditEvent(action, actor) { Subject = before.Row.Id, Old = before.Row.Id, New = id });
            }

            if (await TryCommit(tenant, writes, events, cancellationToken))
            {
                Failpoints.Reach("after-crm-connected");
                return new Switched(row.ToConnection(), before?.Row);
            }
        }

        throw Contended();
    }

    /// <summary>Takes a connection away and revokes the credential that it was called with. False when there is none.</summary>
    public async Task<bool> Off(TenantId tenant, CrmRole role, AuditActor actor, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await FindLink(tenant, role, cancellationToken) is not { } link)
            {
                return false;
            }

            List<RowWrite> writes = [TypedRows.Delete(link)];
            List<AuditEvent> events =
                [new(role == CrmRole.Archive ? AuditAction.CrmArchiveDisconnected : AuditAction.CrmDisconnected, actor) { Subject = link.Row.Credential }];
            if (await credentials.Find(tenant, link.Row.Credential, cancellationToken) is { Row.IsAlive: true } active)
            {
                writes.Add(TypedRows.Replace(active with { Row = active.Row.Revoke(clocks.Domain.GetUtcNow()) }));
                events.Add(new AuditEvent(AuditAction.CredentialRevoked, actor) { Subject = active.Row.Id, Old = active.Row.Id });
            }

            if (await TryCommit(tenant, writes, events, cancellationToken))
            {
                return true;
            }
        }

        throw Contended();
    }

    private static StoreUnavailableException Contended() => new("A connection is being changed by others again and again.");

    private Task<Stored<CrmConnectionRow>?> FindLink(TenantId tenant, CrmRole role, CancellationToken cancellationToken) =>
        store.Get<CrmConnectionRow>(Partition.Of(tenant), CrmConnectionRow.KeyOf(role), cancellationToken);

    /// <summary>Written down first: one that names what then came to nothing is better than none.</summary>
    private async Task<bool> TryCommit(TenantId tenant, IReadOnlyList<RowWrite> writes, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        await audit.Append(tenant, events, cancellationToken);
        try
        {
            await store.Commit(CrmConnectionRow.Table, Partition.Of(tenant), writes, cancellationToken);
            return true;
        }
        catch (RowConflictException)
        {
            return false;
        }
    }
}

/// <summary>A switch that was made.</summary>
/// <param name="Connection">What is connected now.</param>
/// <param name="Replaced">The credential that was active before, as it was.</param>
internal sealed record Switched(CrmConnection Connection, CredentialRow? Replaced);
