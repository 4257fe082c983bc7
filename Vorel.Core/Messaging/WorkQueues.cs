namespace Vorel.Core.Messaging;

/// <summary>The names of the queues.</summary>
public static class WorkQueues
{
    /// <summary>Intents and checks of live traffic.</summary>
    public const string Live = "live";

    /// <summary>Work that can wait behind live traffic.</summary>
    public const string Bulk = "bulk";

    /// <summary>What operators have ordered, slice by slice.</summary>
    public const string Commands = "commands";
}
