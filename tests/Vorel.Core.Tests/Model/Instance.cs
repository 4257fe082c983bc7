using Vorel.Core.Records;

namespace Vorel.Core.Tests.Model;

/// <summary>
/// An orchestration at work, in the place of <c>WebhookDelivery</c> or <c>RecordLifecycle</c>: which activity it calls,
/// how often at most, and how long it waits in between.
/// </summary>
internal sealed class Instance(string id, int tenant, RecordKind? kind, Guid subject)
{
    private readonly int _mostCalls = kind is null ? 12 : 8;
    private int _busy;
    private int _broken;
    private bool _changed;
    private bool _waits;

    public string Id { get; } = id;

    public int Tenant { get; } = tenant;

    /// <summary>The kind of the record; null for a delivery.</summary>
    public RecordKind? Kind { get; } = kind;

    public Guid Subject { get; } = subject;

    /// <summary>Whether the next call is the one that only looks.</summary>
    public bool Loads { get; private set; } = kind is null;

    public int Calls { get; private set; } = 1;

    /// <summary>By the domain clock.</summary>
    public DateTimeOffset WakesAt { get; private set; }

    public bool IsOver { get; private set; }

    /// <summary>The calls of its present activity that are under way: more than one if the call was doubled.</summary>
    public List<Flight> UnderWay { get; } = [];

    /// <summary>Takes the event <c>changed</c>: a wait is over, and a call that is under way leads to another.</summary>
    public void Wake()
    {
        _changed = !_waits;
        WakesAt = _waits ? DateTimeOffset.MinValue : WakesAt;
        _waits = false;
    }

    /// <summary>Calls its activity, perhaps a second time.</summary>
    public void Begin(Flight flight)
    {
        _waits = false;
        UnderWay.Add(flight);
    }

    /// <summary>Takes the result of its activity.</summary>
    public void Take(Next next, DateTimeOffset now)
    {
        UnderWay.Clear();
        var last = Calls++ == _mostCalls;
        var changed = _changed && next.Kind != NextKind.Now;
        _changed &= !changed;
        IsOver = last || (next.Kind == NextKind.Done && !changed);
        Loads &= next.Kind == NextKind.Failed;
        _waits = !changed && next.Kind is (NextKind.Failed or NextKind.After);
        _busy = next.Kind == NextKind.After ? _busy + 1 : 0;
        WakesAt = changed ? DateTimeOffset.MinValue : next.Kind switch
        {
            NextKind.Failed => now + Doubled(TimeSpan.FromSeconds(5), ++_broken, TimeSpan.FromMinutes(1)),
            NextKind.At => next.At,
            NextKind.After => now + (Kind is null ? Doubled(next.Wait, _busy, TimeSpan.FromSeconds(30)) : next.Wait),
            _ => DateTimeOffset.MinValue,
        };
    }

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan longest) =>
        TimeSpan.FromTicks(Math.Min(first.Ticks << Math.Min(times - 1, 10), longest.Ticks));
}

/// <summary>What an activity says comes next.</summary>
internal sealed record Next(NextKind Kind, DateTimeOffset At = default, TimeSpan Wait = default);

/// <summary>When the next call is; <see cref="Failed"/> when the activity threw.</summary>
internal enum NextKind
{
    Done,
    Now,
    At,
    After,
    Failed,
}
