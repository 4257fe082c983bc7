using System.Text.Json.Serialization;
using Vorel.Core.Webhooks.Subscriptions;

namespace Vorel.Functions.Api.Operator;

/// <summary>A webhook subscription. The secret is there only in the answer that made it.</summary>
internal sealed record SubscriptionAnswer(
    Guid Id,
    string TargetUrl,
    IReadOnlyList<string> Events,
    string? Description,
    string SecretPrefix,
    string Status,
    string? DisabledReason,
    DateTimeOffset? DisabledAt,
    DateTimeOffset CreatedAt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    public static SubscriptionAnswer Of(Subscription subscription) => new(
        subscription.Id,
        subscription.TargetUrl,
        subscription.Events,
        subscription.Description,
        subscription.SecretPrefix,
        subscription.Status == SubscriptionStatus.Active ? "active" : "disabled",
        subscription.DisabledReason,
        subscription.DisabledAt,
        subscription.CreatedAt);

    /// <inheritdoc/>
    public override string ToString() => nameof(SubscriptionAnswer);
}

/// <summary>All subscriptions of a tenant, in the form of a page.</summary>
internal sealed record SubscriptionListAnswer(IReadOnlyList<SubscriptionAnswer> Data, string? NextCursor, bool HasMore);
