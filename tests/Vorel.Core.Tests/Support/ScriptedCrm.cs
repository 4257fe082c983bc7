using Vorel.Core.Crm;

namespace Vorel.Core.Tests.Support;

/// <summary>A CRM that keeps one record per idempotency key, under ids that begin with its name, and fails when a test says so.</summary>
internal sealed class ScriptedCrm(FaultPlan plan, string name = "crm") : ICrmDriver
{
    private readonly Dictionary<string, string> _byKey = [];

    public List<(string Verb, CrmObject Object, string? ExternalId, CrmFields Fields, string Key, long Sequence)> Calls { get; } = [];

    public Queue<CrmException> Failures { get; } = new();

    /// <summary>How it refuses the call that is made, if it does.</summary>
    public Func<CrmException?>? Refuses { get; set; }

    /// <summary>What happens when its connection is tested; it works unless this throws.</summary>
    public Func<CancellationToken, Task>? OnTest { get; set; }

    /// <summary>How often its connection was tested.</summary>
    public int Tests { get; private set; }

    /// <summary>Runs after the CRM took a write, before its answer arrives.</summary>
    public Func<Task>? AfterWrite { get; set; }

    public CrmCapabilities Capabilities { get; set; } =
        new(new HashSet<CrmObject>(Enum.GetValues<CrmObject>()), CanRead: false, Deletes: null, new CrmRate(1_000_000, TimeSpan.FromSeconds(1)));

    /// <summary>Whether it says where people find a record.</summary>
    public bool HasLinks { get; set; } = true;

    public int Records => _byKey.Count;

    public Task<CrmReference> CreateRecord(CrmObject crmObject, CrmFields fields, string idempotencyKey, CancellationToken cancellationToken) => plan.Run(async () =>
    {
        Fail();
        Calls.Add(("create", crmObject, null, fields, idempotencyKey, 0));
        if (!_byKey.TryGetValue(idempotencyKey, out var id))
        {
            _byKey[idempotencyKey] = id = $"{name}-{_byKey.Count + 1}";
        }

        await (AfterWrite?.Invoke() ?? Task.CompletedTask);
        return new CrmReference(id, HasLinks ? new Uri("https://crm.example.com/" + id) : null);
    });

    public Task<CrmReference> UpdateRecord(
        CrmObject crmObject, string externalId, CrmFields fields, string idempotencyKey, long sequence, CancellationToken cancellationToken) => plan.Run(async () =>
    {
        Fail();
        Calls.Add(("update", crmObject, externalId, fields, idempotencyKey, sequence));
        await (AfterWrite?.Invoke() ?? Task.CompletedTask);
        return new CrmReference(externalId, null);
    });

    public Task TestConnection(CancellationToken cancellationToken) => plan.Run(() =>
    {
        Tests++;
        return OnTest?.Invoke(cancellationToken) ?? Task.CompletedTask;
    });

    public Task<CrmRecord?> LookupCustomer(CustomerQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CrmRecord>> SearchRecords(CrmObject crmObject, string query, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CrmRecord>> ListRecent(CrmObject crmObject, DateTimeOffset since, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CrmDeletion> DeleteRecord(CrmObject crmObject, string externalId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CrmSchema> Introspect(CancellationToken cancellationToken) => throw new NotSupportedException();

    private void Fail()
    {
        if (Failures.TryDequeue(out var failure))
        {
            throw failure;
        }

        if (Refuses?.Invoke() is { } refusal)
        {
            throw refusal;
        }
    }
}
