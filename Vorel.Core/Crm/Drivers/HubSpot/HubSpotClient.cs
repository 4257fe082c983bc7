using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Vorel.Core.Crm.Http;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>HubSpot's calls, one method each. Nothing of a customer stands in an address: what is looked up by e-mail is posted.</summary>
internal sealed class HubSpotClient(CrmHttp http)
{
    /// <summary>What is HubSpot's own about HTTP.</summary>
    public static readonly CrmDialect Dialect = new(HubSpotDefaults.Provider, HubSpotDefaults.Name, HubSpotErrors.Of) { AllowancesOf = Allowances };

    private const int MaxIdLength = 20;
    private static readonly HubSpotPaths s_paths = HubSpotDefaults.Paths;
    private static readonly HubSpotJson s_json = new(new JsonSerializerOptions(HubSpotJson.Default.Options) { Encoder = CrmJson.Encoder });

    public CrmLine Line => http.Line;

    public Task<T> Verb<T>(Func<CancellationToken, Task<T>> verb, CancellationToken cancellationToken) => http.Verb(verb, cancellationToken);

    public Task<HubSpotAccount> Account(CancellationToken cancellationToken) =>
        http.Send(Get(s_paths.Account()), answer => answer.Read(s_json.HubSpotAccount), cancellationToken);

    public Task<HubSpotProperties> Properties(string slug, CancellationToken cancellationToken) =>
        http.Send(Get(s_paths.Properties(slug)), answer => answer.Read(s_json.HubSpotProperties), cancellationToken);

    /// <summary>Creates a property; one that somebody else created meanwhile is as good.</summary>
    public Task<bool> CreateProperty(string slug, HubSpotNewProperty property, CancellationToken cancellationToken) =>
        http.Send(Post(s_paths.Properties(slug)).With(property, s_json.HubSpotNewProperty) with { Takes = [409] }, answer => answer.IsSuccess, cancellationToken);

    public Task<HubSpotPipelines> Pipelines(string slug, CancellationToken cancellationToken) =>
        http.Send(Get(s_paths.Pipelines(slug)), answer => answer.Read(s_json.HubSpotPipelines), cancellationToken);

    /// <summary>The custom object types; none where the grant does not let us see them.</summary>
    public Task<HubSpotSchemas> Schemas(CancellationToken cancellationToken) => http.Send(
        Get(s_paths.Schemas()) with { Takes = [403] }, answer => answer.IsSuccess ? answer.Read(s_json.HubSpotSchemas) : new HubSpotSchemas(), cancellationToken);

    /// <summary>A record by its id, or by the value of a unique property of ours; null when there is none.</summary>
    public Task<HubSpotRecord?> Find(string slug, string id, IEnumerable<string> properties, string? idProperty, CancellationToken cancellationToken)
    {
        if (idProperty is null && !IsId(id))
        {
            return Task.FromResult<HubSpotRecord?>(null);
        }

        var query = $"?properties={string.Join(',', properties)}{(idProperty is null ? "" : $"&idProperty={idProperty}")}";
        var call = Get(s_paths.Objects(slug, $"/{Uri.EscapeDataString(id)}{query}")) with { Takes = [404] };
        return http.Send(call, answer => answer.IsSuccess ? answer.Read(s_json.HubSpotRecord) : null, cancellationToken);
    }

    /// <summary>A record by a property that may hold a customer's data; null when there is none.</summary>
    public Task<HubSpotRecord?> FindBy(string slug, string idProperty, string value, IReadOnlyList<string> properties, CancellationToken cancellationToken)
    {
        var call = Post(s_paths.Objects(slug, "/batch/read")).With(new HubSpotBatchRead(idProperty, properties, [new HubSpotId(value)]), s_json.HubSpotBatchRead);
        return http.Send(
            call with { IsRead = true, Takes = [404] },
            answer => answer.IsSuccess && answer.Read(s_json.HubSpotRecords).Results is [var found, ..] ? found : null,
            cancellationToken);
    }

