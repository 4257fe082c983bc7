using System.Text.Json.Nodes;

namespace Vorel.Core.Crm;

/// <summary>The canonical object types; each driver maps them to its provider's own.</summary>
public enum CrmObject
{
    /// <summary>A person or company the business deals with.</summary>
    Contact,

    /// <summary>A prospect.</summary>
    Lead,

    /// <summary>An opportunity.</summary>
    Deal,

    /// <summary>A booking.</summary>
    Appointment,

    /// <summary>A request or complaint.</summary>
    Case,

    /// <summary>A conversation's header.</summary>
    Conversation,

    /// <summary>A batch of a conversation's transcript.</summary>
    Message,
}

/// <summary>Canonical field names (snake_case) and their JSON values.</summary>
public sealed record CrmFields(JsonObject Values)
{
    /// <summary>The records that this one belongs to, as far as the same CRM holds them: it may tie them together.</summary>
    public IReadOnlyList<CrmParent> Parents { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => nameof(CrmFields);
}

/// <summary>A record in the CRM that another one belongs to.</summary>
public sealed record CrmParent(CrmObject Object, string ExternalId);

/// <summary>A record as the CRM holds it, in canonical field names where they are mapped.</summary>
public sealed record CrmRecord(string ExternalId, CrmObject Object, CrmFields Fields, Uri? Url, DateTimeOffset? ModifiedAt);

/// <summary>Where a written record lives in the CRM.</summary>
public sealed record CrmReference(string ExternalId, Uri? Url);

/// <summary>By what a customer is looked up; at least one is set.</summary>
/// <param name="Phone">E.164.</param>
public sealed record CustomerQuery(string? Phone, string? Email, string? ExternalId)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(CustomerQuery);
}

/// <summary>How thorough a deletion was.</summary>
public enum CrmDeletion
{
    /// <summary>The record is gone.</summary>
    Hard,

    /// <summary>The record is archived at the provider and can be restored there.</summary>
    Soft,
}

/// <summary>What a provider can do.</summary>
/// <param name="Objects">The object types it can hold.</param>
/// <param name="CanRead">Look-up, search and list work.</param>
/// <param name="Deletes">How it deletes; null when it cannot.</param>
/// <param name="Rate">How often it may be called.</param>
public sealed record CrmCapabilities(IReadOnlySet<CrmObject> Objects, bool CanRead, CrmDeletion? Deletes, CrmRate Rate)
{
    /// <summary>
    /// The object types of which a second record with the same idempotency key cannot come to be. Of others a repeat may make one, and then the receiver must
    /// tell them apart; but see <see cref="FoundByKeyLater"/>.
    /// </summary>
    public IReadOnlySet<CrmObject> FoundByKey { get; init; } = new HashSet<CrmObject>();

    /// <summary>The object types of which a record is found by its key only some time after it was made: a repeat before that may make a second one.</summary>
    public IReadOnlySet<CrmObject> FoundByKeyLater { get; init; } = new HashSet<CrmObject>();
}

/// <summary>How many calls of one tenant a provider takes: the limit that it publishes, or our own choice where it publishes none.</summary>
/// <param name="Calls">So many, at least one.</param>
/// <param name="Per">Within any span of this length.</param>
public sealed record CrmRate(int Calls, TimeSpan Per);

/// <summary>A provider's objects and their fields.</summary>
public sealed record CrmSchema(IReadOnlyList<CrmSchemaObject> Objects);

/// <summary>One object type of a provider.</summary>
public sealed record CrmSchemaObject(string Name, IReadOnlyList<CrmSchemaField> Fields);

/// <summary>One field of a provider's object.</summary>
public sealed record CrmSchemaField(string Name, string Label, string Type, bool Required, bool ReadOnly);
