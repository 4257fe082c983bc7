using Vorel.Durable.Payloads;

namespace Vorel.Durable.Replay;

internal sealed partial class ReplayContext
{
    public override async Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, TaskOptions? options = null) =>
        (TResult)(await CallActivity(name, input, options, typeof(TResult)))!;

    public override async Task CallActivityAsync(string name, object? input = null, TaskOptions? options = null) =>
        await CallActivity(name, input, options, typeof(object));

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(string name, object? input = null, TaskOptions? options = null) =>
        (TResult)(await CallSubOrchestrator(name, input, options, typeof(TResult)))!;

    public override async Task CallSubOrchestratorAsync(string name, object? input = null, TaskOptions? options = null) =>
        await CallSubOrchestrator(name, input, options, typeof(object));

    private Task<object?> CallActivity(string name, object? input, TaskOptions? options, Type resultType)
    {
        RequireStep();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        // Written once: what the code does to its input between attempts must not change the call.
        var payload = DurableJson.Wrap(json.Write(input, $"input of '{name}'"));
        return Attempt(name, resultType, options?.Retry, interrupted: null, () => steps.AddActivity(name, payload), Answer);
    }

    // An orchestration's input and result are opaque to the host, so they travel as they are, as a client's do.
    private Task<object?> CallSubOrchestrator(string name, object? input, TaskOptions? options, Type resultType)
    {
        RequireStep();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var payload = json.Write(input, $"input of '{name}'");
        return Attempt(
            name,
            resultType,
            options?.Retry,
            InterruptedSubOrchestrationRetry,
            () => steps.AddSubOrchestration(name, id => DeterministicGuid.OfChild(instanceId, executionId, id).ToString("N"), payload),
            (_, outcome) => (outcome.Result, outcome.Failure));
    }

    /// <summary>Takes a step, and takes it again as the policies say. Interruptions that have a policy of their own, and their time, do not count for the caller's.</summary>
    private async Task<object?> Attempt(
        string name,
        Type resultType,
        RetryPolicy? failed,
        RetryPolicy? interrupted,
        Func<DurableStep> take,
        Func<string, StepOutcome, (string? Value, TaskFailureDetails? Failure)> read)
    {
        var (counted, failures, interruptions) = (TimeSpan.Zero, 0, 0);
        while (true)
        {
            var began = CurrentUtcDateTime;
            var step = take();
            var (value, failure) = read(name, await step.Ended);
            if (failure is null)
            {
                return json.Read(value, resultType, $"answer of '{name}'");
            }

            var counts = interrupted is null || !failure.IsInfrastructure;
            var delay = counts
                ? failed?.NextDelay(++failures, counted + (CurrentUtcDateTime - began), failure)
                : interrupted?.NextDelay(++interruptions, TimeSpan.Zero, failure);
            await WaitUntil(CurrentUtcDateTime + (delay ?? throw new TaskFailedException(name, step.Id, failure)), CancellationToken.None);
            counted += counts ? CurrentUtcDateTime - began : TimeSpan.Zero;
        }
    }

    private (string? Value, TaskFailureDetails? Failure) Answer(string name, StepOutcome outcome)
    {
        if (outcome.Failure is { } failure)
        {
            return (null, failure);
        }

        var answer = DurableJson.Unwrap(outcome.Result, $"answer of '{name}'");
        return (answer is null ? null : ActivityAnswer.Read(answer, json.MaximumDepth)) ?? (null, new TaskFailureDetails(
            "Vorel.Durable.UnreadableAnswer", $"Activity '{name}' answered something that is not an activity's answer.")
        {
            IsInfrastructure = true,
        });
    }
}