    public Task<HubSpotRecords> Search(string slug, HubSpotSearch search, CancellationToken cancellationToken) => http.Send(
        Post(s_paths.Objects(slug, "/search")).With(search, s_json.HubSpotSearch) with { IsRead = true }, answer => answer.Read(s_json.HubSpotRecords), cancellationToken);

    /// <summary>Creates a record, or gives the answer that refused it (400, 404 or 409): it may be there already.</summary>
    public Task<(HubSpotRecord? Created, CrmAnswer Answer)> Create(
        string slug, IReadOnlyDictionary<string, string> properties, IReadOnlyList<HubSpotAssociation> associations, CancellationToken cancellationToken)
    {
        var write = new HubSpotWrite(properties) { Associations = associations };
        return http.Send(
            Post(s_paths.Objects(slug)).With(write, s_json.HubSpotWrite) with { Takes = [400, 404, 409] },
            answer => (answer.IsSuccess ? answer.Read(s_json.HubSpotRecord) : null, answer),
            cancellationToken);
    }

    /// <summary>Changes properties; an empty value clears.</summary>
    public Task<HubSpotRecord> Update(string slug, string id, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken) => IsId(id)
        ? http.Send(
            new CrmCall(HttpMethod.Patch, s_paths.Objects(slug, "/" + id)).With(new HubSpotWrite(properties), s_json.HubSpotWrite),
            answer => answer.Read(s_json.HubSpotRecord),
            cancellationToken)
        : throw HubSpotErrors.NotFound();

    /// <summary>Archives a record.</summary>
    public Task<bool> Archive(string slug, string id, CancellationToken cancellationToken) =>
        http.Send(new CrmCall(HttpMethod.Delete, s_paths.Objects(slug, "/" + id)), answer => answer.IsSuccess, cancellationToken);

    /// <summary>Deletes a contact for good.</summary>
    public Task<bool> DeleteForGood(string id, CancellationToken cancellationToken) => http.Send(
        Post(s_paths.Objects("contacts", "/gdpr-delete")).With(new HubSpotGdprDelete(id), s_json.HubSpotGdprDelete), answer => answer.IsSuccess, cancellationToken);

    /// <summary>The ids of what a record is associated with; none when the record is gone.</summary>
    public Task<IReadOnlyList<string>> Associated(string slug, string id, string to, CancellationToken cancellationToken) => IsId(id)
        ? http.Send<IReadOnlyList<string>>(
            Get(s_paths.Associated(slug, id, to)) with { Takes = [404] },
            answer => answer.IsSuccess
                ? [.. answer.Read(s_json.HubSpotAssociatedRecords).Results.Select(result => result.ToObjectId.ToString(CultureInfo.InvariantCulture))]
                : [],
            cancellationToken)
        : Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Associates two records; that they are already changes nothing.</summary>
    public Task<bool> Associate(string slug, string id, string to, string toId, CancellationToken cancellationToken) =>
        http.Send(new CrmCall(HttpMethod.Put, s_paths.Associate(slug, id, to, toId)), answer => answer.IsSuccess, cancellationToken);

    /// <summary>Whether a text can be a record's id: it goes into a path.</summary>
    public static bool IsId(string text) => text.Length is > 0 and <= MaxIdLength && text.All(char.IsAsciiDigit);

    private static CrmCall Get(Uri address) => new(HttpMethod.Get, address) { IsRead = true };

    private static CrmCall Post(Uri address) => new(HttpMethod.Post, address);

    private static IEnumerable<CrmAllowance> Allowances(HttpResponseHeaders headers)
    {
        if (Number(headers, "X-HubSpot-RateLimit-Remaining") is { } remaining)
        {
            yield return new CrmAllowance(remaining, TimeSpan.FromMilliseconds(Math.Clamp(Number(headers, "X-HubSpot-RateLimit-Interval-Milliseconds") ?? 10_000, 0, 60_000)));
        }

        if (Number(headers, "X-HubSpot-RateLimit-Secondly-Remaining") is { } second)
        {
            yield return new CrmAllowance(second, TimeSpan.FromSeconds(1));
        }
    }

    private static int? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
