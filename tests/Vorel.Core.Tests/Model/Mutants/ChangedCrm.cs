using Vorel.Core.Crm;

namespace Vorel.Core.Tests.Model.Mutants;

/// <summary>Every write to the CRM goes under a key of its own.</summary>
internal sealed class NewKeyEachTime : Mutant
{
    private int _calls;

    public override ICrmDriver Crm(ICrmDriver crm) => new ChangedCrm(crm) { Key = key => $"{key}-{_calls++}" };
}

/// <summary>A failure of the CRM is taken for success.</summary>
internal sealed class BelievesTheCrm : Mutant
{
    public override ICrmDriver Crm(ICrmDriver crm) => new ChangedCrm(crm) { Fails = static _ => new CrmReference("crm-0-1", null) };
}

/// <summary>A driver with one thing wrong.</summary>
internal sealed class ChangedCrm(ICrmDriver crm) : ICrmDriver
{
    public Func<string, string> Key { get; init; } = static key => key;

    /// <summary>What comes of a failure, where it is not thrown.</summary>
    public Func<CrmException, CrmReference?> Fails { get; init; } = static _ => null;

    public CrmCapabilities Capabilities => crm.Capabilities;

    public Task<CrmReference> CreateRecord(CrmObject crmObject, CrmFields fields, string idempotencyKey, CancellationToken cancellationToken) =>
        Try(() => crm.CreateRecord(crmObject, fields, Key(idempotencyKey), cancellationToken));

    public Task<CrmReference> UpdateRecord(
        CrmObject crmObject, string externalId, CrmFields fields, string idempotencyKey, long sequence, CancellationToken cancellationToken) =>
        Try(() => crm.UpdateRecord(crmObject, externalId, fields, Key(idempotencyKey), sequence, cancellationToken));

    public Task TestConnection(CancellationToken cancellationToken) => crm.TestConnection(cancellationToken);

    public Task<CrmRecord?> LookupCustomer(CustomerQuery query, CancellationToken cancellationToken) => crm.LookupCustomer(query, cancellationToken);

    public Task<IReadOnlyList<CrmRecord>> SearchRecords(CrmObject crmObject, string query, int limit, CancellationToken cancellationToken) =>
        crm.SearchRecords(crmObject, query, limit, cancellationToken);

    public Task<IReadOnlyList<CrmRecord>> ListRecent(CrmObject crmObject, DateTimeOffset since, int limit, CancellationToken cancellationToken) =>
        crm.ListRecent(crmObject, since, limit, cancellationToken);

    public Task<CrmDeletion> DeleteRecord(CrmObject crmObject, string externalId, CancellationToken cancellationToken) =>
        crm.DeleteRecord(crmObject, externalId, cancellationToken);

    public Task<CrmSchema> Introspect(CancellationToken cancellationToken) => crm.Introspect(cancellationToken);

    private async Task<CrmReference> Try(Func<Task<CrmReference>> call)
    {
        try
        {
            return await call();
        }
        catch (CrmException exception) when (Fails(exception) is { } reference)
        {
            return reference;
        }
    }
}
