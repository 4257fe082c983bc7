using Vorel.Durable;
using Vorel.Functions.Triggers.Durable;

namespace Vorel.Functions.Tests.Triggers.Durable;

/// <summary>An activity that answers one step after the other; the last one again and again.</summary>
internal sealed class ScriptedActivity<TInput>(Queue<Func<NextStep>> script) : TaskActivity<TInput, NextStep>
{
    public override Task<NextStep> RunAsync(TaskActivityContext context, TInput input) =>
        Task.FromResult((script.Count > 1 ? script.Dequeue() : script.Peek())());
}
