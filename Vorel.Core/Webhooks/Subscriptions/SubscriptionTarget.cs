namespace Vorel.Core.Webhooks.Subscriptions;

/// <summary>What an attempt needs of a subscription. It is held for the moment of the attempt only.</summary>
internal sealed record SubscriptionTarget(string TargetUrl, string Secret, bool IsFailing)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(SubscriptionTarget);
}
