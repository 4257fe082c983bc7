using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Functions.Api.Operator;

/// <summary>A delivery: ids, codes and times, never a body.</summary>
internal sealed record DeliveryAnswer(
    Guid Id,
    Guid SubscriptionId,
    Guid EventId,
    string Event,
    string State,
    IReadOnlyList<AttemptAnswer> Attempts,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    string? CancelReason)
{
    public static DeliveryAnswer Of(Delivery delivery) => new(
        delivery.Id,
        delivery.Subscription,
        delivery.EventId,
        delivery.Event,
        delivery.State.Name(),
        [.. delivery.Attempts.Select(AttemptAnswer.Of)],
        delivery.NextAttemptAt,
        delivery.CreatedAt,
        delivery.EndedAt,
        delivery.CancelReason);
}

/// <summary>One attempt of a delivery.</summary>
internal sealed record AttemptAnswer(int Number, DateTimeOffset At, int? Status, string? Error, long LatencyMs)
{
    public static AttemptAnswer Of(DeliveryAttempt attempt) =>
        new(attempt.Number, attempt.At, attempt.Status, attempt.Error?.ToString().ToLowerInvariant(), (long)attempt.Latency.TotalMilliseconds);
}

/// <summary>A page of deliveries, newest first.</summary>
internal sealed record DeliveryListAnswer(IReadOnlyList<DeliveryAnswer> Data, string? NextCursor, bool HasMore);
