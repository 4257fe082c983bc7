namespace Vorel.Durable;

/// <summary>
/// A durable orchestration. Its code runs again from the start on every turn and must take the same steps each time: it
/// awaits only tasks of its <see cref="TaskOrchestrationContext"/>, and takes time and ids from there.
/// </summary>
/// <typeparam name="TInput">Ids, counts and codes only: inputs stay in the history.</typeparam>
/// <typeparam name="TOutput">Ids, counts and codes only: outputs are shown by the status API.</typeparam>
public abstract class TaskOrchestrator<TInput, TOutput> : ITaskOrchestrator
{
    Type ITaskOrchestrator.InputType => typeof(TInput);

    Type ITaskOrchestrator.OutputType => typeof(TOutput);

    /// <summary>The orchestration's steps.</summary>
    public abstract Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input);

    async Task<object?> ITaskOrchestrator.RunAsync(TaskOrchestrationContext context, object? input) =>
        await RunAsync(context, (TInput)input!);
}
