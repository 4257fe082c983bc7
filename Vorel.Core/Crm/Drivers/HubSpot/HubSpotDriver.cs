using System.Globalization;
using System.Text.Json;
using Vorel.Core.Crm.Http;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>HubSpot behind the interface of all CRMs (README.md beside this file).</summary>
internal sealed class HubSpotDriver : ICrmDriver
{
    private readonly HubSpotClient _client;
    private readonly HubSpotPortal _portal;
    private readonly HubSpotPeople _people;
    private readonly HubSpotReader _reader;
    private readonly HubSpotWriter _writer;
    private readonly HubSpotCredentials _account;

    private HubSpotDriver(HubSpotCredentials account, CrmDriverContext context, CrmDriverServices services)
    {
        _account = account;
        _client = new HubSpotClient(new CrmHttp(HubSpotClient.Dialect, context, services));
        _portal = new HubSpotPortal(_client);
        _people = new HubSpotPeople(_client, _portal);
        _reader = new HubSpotReader(_client);
        _writer = new HubSpotWriter(_client, _portal, new HubSpotTies(_client, _people), services.RealTime);
    }

    /// <inheritdoc/>
    public CrmCapabilities Capabilities => HubSpotDefaults.Capabilities;

    /// <summary>Makes the driver of a connection. Calls nobody.</summary>
    public static ICrmDriver Open(CrmDriverContext context, CrmDriverServices services)
    {
        try
        {
            return context.Tokens is not null && context.Credentials.Deserialize(HubSpotCredentialsJson.Default.HubSpotCredentials) is { } account
                ? new HubSpotDriver(account, context, services)
                : throw HubSpotErrors.Invalid("A grant of a HubSpot account is needed.");
        }
        catch (JsonException)
        {
            throw HubSpotErrors.Invalid("A grant of a HubSpot account is needed.");
        }
    }

