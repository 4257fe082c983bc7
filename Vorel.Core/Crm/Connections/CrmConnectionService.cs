using System.Text.Json;
using Vorel.Core.Audit;
using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Security;
using Vorel.Core.Security.Egress;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Webhooks;

namespace Vorel.Core.Crm.Connections;

/// <summary>Connects a tenant to its CRM and to its archive, and opens the driver for what is to be written.</summary>
public sealed class CrmConnectionService(
    IRowStore store, IEnvelopeProtector protector, EgressGuard egress, CrmDriverOpener opener, RedriveService redrives, AuditLog audit, Clocks clocks)
{
    private const string CustomWebhook = "custom_webhook";
    private const int MinSecretLength = 24;
    private const int MaxSecretLength = 200;

    /// <summary>Connects a custom webhook, in place of whatever was connected in its role, and has all taken up that the CRM is owed.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="role">As what.</param>
    /// <param name="url">Where records are posted.</param>
    /// <param name="secret">What the posts are signed with: 24 to 200 visible ASCII characters; null has one made.</param>
    /// <param name="actor">Who connects it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ValidationException">The URL or the secret is refused.</exception>
    public async Task<ConnectedCustomWebhook> ConnectCustomWebhook(
        TenantId tenant, CrmRole role, string? url, string? secret, AuditActor actor, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        var target = egress.Check(url, "/url", errors);
        if (secret is not null && (secret.Length is < MinSecretLength or > MaxSecretLength || secret.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            errors.Add(new FieldError("/secret", $"must have {MinSecretLength} to {MaxSecretLength} visible ASCII characters"));
        }

        if (errors.Count > 0)
        {
            throw new ValidationException(errors);
        }

        secret ??= WebhookSecret.Generate();
        var system = CrmSystem.Of(CustomWebhook, CrmSystem.AccountOf(new Uri(target)));
        var credentials = WriteCredentials(target, secret);

        // Looked at first: whatever fails here, nothing is connected yet.
        var driver = OpenDriver(tenant, CustomWebhook, system, credentials);
        var lacking = role == CrmRole.Main
            ? Lacking(driver, await TryOpen(tenant, CrmRole.Archive, cancellationToken))
            : Lacking(await TryOpen(tenant, CrmRole.Main, cancellationToken), driver);
        var connection = await Save(tenant, role, CustomWebhook, system, credentials, actor, cancellationToken);
        return new ConnectedCustomWebhook(connection, secret, lacking ?? []);
    }

    /// <summary>
    /// Takes a connection and its credentials away. Nothing is written over it any more and nothing is forgotten: what the CRM is owed waits for
    /// the next one. What is being written in this moment may still count.
    /// </summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task Disconnect(TenantId tenant, CrmRole role, AuditActor actor, CancellationToken cancellationToken)
    {
        if (await Find(tenant, role, cancellationToken) is not { } connection)
        {
            throw new NotFoundException("CRM connection");
        }

        var action = role == CrmRole.Archive ? AuditAction.CrmArchiveDisconnected : AuditAction.CrmDisconnected;
        await audit.Append(tenant, new AuditEvent(action, actor) { Subject = connection.Id }, cancellationToken);
        await store.TryDelete(CrmConnectionRow.Table, Partition.Of(tenant), CrmConnectionRow.KeyOf(role), "*", cancellationToken);
    }

    /// <summary>What is connected, and what of a tenant's records it cannot hold.</summary>
    public async Task<CrmOverview> Describe(TenantId tenant, CancellationToken cancellationToken)
    {
        var lacking = Lacking(await TryOpen(tenant, CrmRole.Main, cancellationToken), await TryOpen(tenant, CrmRole.Archive, cancellationToken));
        return new CrmOverview(await Find(tenant, CrmRole.Main, cancellationToken), await Find(tenant, CrmRole.Archive, cancellationToken), lacking);
    }

    /// <summary>The connection to the tenant's CRM, or null.</summary>
    public Task<CrmConnection?> Find(TenantId tenant, CancellationToken cancellationToken) => Find(tenant, CrmRole.Main, cancellationToken);

    /// <summary>The tenant's connection of a role, or null.</summary>
    public async Task<CrmConnection?> Find(TenantId tenant, CrmRole role, CancellationToken cancellationToken) =>
        (await Read(tenant, role, cancellationToken))?.ToConnection();

    /// <summary>Whether a connection is one that the tenant's records are written to.</summary>
    internal async Task<bool> IsActive(TenantId tenant, Guid connection, CancellationToken cancellationToken) =>
        (await Find(tenant, CrmRole.Main, cancellationToken) is { Status: CrmConnectionStatus.Active } main && main.Id == connection)
        || (await Find(tenant, CrmRole.Archive, cancellationToken) is { Status: CrmConnectionStatus.Active } archive && archive.Id == connection);

    /// <summary>
    /// The driver for the tenant's records of one object type: the CRM's, or the archive's for what the CRM cannot hold. Without an archive
    /// it is the CRM's all the same, and its capabilities say that it cannot. Null when no CRM is connected and active.
    /// </summary>
    /// <exception cref="CrmException">The provider is not known, or its credentials do not open.</exception>
    public async Task<OpenCrm?> Open(TenantId tenant, CrmObject crmObject, CancellationToken cancellationToken)
    {
        if (await Read(tenant, CrmRole.Main, cancellationToken) is not { Status: CrmConnectionStatus.Active } main)
        {
            return null;
        }

        var driver = await OpenDriver(tenant, main, cancellationToken);
        if (driver.Capabilities.Objects.Contains(crmObject))
        {
            return new OpenCrm(driver, main.ToConnection(), Overflows: false, Archive: null);
        }

        return await Read(tenant, CrmRole.Archive, cancellationToken) is { Status: CrmConnectionStatus.Active } archive
            ? new OpenCrm(await OpenDriver(tenant, archive, cancellationToken), main.ToConnection(), Overflows: true, archive.ToConnection())
            : new OpenCrm(driver, main.ToConnection(), Overflows: true, Archive: null);
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

    private static byte[] WriteCredentials(string url, string secret)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("url", url);
            writer.WriteString("secret", secret);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    // What is sealed for the one role does not open in the other.
    private static EnvelopeScope Scope(TenantId tenant, CrmRole role, string provider, Guid credential) =>
        new(tenant, CrmConnectionRow.Table, provider, role == CrmRole.Archive ? $"archive:{credential:D}" : credential.ToString("D"));

    private async Task<CrmConnectionRow?> Read(TenantId tenant, CrmRole role, CancellationToken cancellationToken) =>
        (await store.Get<CrmConnectionRow>(Partition.Of(tenant), CrmConnectionRow.KeyOf(role), cancellationToken))?.Row;

    private async Task<ICrmDriver> OpenDriver(TenantId tenant, CrmConnectionRow row, CancellationToken cancellationToken)
    {
        try
        {
            var scope = Scope(tenant, row.Role, row.Provider, row.Credential);
            return OpenDriver(tenant, row.Provider, row.System, await protector.Unprotect(row.SealedCredentials, scope, cancellationToken));
        }
        catch (EnvelopeException exception)
        {
            throw new CrmException(CrmErrorCode.AuthError, "The stored credentials do not open.", retryable: false, inner: exception);
        }
    }

    private ICrmDriver OpenDriver(TenantId tenant, string provider, string system, byte[] credentials)
    {
        using var document = JsonDocument.Parse(credentials);
        return opener(new CrmDriverContext(provider, $"{tenant}|{system}", document.RootElement, Tokens: null));
    }

    /// <summary>The driver of a role; null when nothing is connected in it, or it does not open.</summary>
    private async Task<ICrmDriver?> TryOpen(TenantId tenant, CrmRole role, CancellationToken cancellationToken)
    {
        try
        {
            return await Read(tenant, role, cancellationToken) is { } row ? await OpenDriver(tenant, row, cancellationToken) : null;
        }
        catch (CrmException)
        {
            return null;
        }
    }

    /// <summary>The object types of our records that neither holds; null when there is no CRM to ask.</summary>
    private static IReadOnlyList<CrmObject>? Lacking(ICrmDriver? main, ICrmDriver? archive) => main is null
        ? null
        : [.. RecordKinds.All.Select(kind => kind.CrmObject).OfType<CrmObject>()
            .Where(crmObject => !main.Capabilities.Objects.Contains(crmObject) && archive?.Capabilities.Objects.Contains(crmObject) != true)];

    private async Task<CrmConnection> Save(
        TenantId tenant, CrmRole role, string provider, string system, byte[] credentials, AuditActor actor, CancellationToken cancellationToken)
    {
        // A new credential id each time: what was sealed for an earlier connection does not open in this one.
        var credential = Guid.NewGuid();
        var sealedCredentials = await protector.Protect(credentials, Scope(tenant, role, provider, credential), cancellationToken);

        // Another secret for the same system does not start its time anew: what it has been owed for a day has been owed for a day.
        var before = await Read(tenant, role, cancellationToken);
        var since = before?.System == system ? before.ConnectedAt : clocks.Domain.GetUtcNow();
        var row = new CrmConnectionRow(role, provider, system, credential, sealedCredentials, since) { Status = CrmConnectionStatus.Active };
        var action = role == CrmRole.Archive ? AuditAction.CrmArchiveConnected : AuditAction.CrmConnected;
        await audit.Append(tenant, new AuditEvent(action, actor) { Subject = credential, Old = before?.Credential, New = credential }, cancellationToken);
        await redrives.StartAround(tenant, credential, budget => Commit(tenant, row, budget), cancellationToken);
        return row.ToConnection();
    }

    private async Task Commit(TenantId tenant, CrmConnectionRow row, CancellationToken cancellationToken)
    {
        await store.Commit(CrmConnectionRow.Table, Partition.Of(tenant), TypedRows.Upsert(row), cancellationToken);
        Failpoints.Reach("after-crm-connected");
    }
}

/// <summary>A connected custom webhook and the secret that its posts are signed with, which is shown this once.</summary>
/// <param name="Connection">What was connected.</param>
/// <param name="Secret">The secret.</param>
/// <param name="Lacking">The object types of our records that neither the tenant's CRM nor its archive can hold now.</param>
public sealed record ConnectedCustomWebhook(CrmConnection Connection, string Secret, IReadOnlyList<CrmObject> Lacking)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(ConnectedCustomWebhook);
}

/// <summary>What a tenant has connected.</summary>
/// <param name="Main">The CRM.</param>
/// <param name="Archive">The archive.</param>
/// <param name="Lacking">The object types of our records that neither can hold; null when there is no CRM, or its credentials do not open.</param>
public sealed record CrmOverview(CrmConnection? Main, CrmConnection? Archive, IReadOnlyList<CrmObject>? Lacking);
