namespace Vorel.LocalHost.Durable.Instances;

/// <summary>Waits for an instance, as long as its caller does: also for one that nobody has started yet.</summary>
internal sealed class InstanceWaits(InstanceOperations operations, LiveInstances live, TimeProvider real)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    /// <summary>The instance, with its input and output, once it is so.</summary>
    public async Task<InstanceRecord> Until(string instanceId, Func<InstanceRecord, bool> isSo, CancellationToken cancellationToken)
    {
        while (true)
        {
            // While it is at work memory says how far it is; without the gate the answer is at most one turn old. The table is asked for the rest.
            if ((live.Find(instanceId) is not { } present || isSo(present.Record))
                && await operations.Get(instanceId, cancellationToken) is { } instance && isSo(instance))
            {
                return instance;
            }

            await Task.Delay(s_interval, real, cancellationToken);
        }
    }
}