    /// <inheritdoc/>
    public Task TestConnection(CancellationToken cancellationToken) => Verb(
        async token =>
        {
            var account = await _client.Account(token);
            if (account.PortalId != _account.PortalId)
            {
                throw new CrmException(CrmErrorCode.AuthError, "The token belongs to another HubSpot account than the one that was connected.", retryable: false);
            }

            var missing = HubSpotDefaults.Scopes.Except(_account.Scopes, StringComparer.Ordinal).ToList();
            return missing.Count == 0 ? account : throw new CrmException(
                CrmErrorCode.InsufficientScope, $"The grant lacks: {string.Join(", ", missing)}. Connect HubSpot again and allow all that is asked for.", retryable: false);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<CrmRecord?> LookupCustomer(CustomerQuery query, CancellationToken cancellationToken) => Verb(
        async token => (await _people.ByPhone(query.Phone, query.Email, token) ?? await _people.ByEmail(query.Email, token) ?? await _people.ByBusinessId(query.ExternalId, token)) is { } found
            ? Record(CrmObject.Contact, found)
            : null,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CrmRecord>> SearchRecords(CrmObject crmObject, string query, int limit, CancellationToken cancellationToken) => Verb(
        async token => Records(crmObject, await _reader.Search(HubSpotFields.Of(crmObject), query, limit, token)), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CrmRecord>> ListRecent(CrmObject crmObject, DateTimeOffset since, int limit, CancellationToken cancellationToken) => Verb(
        async token => Records(crmObject, await _reader.ListRecent(HubSpotFields.Of(crmObject), since, limit, token)), cancellationToken);

    /// <inheritdoc/>
    public async Task<CrmReference> CreateRecord(CrmObject crmObject, CrmFields fields, string idempotencyKey, CancellationToken cancellationToken)
    {
        try
        {
            return await Verb(async token => Reference(crmObject, await _writer.Create(crmObject, fields, idempotencyKey, token)), cancellationToken);
        }
        catch (CrmException lost) when (lost.OutcomeUnknown && Capabilities.FoundByKeyLater.Contains(crmObject))
        {
            // It may have been written, and a search would not find it yet: whoever repeats this comes when one does.
            var later = lost.RetryAfter > HubSpotDefaults.SearchLag ? lost.RetryAfter : HubSpotDefaults.SearchLag;
            throw new CrmException(lost.Code, lost.Message, lost.Retryable, later) { OutcomeUnknown = true };
        }
    }

    /// <inheritdoc/>
    /// <remarks>HubSpot knows no order of writes: <paramref name="sequence"/> is the caller's to keep.</remarks>
    public Task<CrmReference> UpdateRecord(
        CrmObject crmObject, string externalId, CrmFields fields, string idempotencyKey, long sequence, CancellationToken cancellationToken) => Verb(
        async token =>
        {
            await _writer.Update(crmObject, externalId, fields, token);
            return Reference(crmObject, externalId);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<CrmDeletion> DeleteRecord(CrmObject crmObject, string externalId, CancellationToken cancellationToken) => Verb(
        async token =>
        {
            var shape = HubSpotFields.Of(crmObject);
            var isForGood = _account.GdprDelete && shape == HubSpotFields.Contacts;
            var deleted = 0;
            foreach (var id in externalId.Split(HubSpotWriter.IdSeparator))
            {
                // HubSpot says the same of what was there and of what was not.
                if (await _client.Find(shape.Slug, id, [HubSpotFields.Key], null, token) is not null)
                {
                    _ = isForGood ? await _client.DeleteForGood(id, token) : await _client.Archive(shape.Slug, id, token);
                    deleted++;
                }
            }

            return deleted == 0 ? throw HubSpotErrors.NotFound() : isForGood ? CrmDeletion.Hard : CrmDeletion.Soft;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<CrmSchema> Introspect(CancellationToken cancellationToken) => Verb(
        async token =>
        {
            var objects = new List<CrmSchemaObject>();
            foreach (var shape in HubSpotFields.Shapes)
            {
                objects.Add(await Describe(shape.Slug, shape.Slug, shape.Required, token));
            }

            foreach (var custom in (await _client.Schemas(token)).Results.Take(HubSpotDefaults.MaxCustomObjects).Where(custom => IsCustom(custom.ObjectTypeId)))
            {
                objects.Add(await Describe(custom.ObjectTypeId, custom.Name, custom.RequiredProperties, token));
            }

            return new CrmSchema(objects);
        },
        cancellationToken);

    private async Task<CrmSchemaObject> Describe(string slug, string name, IReadOnlyList<string> required, CancellationToken cancellationToken) => new(
        name,
        [.. (await _client.Properties(slug, cancellationToken)).Results.Where(property => !property.Archived)
            .Select(property => new CrmSchemaField(property.Name, property.Label, property.Type, required.Contains(property.Name, StringComparer.Ordinal), property.IsReadOnly))]);

    private Task<T> Verb<T>(Func<CancellationToken, Task<T>> verb, CancellationToken cancellationToken) => _client.Verb(verb, cancellationToken);

    private IReadOnlyList<CrmRecord> Records(CrmObject crmObject, IReadOnlyList<HubSpotRecord> records) => [.. records.Select(record => Record(crmObject, record))];

    private CrmRecord Record(CrmObject crmObject, HubSpotRecord record) => HubSpotValues.Record(crmObject, record, Url(crmObject, record.Id));

    private CrmReference Reference(CrmObject crmObject, string id) => new(id, Url(crmObject, id.Split(HubSpotWriter.IdSeparator)[0]));

    /// <summary>Where people find a record. An id that is none leads nowhere.</summary>
    private Uri? Url(CrmObject crmObject, string id)
    {
        var host = _account.UiDomain is { } domain && IsUiDomain(domain) ? domain : HubSpotDefaults.App.Host;
        return HubSpotClient.IsId(id)
            ? new Uri(string.Create(CultureInfo.InvariantCulture, $"https://{host}/contacts/{_account.PortalId}/record/{HubSpotFields.Of(crmObject).TypeId}/{id}"))
            : null;
    }

    // It becomes a link that people follow: app.hubspot.com, app-eu1.hubspot.com and their like.
    private static bool IsUiDomain(string text) => text.EndsWith(".hubspot.com", StringComparison.Ordinal)
        && text.Split('.') is [var name, _, _]
        && name.StartsWith("app", StringComparison.Ordinal)
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    // It goes into a path.
    private static bool IsCustom(string typeId) => typeId.StartsWith("2-", StringComparison.Ordinal) && HubSpotClient.IsId(typeId[2..]);
}
