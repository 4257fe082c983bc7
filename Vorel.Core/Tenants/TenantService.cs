using Vorel.Core.Audit;
using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Storage;

namespace Vorel.Core.Tenants;

/// <summary>A business that uses Vorel.</summary>
public sealed record Tenant(TenantId Id, string Name, DateTimeOffset CreatedAt);

/// <summary>Makes and finds tenants.</summary>
public sealed class TenantService(IRowStore store, AuditLog audit, IdSource ids)
{
    private const int MaxNameLength = 200;

    /// <summary>Makes a tenant.</summary>
    /// <exception cref="ValidationException">The name is empty or longer than 200 characters.</exception>
    public async Task<Tenant> Create(string name, AuditActor actor, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength)
        {
            throw new ValidationException("/name", $"must have 1 to {MaxNameLength} characters");
        }

        var id = ids.Next();
        var row = new TenantRow(new TenantId(id), name, Uuid7.TimeOf(id));
        await audit.Append(row.Id, new AuditEvent(AuditAction.TenantCreated, actor) { Subject = id }, cancellationToken);
        await store.Commit(TenantRow.Table, Partition.Of(row.Id), TypedRows.Insert(row), cancellationToken);
        return new Tenant(row.Id, row.Name, row.CreatedAt);
    }

    /// <summary>The tenant.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public async Task<Tenant> Get(TenantId tenant, CancellationToken cancellationToken)
    {
        var stored = await store.Get<TenantRow>(Partition.Of(tenant), TenantRow.Key, cancellationToken);
        return stored is { Row: var row } ? new Tenant(row.Id, row.Name, row.CreatedAt) : throw new NotFoundException("tenant");
    }
}
