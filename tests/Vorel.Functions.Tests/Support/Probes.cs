using System.Collections.Concurrent;
using Vorel.Durable;
using Vorel.Functions.Hosting;
using Vorel.Functions.Triggers.Http;

namespace Vorel.Functions.Tests.Support;

/// <summary>Functions of every kind that write down how they were called.</summary>
internal sealed class Probes(Probes.Journal journal)
{
    public static FunctionCatalogue Catalogue { get; } =
        FunctionCatalogue.Of([typeof(Probes), typeof(EchoOrchestrator), typeof(EchoActivity), typeof(Surfaces)]);

    [Function("TakeMessage")]
    public Task TakeMessage([QueueTrigger("work")] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        Assert.NotNull(client);
        Assert.False(cancellationToken.IsCancellationRequested);
        journal.Calls.Enqueue(message);
        return message == "fail" ? throw new InvalidOperationException("the caller's secret") : Task.CompletedTask;
    }

    [Function("Tock")]
    public Task Tock([TimerTrigger("0 * * * * *")] TimerInfo timer)
    {
        journal.Calls.Enqueue(timer.ToString());
        return Task.CompletedTask;
    }

    internal sealed class Journal
    {
        public ConcurrentQueue<string> Calls { get; } = new();
    }
}

[DurableTask("EchoFlow")]
internal sealed class EchoOrchestrator : TaskOrchestrator<string, string>
{
    public override Task<string> RunAsync(TaskOrchestrationContext context, string input) => Task.FromResult(input);
}

[DurableTask("EchoStep")]
internal sealed class EchoActivity(Probes.Journal journal) : TaskActivity<string, string>
{
    public override Task<string> RunAsync(TaskActivityContext context, string input)
    {
        journal.Calls.Enqueue(input);
        return Task.FromResult(input + "!");
    }
}
