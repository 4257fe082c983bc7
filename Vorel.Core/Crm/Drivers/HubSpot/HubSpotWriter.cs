using System.Globalization;
using System.Text.Json.Nodes;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>Creates and changes records. README.md beside this file says what becomes of which field, and how a repeat is recognised.</summary>
internal sealed class HubSpotWriter(HubSpotClient client, HubSpotPortal portal, HubSpotTies ties, TimeProvider realTime)
{
    /// <summary>Joins the ids of the notes of one transcript batch.</summary>
    public const char IdSeparator = ';';

    private const int MostTimes = 3;

    /// <summary>Creates a record, or finds the one that was made under the same key; its id.</summary>
    public async Task<string> Create(CrmObject crmObject, CrmFields fields, string key, CancellationToken cancellationToken)
    {
        var shape = HubSpotFields.Of(crmObject);
        return crmObject == CrmObject.Message ? await WritePages(shape, fields, key, cancellationToken)
            : shape.KeyIsUnique ? await Write(crmObject, shape, fields, key, cancellationToken)
            : (await ByKeys(shape, [key], cancellationToken)).GetValueOrDefault(key) ?? await Write(crmObject, shape, fields, key, cancellationToken);
    }

    /// <summary>Changes the named fields of a record.</summary>
    public async Task Update(CrmObject crmObject, string id, CrmFields fields, CancellationToken cancellationToken)
    {
        if (crmObject == CrmObject.Message)
        {
            throw new CrmException(CrmErrorCode.Unsupported, "Messages do not change.", retryable: false);
        }

        var shape = HubSpotFields.Of(crmObject);
        var person = shape.Stages is null ? null : HubSpotTies.PersonOf(crmObject, fields) is { IsReachable: true } reachable ? reachable : null;
        for (var time = 1; ; time++)
        {
            var writable = await portal.Writable(shape, cancellationToken);
            var (properties, homeless) = HubSpotValues.Split(shape, writable, fields);
            await SetStage(shape, properties, isNew: false, cancellationToken);
            if (properties.GetValueOrDefault(shape.Title) is "" && shape.Required.Contains(shape.Title, StringComparer.Ordinal))
            {
                properties[shape.Title] = Untitled(crmObject);
            }

            var current = homeless.Count > 0 || person is not null
                ? await client.Find(shape.Slug, id, [HubSpotFields.Details, HubSpotFields.Key], null, cancellationToken) ?? throw HubSpotErrors.NotFound()
                : null;
            if (homeless.Count > 0)
            {
                SetDetails(shape, properties, HubSpotDetails.Merge(current!.Property(HubSpotFields.Details), homeless), isNew: false);
            }

            try
            {
                await client.Update(shape.Slug, id, properties, cancellationToken);
            }
            catch (CrmException refused) when (refused.Code == CrmErrorCode.ValidationError && time < MostTimes)
            {
                if (await portal.HasChanged(shape, writable, cancellationToken))
                {
                    continue;
                }

                throw;
            }

            if (person is not null)
            {
                await ties.Complete(shape, id, person, current!.Property(HubSpotFields.Key) ?? id, cancellationToken);
            }

            return;
        }
    }

    private async Task<string> Write(CrmObject crmObject, HubSpotShape shape, CrmFields fields, string key, CancellationToken cancellationToken)
    {
        var writable = await portal.Writable(shape, cancellationToken);
        var associations = await ties.Of(crmObject, fields, key, cancellationToken);
        for (var time = 1; ; time++)
        {
            var (properties, homeless) = HubSpotValues.Split(shape, writable, fields);
            foreach (var empty in properties.Where(property => property.Value.Length == 0).ToArray())
            {
                properties.Remove(empty.Key);
            }

            SetDetails(shape, properties, HubSpotDetails.Merge(null, homeless), isNew: true);
            SetRequired(crmObject, shape, properties, fields);
            await SetStage(shape, properties, isNew: true, cancellationToken);
            properties[HubSpotFields.Key] = key;
            var (created, answer) = await client.Create(shape.Slug, properties, associations, cancellationToken);
            if (created is not null)
            {
                return created.Id;
            }

            if (HubSpotErrors.ExistingId(answer) is { } existing)
            {
                await Update(crmObject, existing, fields, cancellationToken);
                return existing;
            }

            if (time < MostTimes && await portal.HasChanged(shape, writable, cancellationToken))
            {
                writable = await portal.Writable(shape, cancellationToken);
                continue;
            }

            if (shape.KeyIsUnique && await client.Find(shape.Slug, key, [HubSpotFields.Key], HubSpotFields.Key, cancellationToken) is { } earlier)
            {
                return earlier.Id;
            }

            var left = time < MostTimes ? await ties.StillThere(shape.Slug, associations, cancellationToken) : associations;
            associations = left.Count < associations.Count ? left : throw HubSpotErrors.Of(answer);
        }
    }

