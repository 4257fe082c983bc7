namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>It waits for its next attempt.</summary>
    Pending,

    /// <summary>An attempt is being made.</summary>
    Attempting,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>The receiver answered 4xx: the same bytes would be refused again.</summary>
    PermanentFail,

    /// <summary>All attempts failed.</summary>
    DeadLetter,

    /// <summary>The subscription was deleted or disabled, or the event erased, before it was delivered.</summary>
    Cancelled,
}
