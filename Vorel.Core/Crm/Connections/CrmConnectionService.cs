using Vorel.Core.Audit;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Connections;

/// <summary>Says what a tenant has connected, and opens the driver for what is to be read or written. How it comes to be connected is <see cref="CrmConnecting"/>'s.</summary>
public sealed class CrmConnectionService(IRowStore store, CredentialOpener opener)
{
    private const int MaxTries = 5;
    private const int MostListed = 100;

    /// <summary>What is connected, and what of a tenant's records it cannot hold.</summary>
    public async Task<CrmOverview> Describe(TenantId tenant, CancellationToken cancellationToken)
    {
        var lacking = CrmCoverage.Lacking(await TryOpen(tenant, CrmRole.Main, cancellationToken), await TryOpen(tenant, CrmRole.Archive, cancellationToken));
        var credentials = await List(tenant, cancellationToken);
        return new CrmOverview(await Overview(CrmRole.Main), await Overview(CrmRole.Archive), lacking);

        async Task<CrmRoleOverview> Overview(CrmRole role)
        {
            var connection = await Find(tenant, role, cancellationToken);
            var newest = credentials.FirstOrDefault(credential => credential.Role == role && credential.Status is CredentialStatus.Pending or CredentialStatus.Active);
            return new CrmRoleOverview(
                connection, credentials.FirstOrDefault(credential => credential.Id == connection?.Id), newest?.Status == CredentialStatus.Pending ? newest : null);
        }
    }

    /// <summary>A tenant's newest credentials, newest first, at most a hundred; nothing of what they open with.</summary>
    public async Task<IReadOnlyList<Credential>> List(TenantId tenant, CancellationToken cancellationToken)
    {
        var credentials = new List<Credential>();
        await foreach (var stored in store.Query<CredentialRow>(Partition.Of(tenant), RowRange.Prefix(CredentialRow.Prefix), cancellationToken))
        {
            credentials.Add(stored.Row.ToCredential());
            if (credentials.Count == MostListed)
            {
                break;
            }
        }

        return credentials;
    }

    /// <summary>The connection to the tenant's CRM, or null.</summary>
    public Task<CrmConnection?> Find(TenantId tenant, CancellationToken cancellationToken) => Find(tenant, CrmRole.Main, cancellationToken);

    /// <summary>The tenant's connection of a role, or null.</summary>
    public async Task<CrmConnection?> Find(TenantId tenant, CrmRole role, CancellationToken cancellationToken) =>
        (await store.Get<CrmConnectionRow>(Partition.Of(tenant), CrmConnectionRow.KeyOf(role), cancellationToken))?.Row.ToConnection();

    /// <summary>Whether a connection is one that the tenant's records are written to.</summary>
    internal async Task<bool> IsActive(TenantId tenant, Guid connection, CancellationToken cancellationToken) =>
        (await Find(tenant, CrmRole.Main, cancellationToken))?.Id == connection || (await Find(tenant, CrmRole.Archive, cancellationToken))?.Id == connection;

    /// <summary>Which of the credentials that are in use work no more.</summary>
    internal async Task<IReadOnlyList<CredentialFailure>> FindFailures(TenantId tenant, CancellationToken cancellationToken)
    {
        var failures = new List<CredentialFailure>();
        foreach (var role in Enum.GetValues<CrmRole>())
        {
            if (await Find(tenant, role, cancellationToken) is { } connection
                && (await store.Get<CredentialRow>(Partition.Of(tenant), CredentialRow.KeyOf(connection.Id), cancellationToken))?.Row.Failure is { } failure)
            {
                failures.Add(failure);
            }
        }

        return failures;
    }

    /// <summary>
    /// The driver for the tenant's records of one object type: the CRM's, or the archive's for what the CRM cannot hold. Without an archive
    /// it is the CRM's all the same, and its capabilities say that it cannot. Null when no CRM is connected.
    /// </summary>
    /// <exception cref="CrmException">The provider is not known, or its credentials do not open.</exception>
    public async Task<OpenCrm?> Open(TenantId tenant, CrmObject crmObject, CancellationToken cancellationToken)
    {
        if (await Open(tenant, CrmRole.Main, cancellationToken) is not var (driver, main))
        {
            return null;
        }

        if (driver.Capabilities.Objects.Contains(crmObject))
        {
            return new OpenCrm(driver, main, Overflows: false, Archive: null);
        }

        return await Open(tenant, CrmRole.Archive, cancellationToken) is var (other, archive)
            ? new OpenCrm(other, main, Overflows: true, archive)
            : new OpenCrm(driver, main, Overflows: true, Archive: null);
    }

    /// <summary>
    /// Whether what was written over <paramref name="used"/> counts: it led to the system that is connected now, or nothing is connected now,
    /// and then nobody else is owed it. What another system was connected for in the meantime, that one has to get.
    /// </summary>
    internal async Task<bool> Counts(TenantId tenant, OpenCrm used, CancellationToken cancellationToken) =>
        await Find(tenant, CrmRole.Main, cancellationToken) is not { } main
        || (main.System == used.Main.System
            && (used.Archive is null || await Find(tenant, CrmRole.Archive, cancellationToken) is not { } archive || archive.System == used.Archive.System));

    /// <summary>Whether a connection that <paramref name="used"/> was opened from, or the lack of an archive, is no longer what it was.</summary>
    internal async Task<bool> IsReplaced(TenantId tenant, OpenCrm used, CancellationToken cancellationToken) =>
        (await Find(tenant, CrmRole.Main, cancellationToken))?.Id != used.Main.Id
        || (used.Overflows && (await Find(tenant, CrmRole.Archive, cancellationToken))?.Id != used.Archive?.Id);

    /// <summary>The driver of a role; null when nothing is connected in it, or it does not open.</summary>
    internal async Task<ICrmDriver?> TryOpen(TenantId tenant, CrmRole role, CancellationToken cancellationToken)
    {
        try
        {
            return (await Open(tenant, role, cancellationToken))?.Driver;
        }
        catch (CrmException)
        {
            return null;
        }
    }

    /// <summary>Opens what is connected in a role. A switch may come between the two reads: then the first is made again.</summary>
    private async Task<Opened?> Open(TenantId tenant, CrmRole role, CancellationToken cancellationToken)
    {
        Guid? last = null;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await Find(tenant, role, cancellationToken) is not { } connection)
            {
                return null;
            }

            if (await store.Get<CredentialRow>(Partition.Of(tenant), CredentialRow.KeyOf(connection.Id), cancellationToken)
                is { Row: { Status: CredentialStatus.Active } row } && row.Role == role)
            {
                return new Opened(await opener.Open(tenant, row, AuditActor.System, cancellationToken), connection);
            }

            if (last == connection.Id)
            {
                break;
            }

            last = connection.Id;
        }

        throw new CrmException(CrmErrorCode.AuthError, "The stored credentials are not what the connection needs.", retryable: false);
    }

    private sealed record Opened(ICrmDriver Driver, CrmConnection Connection);
}