    private async Task<string> WritePages(HubSpotShape shape, CrmFields fields, string key, CancellationToken cancellationToken)
    {
        await portal.Writable(shape, cancellationToken);
        var pages = HubSpotTranscript.Pages(fields.Values);

        // The first has the batch's own key: what is one note now was one before there were several.
        var keys = pages.Select((_, page) => page == 0 ? key : string.Create(CultureInfo.InvariantCulture, $"{key}#{page + 1}")).ToList();
        var written = await ByKeys(shape, keys, cancellationToken);
        var associations = keys.TrueForAll(written.ContainsKey) ? [] : await ties.Of(CrmObject.Message, fields, key, cancellationToken);
        foreach (var (body, page) in pages.Zip(keys).Where(page => !written.ContainsKey(page.Second)))
        {
            var properties = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [shape.Body!] = body,
                [HubSpotFields.Timestamp] = Timestamp(fields.Values["messages"] is JsonArray { Count: > 0 } messages ? messages[0]?["created_at"] : null),
                [HubSpotFields.Key] = page,
            };
            written[page] = await CreatePage(shape, properties, associations, cancellationToken);
        }

        return string.Join(IdSeparator, keys.Select(page => written[page]));
    }

    private async Task<string> CreatePage(
        HubSpotShape shape, Dictionary<string, string> properties, IReadOnlyList<HubSpotAssociation> associations, CancellationToken cancellationToken)
    {
        var (created, answer) = await client.Create(shape.Slug, properties, associations, cancellationToken);
        if (created is null && await ties.StillThere(shape.Slug, associations, cancellationToken) is var left && left.Count < associations.Count)
        {
            (created, answer) = await client.Create(shape.Slug, properties, left, cancellationToken);
        }

        return created?.Id ?? throw HubSpotErrors.Of(answer);
    }

    /// <summary>The ids of the records that were made under some keys, as far as a search knows them already.</summary>
    private async Task<Dictionary<string, string>> ByKeys(HubSpotShape shape, List<string> keys, CancellationToken cancellationToken)
    {
        await portal.Writable(shape, cancellationToken);
        var filter = keys.Count == 1
            ? new HubSpotFilter(HubSpotFields.Key, "EQ", keys[0])
            : new HubSpotFilter(HubSpotFields.Key, "IN") { Values = [.. keys.Select(key => key.ToLowerInvariant())] };
        var search = new HubSpotSearch([HubSpotFields.Key], HubSpotDefaults.MaxPage)
        {
            FilterGroups = [new HubSpotFilterGroup([filter])],
            Sorts = [new HubSpotSort("hs_object_id", "ASCENDING")],
        };
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var record in (await client.Search(shape.Slug, search, cancellationToken)).Results)
        {
            // Should there be two after all, always the older one.
            if (record.Property(HubSpotFields.Key) is { } key && keys.Contains(key, StringComparer.Ordinal))
            {
                found.TryAdd(key, record.Id);
            }
        }

        return found;
    }

    private static void SetDetails(HubSpotShape shape, Dictionary<string, string> properties, string details, bool isNew)
    {
        if (details.Length > 0 || !isNew)
        {
            properties[HubSpotFields.Details] = details;
        }

        if (shape.Body is { } body && (isNew || shape.OwnsBody))
        {
            // All of it is in the details; what people see of it may end early.
            properties[body] = HubSpotHtml.Pieces(details, HubSpotDefaults.MaxText).First();
        }
    }

    private void SetRequired(CrmObject crmObject, HubSpotShape shape, Dictionary<string, string> properties, CrmFields fields)
    {
        switch (crmObject)
        {
            case CrmObject.Appointment:
                properties.TryAdd(shape.Title, HubSpotValues.Text(fields.Values["customer_name"]) is { Length: > 0 } name ? name : "Appointment");
                properties[HubSpotFields.Timestamp] = Timestamp(fields.Values["scheduled_start"]);
                break;
            case CrmObject.Conversation:
                properties[HubSpotFields.Timestamp] = Timestamp(null);
                break;
            case CrmObject.Lead or CrmObject.Deal or CrmObject.Case:
                properties.TryAdd(shape.Title, Untitled(crmObject));
                break;
            default:
                break;
        }
    }

    private static string Untitled(CrmObject crmObject) => crmObject == CrmObject.Case ? "Case" : "Lead";

    private async Task SetStage(HubSpotShape shape, Dictionary<string, string> properties, bool isNew, CancellationToken cancellationToken)
    {
        if (shape.Stages is { } names && (isNew || properties.ContainsKey(names.Stage)))
        {
            (properties[names.Pipeline], properties[names.Stage]) = await portal.Stage(shape, properties.GetValueOrDefault(names.Stage), cancellationToken);
        }
    }

    private string Timestamp(JsonNode? moment) =>
        (DateTimeOffset.TryParse(HubSpotValues.Text(moment), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : realTime.GetUtcNow())
            .ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
