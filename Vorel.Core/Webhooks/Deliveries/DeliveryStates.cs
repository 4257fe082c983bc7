namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>The names of the states, as stored and shown.</summary>
public static class DeliveryStates
{
    private static readonly Dictionary<DeliveryState, string> s_names = new()
    {
        [DeliveryState.Pending] = "pending",
        [DeliveryState.Attempting] = "attempting",
        [DeliveryState.Delivered] = "delivered",
        [DeliveryState.PermanentFail] = "permanent_fail",
        [DeliveryState.DeadLetter] = "dead_letter",
        [DeliveryState.Cancelled] = "cancelled",
    };

    /// <summary>The name of a state.</summary>
    public static string Name(this DeliveryState state) => s_names[state];

    /// <summary>Whether nothing follows any more.</summary>
    public static bool IsTerminal(this DeliveryState state) => state is not (DeliveryState.Pending or DeliveryState.Attempting);

    /// <summary>The state of a stored name.</summary>
    internal static DeliveryState Parse(string name) => s_names.Single(entry => entry.Value == name).Key;
}
