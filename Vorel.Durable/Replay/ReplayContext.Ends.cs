using Vorel.Durable.Payloads;

namespace Vorel.Durable.Replay;

internal sealed partial class ReplayContext
{
    /// <summary>What the code asked for, if it asked to continue as new.</summary>
    public Continuation? Continuation { get; private set; }

    /// <summary>The first step that was asked for after that. The code may have swallowed it, so it is kept here.</summary>
    public StepAfterContinueAsNewException? LateStep { get; private set; }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        RequireStep();
        Continuation = new Continuation(json.Write(newInput, $"input of orchestration '{name}'"), preserveUnprocessedEvents);
        events.Close();
    }

    public override void SendEvent(string instanceId, string eventName, object? payload = null)
    {
        RequireStep();
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(eventName);
        steps.AddSentEvent(instanceId, eventName, json.Write(payload, $"event '{eventName}'"));
    }

    /// <summary>Guards whatever begins something new: an operation that began before the code continued as new may go on to its end.</summary>
    private void RequireStep()
    {
        RequireTurn();
        if (Continuation is not null)
        {
            var late = new StepAfterContinueAsNewException(
                $"Orchestrator '{name}' took a step after ContinueAsNew. After it, code may only await what it began before, and return.");
            LateStep ??= late;
            throw late;
        }
    }

    private void RequireTurn()
    {
        if (!scheduler.OnTurn)
        {
            scheduler.NoteForeign();
            throw new NonDurableWaitException(
                $"Orchestrator '{name}' used its context outside its turn, from code that something other than the history resumed.");
        }
    }
}
