namespace Vorel.Durable.Replay;

internal sealed partial class ReplayContext
{
    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        RequireStep();
        if (fireAt.Kind != DateTimeKind.Utc)
        {
            throw new ArgumentException("Orchestration time is UTC.", nameof(fireAt));
        }

        await WaitUntil(fireAt, cancellationToken);
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) =>
        (T)json.Read(await Event(eventName, cancellationToken), typeof(T), $"event '{eventName}'")!;

    public override async Task<T> WaitForExternalEvent<T>(
        string eventName, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var loser = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var raised = WaitForExternalEvent<T>(eventName, loser.Token);
        if (!raised.IsCompleted)
        {
            await Task.WhenAny(raised, CreateTimer(timeout, loser.Token));
        }

        // Whichever lost the race leaves. If that is the event, awaiting it throws TaskCanceledException.
        Cancel(loser);
        return await raised;
    }

    private async Task WaitUntil(DateTime fireAt, CancellationToken cancellationToken)
    {
        while (fireAt - CurrentUtcDateTime > MaximumTimerInterval)
        {
            await Timer(CurrentUtcDateTime + MaximumTimerInterval, cancellationToken);
        }

        await Timer(fireAt, cancellationToken);
    }

    private async Task Timer(DateTime fireAt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var step = steps.AddTimer(fireAt);
        using var registration = OnCancel(token => steps.GiveUp(step, token), cancellationToken);
        await step.Ended;
    }

    private async Task<string?> Event(string name, CancellationToken cancellationToken)
    {
        RequireStep();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        cancellationToken.ThrowIfCancellationRequested();
        if (events.TryTake(name, out var payload))
        {
            return payload;
        }

        var (raised, leave) = events.Wait(name);
        using var registration = OnCancel(leave, cancellationToken);
        return await raised;
    }

    // CancelAsync would run the callbacks on another thread; the orchestrator has only this one.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private CancellationTokenRegistration OnCancel(Action<CancellationToken> leave, CancellationToken token) =>
        token.Register(() =>
        {
            if (scheduler.OnTurn)
            {
                leave(token);
            }
            else
            {
                scheduler.NoteForeign();
            }
        });
}
