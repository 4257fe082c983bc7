namespace Vorel.Core.Tests.Model;

/// <summary>
/// Where every call that leaves a process passes: a history says which of them stand still, break, or kill. Everything
/// runs on one thread, and only between one call and the next; so a history goes the same way each time.
/// </summary>
internal sealed class Gate(Machinery stage)
{
    private static readonly TimeSpan s_latest = TimeSpan.FromMinutes(5);

    /// <summary>Writes whose callers are gone and which may land yet, with the moment they were sent.</summary>
    public List<(Flight Flight, Func<Task> Effect, DateTimeOffset SentAt)> Late { get; } = [];

    /// <summary>Whether what takes effect now comes late.</summary>
    public bool IsLanding { get; private set; }

    /// <summary>Lets a late write land, or not if it is too late for any store.</summary>
    public void Land(int index)
    {
        var (flight, effect, sentAt) = Late[index];
        Late.RemoveAt(index);
        if (stage.Real.GetUtcNow() - sentAt < s_latest)
        {
            stage.Tally.Count("a write landed late");
            stage.Note($"a call of {flight.Name} lands late");
            IsLanding = true;
            _ = Quietly(effect());
            IsLanding = false;
        }
    }

    /// <summary>Makes a call for the operation that is running.</summary>
    public async Task<T> Pass<T>(Func<Flight, Task<T>> effect, Func<Exception> outage, bool writes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var flight = stage.Running;
        Task<T>? done = null;
        for (var fate = flight.Next(); ; fate = await Hold(flight, cancellationToken))
        {
            switch (fate)
            {
                case Fate.Works:
                    return await (done ?? TakeEffect());
                case Fate.Held:
                    stage.Tally.Count("a call stood still");
                    break;
                case Fate.HeldAfter:
                    stage.Tally.Count("a call stood still after its effect");
                    done ??= TakeEffect();
                    break;
                case Fate.Cancelled:
                    stage.Tally.Count("a call was given up");
                    flight.Unanswered++;
                    SendLate();
                    throw new OperationCanceledException(cancellationToken);
                case Fate.Refused or Fate.Lost or Fate.Late:
                    stage.Tally.Count("a call had no answer: " + fate);
                    flight.Unanswered++;
                    await Silently(fate == Fate.Lost, fate == Fate.Late);
                    throw outage();
                default:
                    stage.Tally.Count("a process was killed: " + fate);
                    await Silently(fate == Fate.KilledAfter, fate == Fate.KilledLate);
                    stage.Kill(flight.Process);
                    return await new TaskCompletionSource<T>().Task;
            }
        }

        // A task also where the effect throws at once.
        async Task<T> TakeEffect() => await effect(flight);

        async Task Silently(bool now, bool late)
        {
            if (now)
            {
                await Quietly(done ??= TakeEffect());
            }
            else if (late)
            {
                SendLate();
            }
        }

        void SendLate()
        {
            if (writes && done is null)
            {
                Late.Add((flight, () => TakeEffect(), stage.Real.GetUtcNow()));
            }
        }
    }

    private async Task<Fate> Hold(Flight flight, CancellationToken cancellationToken)
    {
        flight.Held = new TaskCompletionSource<Fate>();
        flight.WasHeld = true;
        using var giveUp = cancellationToken.Register(() => stage.Resume(flight, Fate.Cancelled));
        return await flight.Held.Task;
    }

    private static async Task Quietly(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception)
        {
            // Nobody hears of it.
        }
    }
}
