namespace Vorel.Durable;

/// <summary>Where an instance stands; numbers as on the wire.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>At work, or waiting.</summary>
    Running = 0,

    /// <summary>Ended with an output.</summary>
    Completed = 1,

    /// <summary>Started again as itself.</summary>
    ContinuedAsNew = 2,

    /// <summary>Ended with a failure.</summary>
    Failed = 3,

    /// <summary>Ended by being cancelled.</summary>
    Canceled = 4,

    /// <summary>Ended by a client.</summary>
    Terminated = 5,

    /// <summary>Not begun yet.</summary>
    Pending = 6,

    /// <summary>Held by a client.</summary>
    Suspended = 7,
}
