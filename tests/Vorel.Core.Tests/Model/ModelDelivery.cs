namespace Vorel.Core.Tests.Model;

/// <summary>A subscription as the model knows it.</summary>
internal sealed class ModelSubscription(int tenant, string url, IReadOnlyList<string> events, long since)
{
    public int Tenant { get; } = tenant;

    public string Url { get; } = url;

    public IReadOnlyList<string> Events { get; } = events;

    public long Since { get; } = since;

    /// <summary>Since when nothing may be sent to it.</summary>
    public long? GoneAt { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>Whether it says that its deliveries run out of attempts.</summary>
    public bool IsFailing { get; set; }

    /// <summary>How many deliveries got through to it.</summary>
    public int Delivered { get; set; }

    /// <summary>How often people were told of its dead letters.</summary>
    public int Alerts { get; set; }
}

/// <summary>An event on its way to a subscription, as the model knows it.</summary>
internal sealed class ModelDelivery(ModelWrite write, Guid eventId, ModelSubscription subscription)
{
    public ModelWrite Write { get; } = write;

    public Guid EventId { get; } = eventId;

    public ModelSubscription Subscription { get; } = subscription;

    /// <summary>Its row landed late.</summary>
    public bool CameLate { get; init; }

    /// <summary>
    /// Whether it must still come to its end. A row that landed after its hint was looked into is found by the fan-out that comes
    /// again, unless the subscription is gone by then: it stays as it is, and nothing is sent.
    /// </summary>
    public bool IsOpen => End is null && !(CameLate && Subscription.GoneAt is not null);

    /// <summary>Attempts that are on record.</summary>
    public int Recorded { get; set; }

    /// <summary>POSTs that were made.</summary>
    public int Posts { get; set; }

    /// <summary>Null while it goes on.</summary>
    public string? End { get; set; }

    /// <summary>Not before this moment of the domain clock.</summary>
    public DateTimeOffset NotBefore { get; set; } = DateTimeOffset.MinValue;

    /// <summary>How often the attempt under way was begun again.</summary>
    public int Takeovers { get; set; }

    /// <summary>From when the claim of the attempt under way counts, by the real clock.</summary>
    public DateTimeOffset? ClaimedAt { get; set; }
}
