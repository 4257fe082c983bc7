namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>Finds out what a new record is tied to: its person, and the records that it belongs to.</summary>
internal sealed class HubSpotTies(HubSpotClient client, HubSpotPeople people)
{
    /// <summary>The person that a record is about; null where it does not say.</summary>
    public static HubSpotPerson? PersonOf(CrmObject crmObject, CrmFields fields)
    {
        string? Text(string name) => HubSpotValues.Text(fields.Values[name]) is { Length: > 0 } text ? text : null;
        return crmObject switch
        {
            CrmObject.Lead or CrmObject.Deal => new HubSpotPerson(Text("name"), Text("phone"), Text("email")),
            CrmObject.Appointment => new HubSpotPerson(Text("customer_name"), Text("customer_phone"), Text("customer_email")),
            CrmObject.Conversation when Text("customer_identifier") is { } identifier => Text("channel") == "email"
                ? new HubSpotPerson(Text("customer_name"), null, identifier)
                : PhoneNumber.E164(identifier) is { } phone
                    ? new HubSpotPerson(Text("customer_name"), phone, null)
                    : new HubSpotPerson(Text("customer_name") ?? identifier, null, null),
            _ => null,
        };
    }

    /// <summary>The associations of a new record.</summary>
    public async Task<IReadOnlyList<HubSpotAssociation>> Of(CrmObject crmObject, CrmFields fields, string key, CancellationToken cancellationToken)
    {
        var ties = new HashSet<(string Slug, string Id)>();
        var person = PersonOf(crmObject, fields);
        foreach (var parent in fields.Parents.Where(parent => HubSpotClient.IsId(parent.ExternalId)))
        {
            var slug = HubSpotFields.Of(parent.Object).Slug;
            ties.Add((slug, parent.ExternalId));
            if (parent.Object == CrmObject.Conversation && person?.IsReachable != true)
            {
                await AddAll(ties, "contacts", parent.ExternalId, cancellationToken);
                if (crmObject == CrmObject.Message)
                {
                    await AddAll(ties, "deals", parent.ExternalId, cancellationToken);
                }
            }
        }

        // A conversation needs somebody, even one without number and address; what belongs to a conversation has its.
        if (person is not null && (person.IsReachable || crmObject == CrmObject.Conversation))
        {
            ties.Add(("contacts", await people.Ensure(person, ContactKey(key), cancellationToken)));
        }

        var from = HubSpotFields.Of(crmObject).Slug;
        return [.. ties
            .Where(tie => HubSpotDefaults.Association(from, tie.Slug) is not null)
            .Select(tie => new HubSpotAssociation(
                new HubSpotId(tie.Id), [new HubSpotAssociationType("HUBSPOT_DEFINED", HubSpotDefaults.Association(from, tie.Slug)!.Value)]))];
    }

    /// <summary>Ties a deal to its person, who became known after it was made; nothing if it has one.</summary>
    public async Task Complete(HubSpotShape shape, string id, HubSpotPerson person, string key, CancellationToken cancellationToken)
    {
        if ((await client.Associated(shape.Slug, id, "contacts", cancellationToken)).Count == 0)
        {
            var contact = await people.Ensure(person, ContactKey(key), cancellationToken);
            await client.Associate(shape.Slug, id, "contacts", contact, cancellationToken);
        }
    }

    /// <summary>Those of the associations whose other end is still there.</summary>
    public async Task<IReadOnlyList<HubSpotAssociation>> StillThere(string from, IReadOnlyList<HubSpotAssociation> associations, CancellationToken cancellationToken)
    {
        var left = new List<HubSpotAssociation>();
        foreach (var association in associations)
        {
            var slug = HubSpotDefaults.Associated(from, association.Types[0].AssociationTypeId);
            if (await client.Find(slug, association.To.Id, [HubSpotFields.Key], null, cancellationToken) is not null)
            {
                left.Add(association);
            }
        }

        return left;
    }

    // A record's person is made under a key of its own, so that a repeat finds it.
    private static string ContactKey(string key) => key + ":contact";

    private async Task AddAll(HashSet<(string Slug, string Id)> ties, string slug, string note, CancellationToken cancellationToken)
    {
        foreach (var id in await client.Associated("notes", note, slug, cancellationToken))
        {
            ties.Add((slug, id));
        }
    }
}
