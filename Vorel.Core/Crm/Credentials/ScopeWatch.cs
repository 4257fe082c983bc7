using Vorel.Core.Storage;

namespace Vorel.Core.Crm.Credentials;

/// <summary>A driver whose grant may lack a scope: when a call is refused for that, it is told once, whoever made the call.</summary>
internal sealed class ScopeWatch(ICrmDriver driver, Func<Task> tell) : ICrmDriver
{
    /// <inheritdoc/>
    public CrmCapabilities Capabilities => driver.Capabilities;

    /// <inheritdoc/>
    public Task TestConnection(CancellationToken cancellationToken) => Watch(async () =>
    {
        await driver.TestConnection(cancellationToken);
        return true;
    });

    /// <inheritdoc/>
    public Task<CrmRecord?> LookupCustomer(CustomerQuery query, CancellationToken cancellationToken) =>
        Watch(() => driver.LookupCustomer(query, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<CrmRecord>> SearchRecords(CrmObject crmObject, string query, int limit, CancellationToken cancellationToken) =>
        Watch(() => driver.SearchRecords(crmObject, query, limit, cancellationToken));

    /// <inheritdoc/>
    public Task<CrmReference> CreateRecord(CrmObject crmObject, CrmFields fields, string idempotencyKey, CancellationToken cancellationToken) =>
        Watch(() => driver.CreateRecord(crmObject, fields, idempotencyKey, cancellationToken));

    /// <inheritdoc/>
    public Task<CrmReference> UpdateRecord(
        CrmObject crmObject, string externalId, CrmFields fields, string idempotencyKey, long sequence, CancellationToken cancellationToken) =>
        Watch(() => driver.UpdateRecord(crmObject, externalId, fields, idempotencyKey, sequence, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<CrmRecord>> ListRecent(CrmObject crmObject, DateTimeOffset since, int limit, CancellationToken cancellationToken) =>
        Watch(() => driver.ListRecent(crmObject, since, limit, cancellationToken));

    /// <inheritdoc/>
    public Task<CrmDeletion> DeleteRecord(CrmObject crmObject, string externalId, CancellationToken cancellationToken) =>
        Watch(() => driver.DeleteRecord(crmObject, externalId, cancellationToken));

    /// <inheritdoc/>
    public Task<CrmSchema> Introspect(CancellationToken cancellationToken) => Watch(() => driver.Introspect(cancellationToken));

    private async Task<T> Watch<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (CrmException refusal) when (refusal.Code == CrmErrorCode.InsufficientScope)
        {
            await TryTell();
            throw;
        }
    }

    private async Task TryTell()
    {
        try
        {
            await tell();
        }
        catch (StoreUnavailableException)
        {
            // The caller has to hear of the refusal; the next one is told again.
        }
    }
}
