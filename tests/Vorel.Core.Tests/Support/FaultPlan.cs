namespace Vorel.Core.Tests.Support;

/// <summary>
/// Counts every call that leaves the process (stores, queues, orchestrations, receivers, the CRM) and breaks one of them:
/// before it takes effect, or after, so that only its answer is lost.
/// </summary>
internal sealed class FaultPlan
{
    private int _calls;

    /// <summary>Which call breaks, from 0; none if null.</summary>
    public int? BreaksAt { get; set; }

    /// <summary>The call takes effect, its answer is lost.</summary>
    public bool AfterEffect { get; set; }

    /// <summary>What the caller meets: an outage, or, as if the process were killed, an exception that nobody expects.</summary>
    public Func<Exception> Fault { get; set; } = () => new Core.Storage.StoreUnavailableException("scripted");

    public int Calls => _calls;

    /// <summary>Runs before each call, whose number it is told: what happens meanwhile elsewhere.</summary>
    public Func<int, Task>? Meanwhile { get; set; }

    public async Task<T> Run<T>(Func<Task<T>> call)
    {
        var number = _calls++;
        await (Meanwhile?.Invoke(number) ?? Task.CompletedTask);
        var breaks = number == BreaksAt;
        if (breaks && !AfterEffect)
        {
            throw Fault();
        }

        var result = await call();
        return breaks ? throw Fault() : result;
    }

    public Task Run(Func<Task> call) => Run(async () =>
    {
        await call();
        return true;
    });
}

/// <summary>Stands for the death of the process: nothing of ours catches it by name.</summary>
internal sealed class KilledException() : Exception("scripted kill");
