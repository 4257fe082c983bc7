namespace Vorel.Durable;

/// <summary>An orchestrator as the worker sees it. Derive from <see cref="TaskOrchestrator{TInput,TOutput}"/>.</summary>
public interface ITaskOrchestrator
{
    /// <summary>The type that the input's JSON is read as.</summary>
    Type InputType { get; }

    /// <summary>The type that the output is written as.</summary>
    Type OutputType { get; }

    /// <summary>Runs the orchestration from its beginning; called once per turn.</summary>
    Task<object?> RunAsync(TaskOrchestrationContext context, object? input);
}
