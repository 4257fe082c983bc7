namespace Vorel.Core.Messaging;

/// <summary>Starts and wakes durable orchestrations. Inputs carry ids, counts and codes, never customer data.</summary>
public interface IOrchestrations
{
    /// <summary>
    /// Starts an instance. An id that is running, pending or suspended is left alone; a finished one starts again, which is
    /// why every orchestration begins by loading its row and ends at once if there is nothing to do.
    /// </summary>
    Task<StartOutcome> Start(string name, string instanceId, string inputJson, CancellationToken cancellationToken);

    /// <summary>Raises an event. False when the instance is unknown or finished.</summary>
    Task<bool> Raise(string instanceId, string eventName, CancellationToken cancellationToken);
}

/// <summary>What became of a start.</summary>
public enum StartOutcome
{
    /// <summary>The instance was started.</summary>
    Started,

    /// <summary>An instance with this id is at work already.</summary>
    AlreadyRunning,
}
