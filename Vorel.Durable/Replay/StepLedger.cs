using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using Kind = Vorel.Durable.Protocol.OrchestratorAction.OrchestratorActionTypeOneofCase;

namespace Vorel.Durable.Replay;

/// <summary>
/// Numbers the steps that the code takes and holds them against those in the history. What the history does not
/// confirm is new and goes into the answer.
/// </summary>
internal sealed class StepLedger
{
    private readonly SortedDictionary<int, OrchestratorAction> _unconfirmed = [];
    private readonly Dictionary<int, DurableStep> _open = [];
    private int _nextId;

    /// <summary>Steps that the history does not hold yet, in id order.</summary>
    public IReadOnlyCollection<OrchestratorAction> Unconfirmed => _unconfirmed.Values;

    /// <summary>Some step has not ended.</summary>
    public bool HasOpen => _open.Count > 0;

    /// <summary>Takes the next id.</summary>
    public int NextId() => _nextId++;

    public DurableStep AddActivity(string name, string? input)
    {
        var action = new ScheduleTaskAction { Name = name, Input = input };
        return Add(name, new OrchestratorAction { ScheduleTask = action });
    }

    /// <summary>Each attempt takes a step of its own, and so gets an instance id of its own.</summary>
    public DurableStep AddSubOrchestration(string name, Func<int, string> instanceId, string? input)
    {
        var action = new CreateSubOrchestrationAction { InstanceId = instanceId(_nextId), Name = name, Input = input };
        return Add(name, new OrchestratorAction { CreateSubOrchestration = action });
    }

    /// <summary>Nothing comes back of it, so it is not open. An execution id would let the event miss an instance that continues as new.</summary>
    public void AddSentEvent(string instanceId, string name, string? payload)
    {
        var action = new SendEventAction { Instance = new OrchestrationInstance { InstanceId = instanceId }, Name = name, Data = payload };
        var id = NextId();
        _unconfirmed.Add(id, new OrchestratorAction { Id = id, SendEvent = action });
    }

    public DurableStep AddTimer(DateTime fireAt) =>
        Add("timer", new OrchestratorAction { CreateTimer = new CreateTimerAction { FireAt = Timestamp.FromDateTime(fireAt) } });

    /// <summary>The history says that this step was taken. Inputs and times are not compared: the host does not keep them all.</summary>
    public void Confirm(int id, Kind kind, string? name)
    {
        var recorded = Describe(kind, name);
        if (!_unconfirmed.TryGetValue(id, out var action))
        {
            throw new NonDeterministicOrchestrationException(
                $"Step {id} is {recorded} in the history, but the code does not take it: the step was removed or moved.");
        }

        var now = Describe(
            action.OrchestratorActionTypeCase, action.ScheduleTask?.Name ?? action.CreateSubOrchestration?.Name ?? action.SendEvent?.Name);
        if (!string.Equals(recorded, now, StringComparison.OrdinalIgnoreCase))
        {
            throw new NonDeterministicOrchestrationException($"Step {id} is {recorded} in the history, but {now} in the code.");
        }

        _unconfirmed.Remove(id);
    }

    /// <summary>
    /// Takes a step that ends now. Null when it ended before or was given up: the event is a duplicate, or late. So is one of another kind than
    /// the step's: it ends the step of that number in an execution that is over.
    /// </summary>
    public DurableStep? TakeOpen(int id, Kind kind) =>
        _open.TryGetValue(id, out var step) && step.Kind == kind && _open.Remove(id) ? step : null;

    /// <summary>The code no longer waits for this step. Its end, which still comes, is ignored.</summary>
    public void GiveUp(DurableStep step, CancellationToken token)
    {
        _open.Remove(step.Id);
        step.Cancel(token);
    }

    private DurableStep Add(string name, OrchestratorAction action)
    {
        action.Id = NextId();
        var step = new DurableStep(action.Id, action.OrchestratorActionTypeCase, name);
        _unconfirmed.Add(action.Id, action);
        _open.Add(action.Id, step);
        return step;
    }

    private static string Describe(Kind kind, string? name) => kind switch
    {
        Kind.ScheduleTask => $"activity '{name}'",
        Kind.CreateTimer => "a timer",
        Kind.CreateSubOrchestration => $"sub-orchestration '{name}'",
        Kind.SendEvent => $"sending event '{name}'",
        _ => $"{kind} '{name}'",
    };
}
