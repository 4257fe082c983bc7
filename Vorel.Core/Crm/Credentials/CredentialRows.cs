using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Errors;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Credentials;

/// <summary>Reads and changes credentials one by one. That one of them is active is decided together with the connection, by <see cref="CrmSwitch"/>.</summary>
internal sealed class CredentialRows(IRowStore store, AuditLog audit, Clocks clocks)
{
    private const int MaxTries = 10;

    public Task<Stored<CredentialRow>?> Find(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        store.Get<CredentialRow>(Partition.Of(tenant), CredentialRow.KeyOf(id), cancellationToken);

    /// <exception cref="NotFoundException">There is none of this id.</exception>
    public async Task<Stored<CredentialRow>> Get(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        await Find(tenant, id, cancellationToken) ?? throw new NotFoundException("credential");

    public async Task<IReadOnlyList<Stored<CredentialRow>>> List(TenantId tenant, CancellationToken cancellationToken)
    {
        var rows = new List<Stored<CredentialRow>>();
        await foreach (var stored in store.Query<CredentialRow>(Partition.Of(tenant), RowRange.Prefix(CredentialRow.Prefix), cancellationToken))
        {
            rows.Add(stored);
        }

        return rows;
    }

    public Task Insert(TenantId tenant, CredentialRow row, CancellationToken cancellationToken) =>
        store.Commit(CredentialRow.Table, Partition.Of(tenant), TypedRows.Insert(row), cancellationToken);

    /// <summary>Changes a row as it is by then, unless <paramref name="change"/> gives null for it. What it has become, or null.</summary>
    public async Task<CredentialRow?> Change(
        TenantId tenant, Stored<CredentialRow> stored, Func<CredentialRow, Task<CredentialRow?>> change, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await change(stored.Row) is not { } changed)
            {
                return null;
            }

            if (await store.TryReplace(CredentialRow.Table, Partition.Of(tenant), stored with { Row = changed }, cancellationToken))
            {
                return changed;
            }

            if (await Find(tenant, stored.Row.Id, cancellationToken) is not { } present)
            {
                return null;
            }

            stored = present;
        }

        throw new StoreUnavailableException("A credential is being changed by others again and again.");
    }

    /// <summary>Revokes a credential that is not in use.</summary>
    /// <exception cref="ConflictException">It is in use.</exception>
    public async Task Revoke(TenantId tenant, Stored<CredentialRow> stored, AuditActor actor, CancellationToken cancellationToken)
    {
        await Change(tenant, stored, Revoked, cancellationToken);

        async Task<CredentialRow?> Revoked(CredentialRow row)
        {
            if (row.Status == CredentialStatus.Active)
            {
                throw new ConflictException("This credential is in use. Disconnect the CRM, or connect it anew.");
            }

            if (row.Status == CredentialStatus.Revoked)
            {
                return null;
            }

            await audit.Append(tenant, new AuditEvent(AuditAction.CredentialRevoked, actor) { Subject = row.Id, Old = row.Id }, cancellationToken);
            return row.Revoke(clocks.Domain.GetUtcNow());
        }
    }
}
