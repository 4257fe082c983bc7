using Vorel.Core.Crm;

namespace Vorel.Core.Tests.Model;

/// <summary>One tenant's CRM: one record for each idempotency key, the highest sequence wins, and failures from a script.</summary>
internal sealed class CrmStandIn(int tenant, Gate gate, Truth truth) : ICrmDriver
{
    private readonly Dictionary<string, string> _byKey = [];
    private Queue<Answer> _script = new();

    /// <summary>What the CRM says next.</summary>
    public enum Answer
    {
        Ok,
        ServerError,
        TooMany,
        AppliedUnanswered,
    }

    public CrmCapabilities Capabilities { get; } =
        new(new HashSet<CrmObject>(Enum.GetValues<CrmObject>()), CanRead: false, Deletes: null, new CrmRate(1_000_000, TimeSpan.FromSeconds(1)));

    public void Script(IEnumerable<Answer> answers) => _script = new Queue<Answer>(answers);

    public Task<CrmReference> CreateRecord(CrmObject crmObject, CrmFields fields, string idempotencyKey, CancellationToken cancellationToken) =>
        Call(
            flight =>
            {
                var isNew = !_byKey.TryGetValue(idempotencyKey, out var id);
                _byKey[idempotencyKey] = id ??= $"crm-{tenant}-{_byKey.Count + 1}";
                truth.Mirror.Created(flight, tenant, crmObject, id, isNew, fields.Values, idempotencyKey);
                return id;
            },
            cancellationToken);

    public Task<CrmReference> UpdateRecord(
        CrmObject crmObject, string externalId, CrmFields fields, string idempotencyKey, long sequence, CancellationToken cancellationToken) =>
        Call(
            _ =>
            {
                truth.Mirror.Updated(tenant, externalId, fields.Values, idempotencyKey, sequence);
                return externalId;
            },
            cancellationToken);

    public Task TestConnection(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<CrmRecord?> LookupCustomer(CustomerQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CrmRecord>> SearchRecords(CrmObject crmObject, string query, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CrmRecord>> ListRecent(CrmObject crmObject, DateTimeOffset since, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CrmDeletion> DeleteRecord(CrmObject crmObject, string externalId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CrmSchema> Introspect(CancellationToken cancellationToken) => throw new NotSupportedException();

    private Task<CrmReference> Call(Func<Flight, string> apply, CancellationToken cancellationToken) => gate.Pass(
        flight =>
        {
            var answer = _script.TryDequeue(out var next) ? next : Answer.Ok;
            truth.Tally.Count("the CRM answered: " + answer);
            return answer switch
            {
                Answer.ServerError => throw new CrmException(CrmErrorCode.ProviderError, "scripted", retryable: true),
                Answer.TooMany => throw new CrmException(CrmErrorCode.RateLimited, "scripted", retryable: true, TimeSpan.FromMinutes(3)),
                Answer.AppliedUnanswered when apply(flight) is not null => throw Unavailable(),
                _ => Task.FromResult(new CrmReference(apply(flight), null)),
            };
        },
        Unavailable,
        writes: true,
        cancellationToken);

    private static Exception Unavailable() => new CrmException(CrmErrorCode.ProviderUnavailable, "scripted", retryable: true);
}
