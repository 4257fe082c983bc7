namespace Vorel.Durable;

/// <summary>An activity as the worker sees it. Derive from <see cref="TaskActivity{TInput,TOutput}"/>.</summary>
public interface ITaskActivity
{
    /// <summary>The type that the input's JSON is read as.</summary>
    Type InputType { get; }

    /// <summary>The type that the output is written as.</summary>
    Type OutputType { get; }

    /// <summary>Does the activity's work once.</summary>
    Task<object?> RunAsync(TaskActivityContext context, object? input);
}
