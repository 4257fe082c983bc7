namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>Finds contacts, and makes those that other records need: a deal, a note or a meeting without one is seen by nobody at HubSpot.</summary>
internal sealed class HubSpotPeople(HubSpotClient client, HubSpotPortal portal)
{
    private const int SearchedDigits = 10;
    private const int MostWithOneNumber = 100;
    private const string AllEmails = "hs_additional_emails";
    private const string Calculated = "hs_calculated_phone_number";
    private const string CalculatedMobile = "hs_calculated_mobile_number";
    private const string Searchable = "hs_searchable_calculated_phone_number";

    private static readonly HubSpotShape s_contacts = HubSpotFields.Contacts;
    private static readonly string[] s_read = [.. s_contacts.Read, AllEmails, Calculated, CalculatedMobile];

    /// <summary>The properties beside those of the mapping by which a number is found.</summary>
    public static IReadOnlyList<string> Numbers { get; } = [Calculated, CalculatedMobile, Searchable];

    /// <summary>
    /// The contact with a number, whole and in whatever spelling; null when there is none. Of several the one with the address, else the one that changed last.
    /// </summary>
    public async Task<HubSpotRecord?> ByPhone(string? phone, string? email, CancellationToken cancellationToken)
    {
        if (PhoneNumber.E164(phone) is not { } e164)
        {
            return null;
        }

        var digits = e164[1..];
        var same = await Same([Is("phone", e164), Is("mobilephone", e164), Is("phone", digits), Is("mobilephone", digits)], null, e164, cancellationToken);
        if (same.Count == 0)
        {
            // Written with blanks, brackets or without its country: found by its last digits, taken only if all of it is the same.
            var last = digits.Length > SearchedDigits ? digits[^SearchedDigits..] : digits;
            same = await portal.Has(s_contacts, Searchable, cancellationToken)
                ? await Same([new HubSpotFilterGroup([new HubSpotFilter(Searchable, "CONTAINS_TOKEN", "*" + last)])], null, e164, cancellationToken)
                : await Same(null, last, e164, cancellationToken);
        }

        return same.Find(contact => HasEmail(contact, email)) ?? same.MaxBy(contact => contact.UpdatedAt);
    }

    /// <summary>The contact with an address; null when there is none.</summary>
    public async Task<HubSpotRecord?> ByEmail(string? email, CancellationToken cancellationToken) => string.IsNullOrEmpty(email)
        ? null
        : await client.FindBy(s_contacts.Slug, "email", email, s_read, cancellationToken) is { } found && HasEmail(found, email) ? found : null;

    /// <summary>The contact that the business knows by an id of its own; null when there is none.</summary>
    public async Task<HubSpotRecord?> ByBusinessId(string? id, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(id))
        {
            return null;
        }

        await portal.Writable(s_contacts, cancellationToken);
        return await client.FindBy(s_contacts.Slug, HubSpotFields.BusinessId, id, s_read, cancellationToken) is { } found && found.Property(HubSpotFields.BusinessId) == id
            ? found
            : null;
    }

    /// <summary>The id of the contact for a record that is about a person, made under <paramref name="key"/> if there is none yet.</summary>
    public async Task<string> Ensure(HubSpotPerson person, string key, CancellationToken cancellationToken)
    {
        if ((await ByEmail(person.Email, cancellationToken) ?? await ByPhone(person.Phone, person.Email, cancellationToken)) is { } known)
        {
            return known.Id;
        }

        var fields = new System.Text.Json.Nodes.JsonObject();
        foreach (var (name, value) in new[] { ("name", person.Name), ("phone", person.Phone), ("email", person.Email) })
        {
            if (value is not null)
            {
                fields[name] = value;
            }
        }

        var (properties, _) = HubSpotValues.Split(s_contacts, await portal.Writable(s_contacts, cancellationToken), new CrmFields(fields));
        properties[HubSpotFields.Key] = key;
        var (created, answer) = await client.Create(s_contacts.Slug, properties, [], cancellationToken);
        return created?.Id
            ?? HubSpotErrors.ExistingId(answer)
            ?? (await client.Find(s_contacts.Slug, key, [HubSpotFields.Key], HubSpotFields.Key, cancellationToken))?.Id
            ?? throw HubSpotErrors.Of(answer);
    }

    private static HubSpotFilterGroup Is(string property, string value) => new([new HubSpotFilter(property, "EQ", value)]);

    private static bool HasEmail(HubSpotRecord contact, string? email) => email is not null
        && (string.Equals(contact.Property("email"), email, StringComparison.OrdinalIgnoreCase)
            || contact.Property(AllEmails)?.Split(';').Contains(email, StringComparer.OrdinalIgnoreCase) == true);

    private async Task<List<HubSpotRecord>> Same(IReadOnlyList<HubSpotFilterGroup>? filters, string? query, string e164, CancellationToken cancellationToken)
    {
        var search = new HubSpotSearch(s_read, MostWithOneNumber) { FilterGroups = filters, Query = query };
        return [.. (await client.Search(s_contacts.Slug, search, cancellationToken)).Results.Where(contact =>
            new[] { "phone", "mobilephone", Calculated, CalculatedMobile }.Any(property => PhoneNumber.IsSame(contact.Property(property), e164)))];
    }
}
