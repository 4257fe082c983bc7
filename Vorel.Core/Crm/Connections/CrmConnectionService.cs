using System.Text.Json;
using Vorel.Core.Errors;
using Vorel.Core.Messaging;
using Vorel.Core.Security;
using Vorel.Core.Security.Egress;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Webhooks;

namespace Vorel.Core.Crm.Connections;

/// <summary>Connects a tenant to its CRM and opens the driver for it. A tenant has one provider at a time.</summary>
public sealed class CrmConnectionService(
    IRowStore store, IEnvelopeProtector protector, EgressGuard egress, CrmDriverOpener opener, IWorkQueue queue, Clocks clocks, Timings timings)
{
    private const string CustomWebhook = "custom_webhook";
    private const int MinSecretLength = 24;
    private const int MaxSecretLength = 200;

    /// <summary>Connects a custom webhook, in place of whatever was connected, and has all taken up that the CRM is owed.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="url">Where records are posted.</param>
    /// <param name="secret">What the posts are signed with: 24 to 200 visible ASCII characters; null has one made.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ValidationException">The URL or the secret is refused.</exception>
    public async Task<ConnectedCustomWebhook> ConnectCustomWebhook(TenantId tenant, string? url, string? secret, CancellationToken cancellationToken)
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
        var connection = await Save(tenant, CustomWebhook, WriteCredentials(target, secret), cancellationToken);
        return new ConnectedCustomWebhook(connection, secret);
    }

    /// <summary>The tenant's connection, or null.</summary>
    public async Task<CrmConnection?> Find(TenantId tenant, CancellationToken cancellationToken) =>
        (await store.Get<CrmConnectionRow>(Partition.Of(tenant), CrmConnectionRow.Key, cancellationToken))?.Row.ToConnection();

    /// <summary>The driver for the tenant's CRM, or null when none is connected and active.</summary>
    /// <exception cref="CrmException">The provider is not known, or its credentials do not open.</exception>
    public async Task<OpenCrm?> Open(TenantId tenant, CancellationToken cancellationToken)
    {
        if (await store.Get<CrmConnectionRow>(Partition.Of(tenant), CrmConnectionRow.Key, cancellationToken) is not
            { Row: { Status: CrmConnectionStatus.Active } row })
        {
            return null;
        }

        try
        {
            var credentials = await protector.Unprotect(row.SealedCredentials, Scope(tenant, row.Provider, row.Credential), cancellationToken);
            using var document = JsonDocument.Parse(credentials);
            return new OpenCrm(opener(row.Provider, document.RootElement), row.ToConnection());
        }
        catch (EnvelopeException exception)
        {
            throw new CrmException(CrmErrorCode.AuthError, "The stored credentials do not open.", retryable: false, inner: exception);
        }
    }

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

    private static EnvelopeScope Scope(TenantId tenant, string provider, Guid credential) =>
        new(tenant, CrmConnectionRow.Table, provider, credential.ToString("D"));

    private async Task<CrmConnection> Save(TenantId tenant, string provider, byte[] credentials, CancellationToken cancellationToken)
    {
        // A new credential id each time: what was sealed for an earlier connection does not open in this one.
        var credential = Guid.NewGuid();
        var sealedCredentials = await protector.Protect(credentials, Scope(tenant, provider, credential), cancellationToken);
        var row = new CrmConnectionRow(provider, credential, sealedCredentials, clocks.Domain.GetUtcNow()) { Status = CrmConnectionStatus.Active };
        var backlog = new WorkMessage.Backlog(tenant, null).ToJson();
        var receipt = await queue.Put(WorkQueues.Live, backlog, timings.IntentDelay, cancellationToken);
        await store.Commit(CrmConnectionRow.Table, Partition.Of(tenant), TypedRows.Upsert(row), cancellationToken);
        Failpoints.Reach("after-crm-connected");
        try
        {
            await queue.ShowOrPut(WorkQueues.Live, receipt, backlog, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // The CRM is connected all the same; the message appears by itself after its delay.
        }

        return row.ToConnection();
    }
}

/// <summary>A connected custom webhook and the secret that its posts are signed with, which is shown this once.</summary>
public sealed record ConnectedCustomWebhook(CrmConnection Connection, string Secret)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(ConnectedCustomWebhook);
}
