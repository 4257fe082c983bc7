using System.Text.Json.Nodes;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>
/// One call of an orchestrator: the whole history, the events that came since, and what follows from the answer. It touches
/// neither storage nor clock.
/// </summary>
internal sealed class Turn
{
    private readonly InstanceRecord _instance;
    private readonly IReadOnlyList<HistoryEvent> _past;
    private readonly IReadOnlyList<HistoryEvent> _new;
    private readonly DateTimeOffset _now;

    private Turn(InstanceRecord instance, IReadOnlyList<HistoryEvent> past, IReadOnlyList<HistoryEvent> inbound, DateTimeOffset now)
    {
        _instance = instance;
        _past = past;
        _new = [Events.OrchestratorStarted(now), .. inbound];
        _now = now;
    }

    public static Turn Begin(InstanceRecord instance, IReadOnlyList<HistoryEvent> past, IEnumerable<HistoryEvent> inbound, DateTimeOffset now) =>
        new(instance, past, [.. inbound], now);

    /// <summary>The message for the orchestrator. The execution id is not set on this path: it stands in ExecutionStarted.</summary>
    public OrchestratorRequest Request() => new() { InstanceId = _instance.InstanceId, PastEvents = { _past }, NewEvents = { _new } };

    /// <exception cref="UnusableAnswerException">The answer cannot be applied: see <see cref="Fail"/>.</exception>
    public TurnOutcome Apply(OrchestratorResponse answer)
    {
        var actions = new TurnActions(_instance, _now, _past.Select(Events.ActionId).OfType<int>());
        foreach (var action in answer.Actions)
        {
            actions.Apply(action);
        }

        if (answer.CustomStatus is { Length: > TurnActions.MaxCustomStatus })
        {
            throw new UnusableAnswerException($"The custom status has {answer.CustomStatus.Length} characters; 16 KB of UTF-16 are {TurnActions.MaxCustomStatus}.");
        }

        return Outcome(actions, answer.CustomStatus, actions.Completion);
    }

    /// <summary>The end of an instance whose call failed: no failure details, and an output that tells little and leaks some.</summary>
    /// <param name="function">The orchestrator's function.</param>
    /// <param name="details">What went wrong, for the person who reads the output.</param>
    public TurnOutcome Fail(string function, string details)
    {
        var output = HostJson.Print(new JsonObject
        {
            ["message"] = $"Function '{function}' failed with an unhandled exception.",
            ["details"] = details,
        });
        return Outcome(new TurnActions(_instance, _now, []), customStatus: null, new TurnCompletion(-1, OrchestrationStatus.Failed, output));
    }

    private TurnOutcome Outcome(TurnActions actions, string? customStatus, TurnCompletion? completion)
    {
        var continues = completion is { Status: OrchestrationStatus.ContinuedAsNew };
        var after = _instance with { CustomStatus = customStatus, UpdatedAt = _now, Turns = _instance.Turns + 1, SuspendReason = null };
        after = completion switch
        {
            null => Waiting(after),
            _ when continues => Next(after, completion),
            _ => after with { Status = completion.Status, Output = completion.Output, CompletedAt = _now },
        };
        return new TurnOutcome
        {
            Events = [.. _new, .. actions.Recorded, .. Ends(completion), Events.OrchestratorCompleted(_now)],
            Activities = actions.Activities,
            Timers = continues || after.IsFinished ? [] : actions.Timers,
            Sends = after.IsFinished && _instance.Parent is { } parent ? [.. actions.Sends, Told(parent, completion!)] : actions.Sends,
            Instance = after,
            NextExecution = continues ? [Events.ExecutionStarted(_now, after), .. completion!.CarriedOver] : [],
        };
    }

    private IEnumerable<HistoryEvent> Ends(TurnCompletion? completion) => completion switch
    {
        null => [],
        { Status: OrchestrationStatus.ContinuedAsNew } => [Events.ContinueAsNew(_now, completion.Id, completion.Output)],
        _ => [Events.ExecutionCompleted(_now, completion.Id, completion.Status, completion.Output)],
    };

    /// <summary>A resume ends a suspension, however often it was asked for; the first to ask gives the reason.</summary>
    private InstanceRecord Waiting(InstanceRecord after)
    {
        var suspended = _instance.Status is OrchestrationStatus.Suspended;
        var reason = _instance.SuspendReason;
        foreach (var item in _new)
        {
            (suspended, reason) = item.EventTypeCase switch
            {
                HistoryEvent.EventTypeOneofCase.ExecutionSuspended when !suspended => (true, item.ExecutionSuspended.Input),
                HistoryEvent.EventTypeOneofCase.ExecutionResumed => (false, null),
                _ => (suspended, reason),
            };
        }

        return after with { Status = suspended ? OrchestrationStatus.Suspended : OrchestrationStatus.Running, SuspendReason = reason };
    }

    /// <summary>The same instance at its next execution. Turns go on counting; the history begins anew.</summary>
    private static InstanceRecord Next(InstanceRecord after, TurnCompletion completion) => after with
    {
        ExecutionId = Guid.NewGuid().ToString("N"),
        Version = completion.NewVersion ?? after.Version,
        Status = OrchestrationStatus.Running,
        Input = completion.Output,
        StartsAt = null,
        Chunks = 0,
    };

    private OutgoingMessage Told(ParentInstanceInfo parent, TurnCompletion end) => new(
        _instance.ExecutionId,
        OutgoingMessage.EndOfChild,
        parent.OrchestrationInstance.InstanceId,
        Events.ChildEnded(_now, parent.TaskScheduledId, end),
        parent.OrchestrationInstance.ExecutionId);
}
