using Vorel.Core.Crm;

namespace Vorel.Functions.Tests.Support;

/// <summary>A CRM that holds contacts alone, or what a test says, and is never written to.</summary>
internal sealed class GuestsOnlyCrm(params IReadOnlyCollection<CrmObject> objects) : ICrmDriver
{
    public CrmCapabilities Capabilities { get; } =
        new(objects.DefaultIfEmpty(CrmObject.Contact).ToHashSet(), CanRead: false, Deletes: null, new CrmRate(1, TimeSpan.FromSeconds(1)));

    /// <summary>How it answers its test; it takes it where this is null.</summary>
    public CrmException? Refusal { get; init; }

    public Task TestConnection(CancellationToken cancellationToken) => Refusal is null ? Task.CompletedTask : Task.FromException(Refusal);

    public Task<CrmRecord?> LookupCustomer(CustomerQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CrmRecord>> SearchRecords(CrmObject crmObject, string query, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CrmReference> CreateRecord(CrmObject crmObject, CrmFields fields, string idempotencyKey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CrmReference> UpdateRecord(
        CrmObject crmObject, string externalId, CrmFields fields, string idempotencyKey, long sequence, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CrmRecord>> ListRecent(CrmObject crmObject, DateTimeOffset since, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CrmDeletion> DeleteRecord(CrmObject crmObject, string externalId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CrmSchema> Introspect(CancellationToken cancellationToken) => throw new NotSupportedException();
}
