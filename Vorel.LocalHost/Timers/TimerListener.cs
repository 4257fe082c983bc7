using System.Text.Json;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Timers;

/// <summary>
/// Fires one timer function by the domain clock, one run at a time. What was missed, while the host was down or by a jump of the
/// clock, runs once and past due; a run that fails is only logged.
/// </summary>
internal sealed class TimerListener(
    FunctionDefinition function, AppSettings settings, DomainClock clock, IHostState state, IFunctionInvoker invoker, ILogger logger)
{
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly FunctionBinding _trigger = function.Trigger;
    private readonly TimerSchedule _schedule = TimerSchedule.Parse(settings.Expand(function.Trigger.Text("schedule") ?? ""));

    private string Key => $"timer-{function.Name}";

    public async Task Run(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var monitored = _trigger.Flag("useMonitor", fallback: true) && !_schedule.IsShorterThanMinute(now);
        var status = monitored ? await Load(cancellationToken) : null;
        if (status is null)
        {
            status = new TimerStatus(default, _schedule.Next(now), now);
            await Save(status, monitored, cancellationToken);
        }

        // What was due before the start is past due at once; runOnStartup asks for a run in any case.
        if (_trigger.Flag("runOnStartup", fallback: false) && status.Next > now)
        {
            await Fire(status, monitored, pastDue: false, cancellationToken);
        }

        while (true)
        {
            var generation = clock.Generation;
            await clock.WaitUntil(status.Next, cancellationToken);
            var late = clock.GetUtcNow() - status.Next > s_tolerance && (status.Next <= now || clock.Generation != generation);
            await Fire(status, monitored, late, cancellationToken);
            var after = clock.GetUtcNow();
            status = new TimerStatus(status.Next, _schedule.Next(after), after);
            await Save(status, monitored, cancellationToken);
        }
    }

    private async Task Fire(TimerStatus status, bool monitored, bool pastDue, CancellationToken cancellationToken)
    {
        if (pastDue)
        {
            Logs.TimerPastDue(logger, function.Name, status.Next);
        }

        var data = new Dictionary<string, BindingValue>(StringComparer.Ordinal) { [_trigger.Name] = TimerEnvelope.Value(monitored ? status : null, pastDue) };
        await Call(data, cancellationToken);
    }

    /// <summary>One run: the call, and its repetitions under the function's own retry, which wait by the domain clock.</summary>
    private async Task Call(Dictionary<string, BindingValue> data, CancellationToken cancellationToken)
    {
        var waits = function.Retry?.Waits();
        var metadata = new Dictionary<string, BindingValue>(StringComparer.Ordinal);
        for (var attempt = 1;
            await invoker.Invoke(function, data, metadata, cancellationToken) is InvocationResult.Failure failure && function.Retry is { } retry && retry.Allows(attempt);
            attempt++)
        {
            var wait = waits!.After(success: false, Random.Shared.NextDouble());
            Logs.TimerRetried(logger, function.Name, attempt, retry.MaxRetryCount, wait);
            await clock.WaitUntil(clock.GetUtcNow() + wait, cancellationToken);
            metadata["RetryContext"] = TimerEnvelope.RetryContext(function, attempt, retry.MaxRetryCount, failure);
        }
    }

    private async Task<TimerStatus?> Load(CancellationToken cancellationToken) =>
        await Patiently(() => state.Load(Key, cancellationToken), cancellationToken) is { } json
            ? JsonSerializer.Deserialize(json, TimerJson.Default.TimerStatus) : null;

    private async Task Save(TimerStatus status, bool monitored, CancellationToken cancellationToken)
    {
        if (!monitored)
        {
            return;
        }

        var json = JsonSerializer.Serialize(status, TimerJson.Default.TimerStatus);
        await Patiently(
            async () =>
            {
                await state.Save(Key, json, cancellationToken);
                return json;
            },
            cancellationToken);
    }

    /// <summary>A schedule waits for its storage rather than lose count.</summary>
    private async Task<string?> Patiently(Func<Task<string?>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception error) when (StorageFault.Is(error, cancellationToken))
            {
                Logs.TimerStatusUnreachable(logger, function.Name, error.Message);
                await Task.Delay(s_pause, clock.Real, cancellationToken);
            }
        }
    }
}
