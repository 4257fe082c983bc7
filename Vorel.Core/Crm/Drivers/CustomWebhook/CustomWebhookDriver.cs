using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Security.Egress;

namespace Vorel.Core.Crm.Drivers.CustomWebhook;

/// <summary>A CRM behind a receiver that the tenant builds: every write is one signed POST (README.md beside this file).</summary>
internal sealed class CustomWebhookDriver(CustomWebhookClient client) : ICrmDriver
{
    /// <inheritdoc/>
    public CrmCapabilities Capabilities => CustomWebhookDefaults.Capabilities;

    /// <summary>Makes the driver from <c>{"url":…,"secret":…}</c>.</summary>
    public static ICrmDriver Open(CrmDriverContext context, CrmDriverServices services)
    {
        try
        {
            var opened = context.Credentials.Deserialize(CustomWebhookJson.Default.CustomWebhookCredentials);
            return opened is { Secret.Length: > 0 }
                ? new CustomWebhookDriver(new CustomWebhookClient(services.Guard.Check(opened.Url).Uri, opened.Secret, services))
                : throw Invalid("url and secret are needed.");
        }
        catch (JsonException)
        {
            throw Invalid("url and secret are needed.");
        }
        catch (EgressRefusedException refused)
        {
            throw Invalid(refused.Message);
        }

        static CrmException Invalid(string why) => new(CrmErrorCode.ValidationError, why, retryable: false);
    }

    /// <inheritdoc/>
    public Task TestConnection(CancellationToken cancellationToken) =>
        client.Post(new CustomWebhookRequest(CustomWebhookClient.Ping), cancellationToken);

    /// <inheritdoc/>
    public async Task<CrmReference> CreateRecord(CrmObject crmObject, CrmFields fields, string idempotencyKey, CancellationToken cancellationToken) =>
        CustomWebhookAnswers.Reference(await client.Post(
            new CustomWebhookRequest(CustomWebhookClient.Create)
            {
                Object = crmObject.Wire(),
                Fields = fields.Values,
                IdempotencyKey = idempotencyKey,
                Sequence = CustomWebhookDefaults.CreateSequence,
            },
            cancellationToken));

    /// <inheritdoc/>
    public async Task<CrmReference> UpdateRecord(
        CrmObject crmObject, string externalId, CrmFields fields, string idempotencyKey, long sequence, CancellationToken cancellationToken) =>
        CustomWebhookAnswers.Reference(await client.Post(
            new CustomWebhookRequest(CustomWebhookClient.Update)
            {
                Object = crmObject.Wire(),
                ExternalId = externalId,
                Fields = fields.Values,
                IdempotencyKey = idempotencyKey,
                Sequence = sequence,
            },
            cancellationToken));

    /// <inheritdoc/>
    public async Task<CrmDeletion> DeleteRecord(CrmObject crmObject, string externalId, CancellationToken cancellationToken) =>
        CustomWebhookAnswers.Deletion(await client.Post(
            new CustomWebhookRequest(CustomWebhookClient.Delete)
            {
                Object = crmObject.Wire(),
                ExternalId = externalId,
                Fields = new JsonObject(),
                IdempotencyKey = $"{externalId}:delete",
                Sequence = CustomWebhookDefaults.DeleteSequence,
            },
            cancellationToken));

    /// <inheritdoc/>
    public Task<CrmRecord?> LookupCustomer(CustomerQuery query, CancellationToken cancellationToken) =>
        Task.FromException<CrmRecord?>(CustomWebhookErrors.WriteOnly());

    /// <inheritdoc/>
    public Task<IReadOnlyList<CrmRecord>> SearchRecords(CrmObject crmObject, string query, int limit, CancellationToken cancellationToken) =>
        Task.FromException<IReadOnlyList<CrmRecord>>(CustomWebhookErrors.WriteOnly());

    /// <inheritdoc/>
    public Task<IReadOnlyList<CrmRecord>> ListRecent(CrmObject crmObject, DateTimeOffset since, int limit, CancellationToken cancellationToken) =>
        Task.FromException<IReadOnlyList<CrmRecord>>(CustomWebhookErrors.WriteOnly());

    /// <inheritdoc/>
    public Task<CrmSchema> Introspect(CancellationToken cancellationToken) =>
        Task.FromException<CrmSchema>(CustomWebhookErrors.WriteOnly());
}
