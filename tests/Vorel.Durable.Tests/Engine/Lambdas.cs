namespace Vorel.Durable.Tests.Engine;

/// <summary>An orchestrator written in the test that needs it.</summary>
internal sealed class LambdaOrchestrator<TInput, TOutput>(Func<TaskOrchestrationContext, TInput, Task<TOutput>> code)
    : TaskOrchestrator<TInput, TOutput>
{
    public override Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input) => code(context, input);
}

/// <summary>An activity written in the test that needs it.</summary>
internal sealed class LambdaActivity<TInput, TOutput>(Func<TaskActivityContext, TInput, Task<TOutput>> code) : TaskActivity<TInput, TOutput>
{
    public override Task<TOutput> RunAsync(TaskActivityContext context, TInput input) => code(context, input);
}

internal static class Lambdas
{
    public static DurableTaskRegistry Orchestrator<TOutput>(
        this DurableTaskRegistry registry, Func<TaskOrchestrationContext, Task<TOutput>> code) =>
        registry.AddOrchestrator(TestHub.Orchestrator, () => new LambdaOrchestrator<string?, TOutput>((context, _) => code(context)));

    public static DurableTaskRegistry Activity<TInput, TOutput>(
        this DurableTaskRegistry registry, string name, Func<TInput, TOutput> code) =>
        registry.AddActivity(name, _ => new LambdaActivity<TInput, TOutput>((_, input) => Task.FromResult(code(input))));
}
