using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Tests.Model;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>One system that a tenant may connect: it holds some object types, answers from a script, and may be away.</summary>
internal sealed class StandIn(int tenant, string host, IReadOnlySet<CrmObject> objects, Gate gate, SystemBook book) : ICrmDriver
{
    private Queue<Answer> _script = new();

    /// <summary>What it says next.</summary>
    public enum Answer
    {
        Ok,
        ServerError,
        TooMany,
        AppliedUnanswered,
        Refused,
        NotAuthorized,
    }

    public int Tenant { get; } = tenant;

    public string Host { get; } = host;

    public bool IsAway { get; set; }

    public CrmCapabilities Capabilities { get; } =
        new(objects, CanRead: false, Deletes: null, new CrmRate(1_000_000, TimeSpan.FromSeconds(1)));

    /// <summary>What the product calls it, once it was connected.</summary>
    public string? Name { get; set; }

    /// <summary>What it holds of records, by the key under which they were created.</summary>
    public Dictionary<string, Holding> Holdings { get; } = [];

    public void Script(IEnumerable<Answer> answers) => _script = new Queue<Answer>(answers);

    public Task<CrmReference> CreateRecord(CrmObject crmObject, CrmFields fields, string idempotencyKey, CancellationToken cancellationToken) =>
        Call(flight => book.Created(flight, this, crmObject, fields.Values, idempotencyKey), crmObject, cancellationToken);

    public Task<CrmReference> UpdateRecord(
        CrmObject crmObject, string externalId, CrmFields fields, string idempotencyKey, long sequence, CancellationToken cancellationToken) =>
        Call(
            flight =>
            {
                book.Updated(flight, this, externalId, fields.Values, idempotencyKey, sequence);
                return externalId;
            },
            crmObject,
            cancellationToken);

    public Task TestConnection(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<CrmRecord?> LookupCustomer(CustomerQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CrmRecord>> SearchRecords(CrmObject crmObject, string query, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CrmRecord>> ListRecent(CrmObject crmObject, DateTimeOffset since, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CrmDeletion> DeleteRecord(CrmObject crmObject, string externalId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CrmSchema> Introspect(CancellationToken cancellationToken) => throw new NotSupportedException();

    private Task<CrmReference> Call(Func<Flight, string> apply, CrmObject crmObject, CancellationToken cancellationToken) => gate.Pass(
        flight =>
        {
            book.Require(objects.Contains(crmObject), $"{flight.Name}: {Host} was sent a {crmObject}, which it does not hold");
            var answer = IsAway ? Answer.ServerError : _script.TryDequeue(out var next) ? next : Answer.Ok;
            book.Count("a system answered: " + answer);
            return answer switch
            {
                Answer.ServerError => throw new CrmException(CrmErrorCode.ProviderError, "scripted", retryable: true),
                Answer.TooMany => throw new CrmException(CrmErrorCode.RateLimited, "scripted", retryable: true, TimeSpan.FromMinutes(3)),
                Answer.Refused => throw new CrmException(CrmErrorCode.ValidationError, "scripted", retryable: false),
                Answer.NotAuthorized => throw new CrmException(CrmErrorCode.RefreshFailed, "scripted", retryable: false),
                Answer.AppliedUnanswered when apply(flight) is not null => throw Unavailable(),
                _ => Task.FromResult(new CrmReference(apply(flight), null)),
            };
        },
        Unavailable,
        writes: true,
        cancellationToken);

    private static Exception Unavailable() => new CrmException(CrmErrorCode.ProviderUnavailable, "scripted", retryable: true);

    /// <summary>What a system holds of one record.</summary>
    internal sealed class Holding(string externalId)
    {
        public string ExternalId { get; } = externalId;

        public long Version { get; set; }

        /// <summary>When it first had a version, by the domain clock.</summary>
        public Dictionary<long, DateTimeOffset> Since { get; } = [];

        /// <summary>The position in the history at which it had the present version.</summary>
        public long TakenAt { get; set; }
    }
}
