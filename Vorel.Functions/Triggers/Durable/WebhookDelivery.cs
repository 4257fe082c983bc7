using Vorel.Durable;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>
/// Brings one delivery up the retry ladder. The row knows where the delivery stands, so the orchestration begins by
/// loading it and may end at any point: while the row is not terminal, the tick starts it again. It ends by itself after
/// twelve calls, which keeps its history below 100 events.
/// </summary>
[DurableTask("WebhookDelivery")]
internal sealed class WebhookDelivery : TaskOrchestrator<DeliveryInput, string>
{
    private const int MostCalls = 12;

    public override async Task<string> RunAsync(TaskOrchestrationContext context, DeliveryInput input)
    {
        var (activity, busy, broken) = ("LoadDelivery", 0, 0);
        for (var calls = 1; calls <= MostCalls; calls++)
        {
            var step = await context.TryCall(activity, input);
            if (step is { Kind: StepKind.Done })
            {
                return "done";
            }

            if (calls == MostCalls)
            {
                break;
            }

            if (step is null)
            {
                await context.CreateTimer(Waits.Broken(++broken), CancellationToken.None);
                continue;
            }

            if (step.Kind == StepKind.At)
            {
                await context.CreateTimer(step.At!.Value.UtcDateTime, CancellationToken.None);
            }

            busy = step.Kind == StepKind.After ? busy + 1 : 0;
            if (busy > 0)
            {
                await context.CreateTimer(Waits.Busy(TimeSpan.FromMilliseconds(step.AfterMs!.Value), busy), CancellationToken.None);
            }

            activity = "AttemptDelivery";
        }

        return "unfinished";
    }
}
