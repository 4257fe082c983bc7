using Vorel.Core.Ids;
using Vorel.Core.Storage;

namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>One event on its way to one subscription: ids, codes and times, no content.</summary>
[DataClass(DataClass.Telemetry, 60, "0003")]
internal sealed record DeliveryRow(Guid Id, Guid Subscription, Guid EventId, string Event) : IRow<DeliveryRow>
{
    public static string Table => DeliveryIds.TableFamily;

    public string RowKey => Uuid7.ToKey(Id);

    public DeliveryState State { get; init; }

    /// <summary>How many attempts have been made and recorded; the next one's number is one more.</summary>
    public int NextRung { get; init; }

    /// <summary>Not before this moment of the domain clock.</summary>
    public DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>When the attempt under way was claimed, by the real clock.</summary>
    public DateTimeOffset? ClaimedAt { get; init; }

    /// <summary>Whose the claim is: its maker finds its own by it.</summary>
    public Guid? Claim { get; init; }

    /// <summary>How often the attempt under way was begun again, after nobody recorded its end in time.</summary>
    public int Takeovers { get; init; }

    /// <summary>It came to an end that leads to something, and that is not done yet.</summary>
    public bool OwesFollowUp { get; init; }

    /// <summary>Whether there is nothing to do for it any more.</summary>
    public bool IsOver => State.IsTerminal() && !OwesFollowUp;

    public IReadOnlyList<DeliveryAttempt> Attempts { get; init; } = [];

    public DateTimeOffset? EndedAt { get; init; }

    public string? CancelReason { get; init; }

    public static DeliveryRow FromColumns(string rowKey, Columns columns) =>
        new(Uuid7.FromKey(rowKey), columns.Id("subscription"), columns.Id("event_id"), columns.Text("event"))
        {
            State = DeliveryStates.Parse(columns.Text("state")),
            NextRung = (int)columns.Number("next_rung"),
            NextAttemptAt = columns.Time("next_attempt_at"),
            ClaimedAt = columns.TimeOrNull("claimed_at"),
            Claim = columns.IdOrNull("claim"),
            Takeovers = (int)(columns.NumberOrNull("takeovers") ?? 0),
            OwesFollowUp = columns.Flag("owes_follow_up"),
            Attempts = [.. columns.TextOrNull("attempts")?.Split(' ').Select(DeliveryAttempt.Unpack) ?? []],
            EndedAt = columns.TimeOrNull("ended_at"),
            CancelReason = columns.TextOrNull("cancel_reason"),
        };

    public Columns ToColumns() => new Columns()
        .Set("subscription", Subscription)
        .Set("event_id", EventId)
        .Set("event", Event)
        .Set("state", State.Name())
        .Set("next_rung", NextRung)
        .Set("next_attempt_at", NextAttemptAt)
        .Set("claimed_at", ClaimedAt)
        .Set("claim", Claim)
        .Set("takeovers", Takeovers == 0 ? null : Takeovers)
        .Set("owes_follow_up", OwesFollowUp ? true : null)
        .Set("attempts", Attempts.Count == 0 ? null : string.Join(' ', Attempts.Select(attempt => attempt.Pack())))
        .Set("ended_at", EndedAt)
        .Set("cancel_reason", CancelReason);

    public Delivery ToDelivery() => new(
        Id, Subscription, EventId, Event, State, Attempts, State.IsTerminal() ? null : NextAttemptAt, Uuid7.TimeOf(Id), EndedAt, CancelReason);
}
