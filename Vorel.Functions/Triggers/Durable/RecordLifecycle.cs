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
    private const int MostCalls = 8;

    public override async Task<string> RunAsync(TaskOrchestrationContext context, RecordReference input)
    {
        var changed = context.WaitForExternalEvent<string?>("changed");
        var broken = 0;
        for (var calls = 1; calls <= MostCalls; calls++)
        {
            var step = await context.TryCall("MirrorRecord", input);
            if (changed.IsCompleted)
            {
                changed = context.WaitForExternalEvent<string?>("changed");
            }
            else if (step is { Kind: StepKind.Done })
            {
                return "done";
            }
            else if (step is not { Kind: StepKind.Now } && calls < MostCalls)
            {
                var wait = step is null ? Waits.Broken(++broken) : TimeSpan.FromMilliseconds(step.AfterMs!.Value);
                using var settled = new CancellationTokenSource();
                await Task.WhenAny(changed, context.CreateTimer(wait, settled.Token));
                await settled.CancelAsync();
            }
        }

        return "unfinished";
    }
}
