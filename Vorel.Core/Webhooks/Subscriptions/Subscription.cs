namespace Vorel.Core.Webhooks.Subscriptions;

/// <summary>A subscription as its owner sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TargetUrl">Where events go.</param>
/// <param name="Events">Which events, of the twelve.</param>
/// <param name="Description">The owner's note.</param>
/// <param name="SecretPrefix">The first 12 characters of the secret; the rest was shown once.</param>
/// <param name="Status">Whether events are sent.</param>
/// <param name="DisabledReason">A code, <c>gone</c> for an answer of 410; null while active.</param>
/// <param name="DisabledAt">Since when it is disabled.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Subscription(
    Guid Id,
    string TargetUrl,
    IReadOnlyList<string> Events,
    string? Description,
    string SecretPrefix,
    SubscriptionStatus Status,
    string? DisabledReason,
    DateTimeOffset? DisabledAt,
    DateTimeOffset CreatedAt);

/// <summary>Whether a subscription's events are sent.</summary>
public enum SubscriptionStatus
{
    /// <summary>They are.</summary>
    Active,

    /// <summary>They are not, and what waited is cancelled.</summary>
    Disabled,
}

/// <summary>A new subscription and its secret, which is shown this once.</summary>
public sealed record CreatedSubscription(Subscription Subscription, string Secret)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(CreatedSubscription);
}
