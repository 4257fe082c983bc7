namespace Vorel.Core.Webhooks;

/// <summary>What follows an attempt.</summary>
public abstract record LadderStep
{
    private LadderStep()
    {
    }

    /// <summary>A 2xx: the delivery is <c>delivered</c>.</summary>
    public sealed record Delivered : LadderStep;

    /// <summary>A 4xx: the delivery is <c>permanent_fail</c>; the same bytes would be refused again.</summary>
    /// <param name="DisablesSubscription">It was a 410: the receiver is gone for good.</param>
    public sealed record PermanentFail(bool DisablesSubscription) : LadderStep;

    /// <summary>Try again.</summary>
    /// <param name="Attempt">The number of the next attempt, from 2.</param>
    /// <param name="Delay">Counted from the end of the last attempt.</param>
    public sealed record Retry(int Attempt, TimeSpan Delay) : LadderStep;

    /// <summary>The ladder is used up: the delivery is <c>dead_letter</c>.</summary>
    public sealed record DeadLetter : LadderStep;
}
