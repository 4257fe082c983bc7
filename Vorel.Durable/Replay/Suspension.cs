using Vorel.Durable.Protocol;
using Event = Vorel.Durable.Protocol.HistoryEvent.EventTypeOneofCase;

namespace Vorel.Durable.Replay;

/// <summary>
/// Holds back what happens to an instance while it is suspended. It works on past events as on new ones, so a replay passes through the
/// same states as the turns that were live.
/// </summary>
internal sealed class Suspension
{
    private readonly Queue<HistoryEvent> _held = new();
    private bool _suspended;

    /// <summary>
    /// How a history ends, whether or not the code can follow it: nothing but a resume ends a suspension, and nothing that comes
    /// during one begins another.
    /// </summary>
    public static bool IsSuspended(IEnumerable<HistoryEvent> history) =>
        history.LastOrDefault(next => next.EventTypeCase is Event.ExecutionSuspended or Event.ExecutionResumed) is { ExecutionSuspended: not null };

    /// <summary>Takes what must wait for the resume. False: the event is to be applied now.</summary>
    public bool Holds(HistoryEvent next)
    {
        if (!_suspended || next.EventTypeCase is Event.ExecutionResumed)
        {
            return false;
        }

        // To suspend a suspended instance means nothing: one resume ends it.
        if (next.EventTypeCase is not Event.ExecutionSuspended)
        {
            _held.Enqueue(next);
        }

        return true;
    }

    public void Begin() => _suspended = true;

    /// <summary>Ends it, and gives what was held back, in order.</summary>
    public IReadOnlyCollection<HistoryEvent> End()
    {
        _suspended = false;
        var held = _held.ToArray();
        _held.Clear();
        return held;
    }
}
