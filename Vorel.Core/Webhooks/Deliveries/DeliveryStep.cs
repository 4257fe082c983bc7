namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>What a delivery needs next.</summary>
public abstract record DeliveryStep
{
    private DeliveryStep()
    {
    }

    /// <summary>Nothing: it came to its end, or is not there.</summary>
    public sealed record Done : DeliveryStep;

    /// <summary>An attempt, at this moment of the domain clock.</summary>
    public sealed record Wait(DateTimeOffset Until) : DeliveryStep;

    /// <summary>An attempt, now; or what its end leads to.</summary>
    public sealed record Attempt : DeliveryStep;

    /// <summary>Another one is at it, or the receiver has as many calls open as it may: look again after a while. Does not count as an attempt.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : DeliveryStep;
}
