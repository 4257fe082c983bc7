namespace Vorel.Core.Crm;

/// <summary>
/// One CRM behind one interface. A driver knows nothing of tables, tenants' rows or routes: it gets opened credentials and
/// speaks to its provider. Every failure is a <see cref="CrmException"/>.
/// </summary>
public interface ICrmDriver
{
    /// <summary>What this provider can do, as data: the console, the docs and the callers read it instead of catching refusals.</summary>
    CrmCapabilities Capabilities { get; }

    /// <summary>Calls the provider's lightest endpoint and proves that the credential works and has what it needs.</summary>
    Task TestConnection(CancellationToken cancellationToken);

    /// <summary>Finds a customer by phone (preferred), e-mail or external id; null when there is none.</summary>
    Task<CrmRecord?> LookupCustomer(CustomerQuery query, CancellationToken cancellationToken);

    /// <summary>Full-text search of one object type; at most <paramref name="limit"/> records.</summary>
    Task<IReadOnlyList<CrmRecord>> SearchRecords(CrmObject crmObject, string query, int limit, CancellationToken cancellationToken);

    /// <summary>Creates a record. A repeat with the same key must not make a second one wherever the provider allows to find out.</summary>
    Task<CrmReference> CreateRecord(CrmObject crmObject, CrmFields fields, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Changes the named fields of a record.</summary>
    Task<CrmReference> UpdateRecord(CrmObject crmObject, string externalId, CrmFields fields, string idempotencyKey, long sequence, CancellationToken cancellationToken);

    /// <summary>The records that changed since a moment, newest first; at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<CrmRecord>> ListRecent(CrmObject crmObject, DateTimeOffset since, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes a record and says how thoroughly.</summary>
    Task<CrmDeletion> DeleteRecord(CrmObject crmObject, string externalId, CancellationToken cancellationToken);

    /// <summary>The provider's objects and fields, for the mapping studio.</summary>
    Task<CrmSchema> Introspect(CancellationToken cancellationToken);
}
