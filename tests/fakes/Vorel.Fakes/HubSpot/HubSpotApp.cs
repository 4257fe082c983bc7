namespace Vorel.Fakes.HubSpot;

/// <summary>A public app as it is registered with HubSpot.</summary>
public sealed class HubSpotApp
{
    /// <summary>Its client id.</summary>
    public string ClientId { get; init; } = Guid.NewGuid().ToString();

    /// <summary>Its client secret.</summary>
    public string ClientSecret { get; init; } = Guid.NewGuid().ToString();

    /// <summary>Its number.</summary>
    public int AppId { get; } = 1_234_567;

    /// <summary>Where its users may be sent back to; the text must be the same to the letter.</summary>
    public HashSet<string> RedirectUris { get; } = new(StringComparer.Ordinal);

    /// <summary>The scopes that its settings declare. A page that is asked for any other shows an error instead of a form.</summary>
    public HashSet<string> Scopes { get; } = new(StringComparer.Ordinal)
    {
        "oauth",
        "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.schemas.contacts.read", "crm.schemas.contacts.write",
        "crm.objects.companies.read", "crm.objects.companies.write", "crm.schemas.companies.read", "crm.schemas.companies.write",
        "crm.objects.deals.read", "crm.objects.deals.write", "crm.schemas.deals.read", "crm.schemas.deals.write",
        "crm.objects.custom.read", "crm.objects.custom.write", "crm.schemas.custom.read",
        "crm.objects.owners.read", "tickets",
    };

    /// <summary>What the account does not grant though it is asked for, as where its subscription lacks the feature.</summary>
    public HashSet<string> Withheld { get; } = new(StringComparer.Ordinal);
}
