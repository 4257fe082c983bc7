namespace Vorel.Durable;

/// <summary>
/// One step of an orchestration that touches the world. It may run more than once for one call (its answer can be lost after
/// the effect), so its effect must be idempotent.
/// </summary>
/// <typeparam name="TInput">Ids, counts and codes only.</typeparam>
/// <typeparam name="TOutput">Ids, counts and codes only.</typeparam>
public abstract class TaskActivity<TInput, TOutput> : ITaskActivity
{
    Type ITaskActivity.InputType => typeof(TInput);

    Type ITaskActivity.OutputType => typeof(TOutput);

    /// <summary>Does the work. It must end soon after <see cref="TaskActivityContext.CancellationToken"/> is cancelled.</summary>
    public abstract Task<TOutput> RunAsync(TaskActivityContext context, TInput input);

    async Task<object?> ITaskActivity.RunAsync(TaskActivityContext context, object? input) =>
        await RunAsync(context, (TInput)input!);
}
