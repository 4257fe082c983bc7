using Vorel.Durable;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>
/// Brings a record to the tenant's CRM. What is owed is what the todo rows say, so the orchestration may end at any
/// point: while one is there, a check message starts it again. The event <c>changed</c> says that there is a newer
/// version; it cuts a wait short, and one that comes during the last write leads to another.
/// </summary>
[DurableTask("RecordLifecycle")]
internal sealed class RecordLifecycle : TaskOrchestrator<RecordReference, string>
{
    private const string Changed = "changed";
    private const int MostCalls = 8;

    public override async Task<string> RunAsync(TaskOrchestrationContext context, RecordReference input)
    {
        var (busy, broken) = (0, 0);
        for (var calls = 1; calls <= MostCalls; calls++)
        {
            var step = await context.TryCall("MirrorRecord", input);
            if (step is { Kind: StepKind.Done } && !context.WaitForExternalEvent<string?>(Changed).IsCompleted)
            {
                return "done";
            }

            busy = step is { OthersAtIt: true } ? busy + 1 : 0;
            if (step is null or { Kind: StepKind.After } && calls < MostCalls)
            {
                await WaitForChange(context, step is null ? Waits.Broken(++broken) : WaitOf(step, busy));
            }
        }

        return "unfinished";
    }

    private static TimeSpan WaitOf(NextStep step, int busy)
    {
        var asked = TimeSpan.FromMilliseconds(step.AfterMs!.Value);
        return busy > 0 ? Waits.Turn(asked, busy) : asked;
    }

    private static async Task WaitForChange(TaskOrchestrationContext context, TimeSpan longest)
    {
        try
        {
            await context.WaitForExternalEvent<string?>(Changed, longest);
        }
        catch (TaskCanceledException)
        {
            // Nothing changed: the wait is over.
        }
    }
}
