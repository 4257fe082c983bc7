using Vorel.Durable.Payloads;

namespace Vorel.Durable.Replay;

internal sealed partial class ReplayContext
{
    public override async Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, TaskOptions? options = null) =>
        (TResult)(await Call(name, input, options, typeof(TResult)))!;

    public override async Task CallActivityAsync(string name, object? input = null, TaskOptions? options = null) =>
        await Call(name, input, options, typeof(object));

    private async Task<object?> Call(string name, object? input, TaskOptions? options, Type resultType)
    {
        RequireTurn();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        // Written once: what the code does to its input between attempts must not change the call.
        var payload = DurableJson.Wrap(json.Write(input, $"input of '{name}'"));
        var began = CurrentUtcDateTime;
        for (var attempts = 1; ; attempts++)
        {
            var step = steps.AddActivity(name, payload);
            var (value, failure) = Answer(name, await step.Ended);
            if (failure is null)
            {
                return json.Read(value, resultType, $"answer of '{name}'");
            }

            if (options?.Retry?.NextDelay(attempts, CurrentUtcDateTime - began, failure) is not { } delay)
            {
                throw new TaskFailedException(name, step.Id, failure);
            }

            await CreateTimer(delay, CancellationToken.None);
        }
    }

    private static (string? Value, TaskFailureDetails? Failure) Answer(string name, StepOutcome outcome)
    {
        if (outcome.Failure is { } failure)
        {
            return (null, failure);
        }

        var answer = DurableJson.Unwrap(outcome.Result, $"answer of '{name}'");
        return (answer is null ? null : ActivityAnswer.Read(answer)) ?? (null, new TaskFailureDetails(
            "Vorel.Durable.UnreadableAnswer", $"Activity '{name}' answered something that is not an activity's answer.")
        {
            IsInfrastructure = true,
        });
    }
}
