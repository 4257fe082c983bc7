namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>A delivery as an operator sees it; bodies are not part of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Subscription">Where it goes.</param>
/// <param name="EventId">The envelope's id.</param>
/// <param name="Event">One of the twelve names.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">What was tried, oldest first.</param>
/// <param name="NextAttemptAt">When it is tried again; null when it is not.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="EndedAt">When it came to its end; null while it has not.</param>
/// <param name="CancelReason">For a cancelled one: <c>subscription_gone</c> or <c>payload_gone</c>.</param>
public sealed record Delivery(
    Guid Id,
    Guid Subscription,
    Guid EventId,
    string Event,
    DeliveryState State,
    IReadOnlyList<DeliveryAttempt> Attempts,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    string? CancelReason);

/// <summary>A page of deliveries, newest first.</summary>
/// <param name="Deliveries">At most the limit asked for.</param>
/// <param name="NextCursor">The id of the last one if there may be more, else null.</param>
public sealed record DeliveryPage(IReadOnlyList<Delivery> Deliveries, string? NextCursor);
