namespace Vorel.Fakes;

/// <summary>A limit as a strict provider keeps it: so many calls in any second, and not one more. It remembers every call that came.</summary>
/// <param name="calls">So many.</param>
/// <param name="time">The clock of the provider.</param>
public sealed class CallLimit(int calls, TimeProvider time)
{
    private static readonly TimeSpan s_span = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<DateTimeOffset> _taken = [];
    private readonly List<DateTimeOffset> _refused = [];

    /// <summary>When calls were taken.</summary>
    public IReadOnlyList<DateTimeOffset> Taken => Copy(_taken);

    /// <summary>When calls came that were one too many.</summary>
    public IReadOnlyList<DateTimeOffset> Refused => Copy(_refused);

    /// <summary>The most moments of a list, in any order, that lie within a span.</summary>
    public static int Most(IEnumerable<DateTimeOffset> moments, TimeSpan span)
    {
        var (most, window) = (0, new Queue<DateTimeOffset>());
        foreach (var moment in moments.Order())
        {
            while (window.TryPeek(out var first) && first <= moment - span)
            {
                window.Dequeue();
            }

            window.Enqueue(moment);
            most = Math.Max(most, window.Count);
        }

        return most;
    }

    /// <summary>Takes a call, if it is not one too many.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var isTaken = calls > 0 && (_taken.Count < calls || _taken[^calls] <= now - s_span);
            (isTaken ? _taken : _refused).Add(now);
            return isTaken;
        }
    }

    private IReadOnlyList<DateTimeOffset> Copy(List<DateTimeOffset> moments)
    {
        lock (_gate)
        {
            return [.. moments];
        }
    }
}
