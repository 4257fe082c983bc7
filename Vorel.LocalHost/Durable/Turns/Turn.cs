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
        var actions = new TurnActions(_now, _past.Select(Events.ActionId).OfType<int>());
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
        return Outcome(new TurnActions(_now, []), customStatus: null, new TurnCompletion(-1, OrchestrationStatus.Failed, output));
    }

    private TurnOutcome Outcome(TurnActions actions, string? customStatus, TurnCompletion? completion)
    {
        List<HistoryEvent> events = [.. _new, .. actions.Recorded];
        if (completion is not null)
        {
            events.Add(Events.ExecutionCompleted(_now, completion.Id, completion.Status, completion.Output));
        }

        events.Add(Events.OrchestratorCompleted(_now));
        return new TurnOutcome
        {
            Events = events,
            Activities = actions.Activities,
            Timers = actions.Timers,
            Sends = actions.Sends,
            Instance = _instance with
            {
                Status = completion?.Status ?? OrchestrationStatus.Running,
                Output = completion?.Output,
                CustomStatus = customStatus,
                UpdatedAt = _now,
                CompletedAt = completion is null ? null : _now,
                Turns = _instance.Turns + 1,
            },
        };
    }
}
