using Vorel.Core.Ids;
using Vorel.Core.Storage;

namespace Vorel.Core.Webhooks.Subscriptions;

/// <summary>A tenant's subscription: where its events go. The secret is kept sealed.</summary>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record SubscriptionRow(Guid Id, string TargetUrl, IReadOnlyList<string> Events, string SecretPrefix, byte[] SealedSecret)
    : IRow<SubscriptionRow>
{
    public static string Table => "WebhookSubscriptions";

    public string RowKey => Uuid7.ToKey(Id);

    public string? Description { get; init; }

    /// <summary>Why nothing is sent any more; null while it is active.</summary>
    public string? DisabledReason { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>When people were last told that its deliveries run out of attempts.</summary>
    public DateTimeOffset? AlertedAt { get; init; }

    /// <summary>Since when its deliveries run out of attempts and none got through; null while that is not so.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When the delivery ended that got through after others had run out of attempts: what ended before it is past.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }

    /// <summary>Whether events are sent to it and run out of attempts.</summary>
    public bool IsFailing => DisabledReason is null && FailingSince is not null;

    /// <summary>The delivery whose end last changed the row in a way that people are told of, where it was one.</summary>
    public Guid? ChangedBy { get; init; }

    public static SubscriptionRow FromColumns(string rowKey, Columns columns) =>
        new(
            Uuid7.FromKey(rowKey),
            columns.Text("target_url"),
            columns.Text("events").Split(' '),
            columns.Text("secret_prefix"),
            columns.Bytes("secret"))
        {
            Description = columns.TextOrNull("description"),
            DisabledReason = columns.TextOrNull("disabled_reason"),
            DisabledAt = columns.TimeOrNull("disabled_at"),
            AlertedAt = columns.TimeOrNull("alerted_at"),
            FailingSince = columns.TimeOrNull("failing_since"),
            RecoveredAt = columns.TimeOrNull("recovered_at"),
            ChangedBy = columns.IdOrNull("changed_by"),
        };

    public Columns ToColumns() => new Columns()
        .Set("target_url", TargetUrl)
        .Set("events", string.Join(' ', Events))
        .Set("secret_prefix", SecretPrefix)
        .SetBytes("secret", SealedSecret)
        .Set("description", Description)
        .Set("disabled_reason", DisabledReason)
        .Set("disabled_at", DisabledAt)
        .Set("alerted_at", AlertedAt)
        .Set("failing_since", FailingSince)
        .Set("recovered_at", RecoveredAt)
        .Set("changed_by", ChangedBy);

    public Subscription ToSubscription() => new(
        Id, TargetUrl, Events, Description, SecretPrefix, DisabledReason is null ? SubscriptionStatus.Active : SubscriptionStatus.Disabled, DisabledReason, DisabledAt, Uuid7.TimeOf(Id));
}
