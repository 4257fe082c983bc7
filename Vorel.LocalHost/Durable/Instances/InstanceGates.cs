namespace Vorel.LocalHost.Durable.Instances;

/// <summary>
/// One holder at a time for each instance id, without a lock object for every id that ever was: ids share a fixed number of gates
/// by hash. Nobody may enter a second gate while holding one.
/// </summary>
internal sealed class InstanceGates
{
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1, 1))];

    public async Task<Holder> Enter(string instanceId, CancellationToken cancellationToken)
    {
        var gate = _gates[(uint)string.GetHashCode(instanceId, StringComparison.Ordinal) % (uint)_gates.Length];
        await gate.WaitAsync(cancellationToken);
        return new Holder(gate);
    }

    internal readonly struct Holder(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
