using Kind = Vorel.Durable.Protocol.OrchestratorAction.OrchestratorActionTypeOneofCase;

namespace Vorel.Durable.Replay;

/// <summary>An activity call, sub-orchestration or timer that has not ended: the history's event of the same id ends it.</summary>
internal sealed class DurableStep(int id, Kind kind, string name)
{
    private readonly TaskCompletionSource<StepOutcome> _ended = new();

    public int Id { get; } = id;

    public Kind Kind { get; } = kind;

    public string Name { get; } = name;

    public Task<StepOutcome> Ended => _ended.Task;

    public void End(StepOutcome outcome) => _ended.TrySetResult(outcome);

    public void Cancel(CancellationToken token) => _ended.TrySetCanceled(token);
}
