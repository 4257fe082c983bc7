using Vorel.Durable;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>
/// Brings a record to the tenant's CRM, however long that takes. What is owed is what the todo rows say, so the orchestration may end at
/// any point: while one is there, a check message starts it again. The event <c>changed</c> says that there is a newer
/// version, or that somebody has mended what was in the way; it cuts a wait short, and one that comes during the last write leads to another.
/// A turn it does not bring forward: who comes before his turn loses it.
/// </summary>
[DurableTask("RecordLifecycle")]
internal sealed class RecordLifecycle : TaskOrchestrator<RecordReference, string>
{
    private const string Changed = "changed";

    /// <summary>Then it goes on with an empty history: the whole of it is sent again at every turn.</summary>
    private const int MostCalls = 8;

    public override async Task<string> RunAsync(TaskOrchestrationContext context, RecordReference input)
    {
        var broken = 0;
        for (var calls = 1; calls <= MostCalls; calls++)
        {
            var step = await context.TryCall("MirrorRecord", input);
            if (step is { Kind: StepKind.Done } && !context.WaitForExternalEvent<string?>(Changed).IsCompleted)
            {
                return "done";
            }

            broken += step is null ? 1 : 0;
            if (broken == MostCalls)
            {
                // Not one call came back: whatever is wrong is not mended by asking for ever.
                return "unfinished";
            }

            if (step is null or { Kind: StepKind.After })
            {
                var wait = step is null ? Waits.Broken(broken) : TimeSpan.FromMilliseconds(step.AfterMs!.Value);
                var over = context.CurrentUtcDateTime + wait;
                await WaitForChange(context, wait);
                if (step is { OthersAtIt: true } && context.CurrentUtcDateTime < over)
                {
                    // The event is taken, so that it does not ask for one more write behind the last.
                    await context.CreateTimer(over, CancellationToken.None);
                }
            }
        }

        context.ContinueAsNew(input);
        return "continued";
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
