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
        if (timeout == Timeout.InfiniteTimeSpan || timeout > DateTime.MaxValue - CurrentUtcDateTime)
        {
            return await WaitForExternalEvent<T>(eventName, cancellationToken);
        }

        // Computed before anybody waits: one who waits and then fails would take an event with him.
        var end = CurrentUtcDateTime + (timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero);
        using var loser = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var raised = WaitForExternalEvent<T>(eventName, loser.Token);
        try
        {
            if (!raised.IsCompleted)
            {
                await await Task.WhenAny(raised, WaitUntil(end, loser.Token));
            }
        }
        finally
        {
            // Whichever lost the race leaves: no event goes to one who does not wait any more.
            Cancel(loser);
        }

        // If that is the event, awaiting it throws TaskCanceledException.
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
