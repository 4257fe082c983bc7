using System.Diagnostics;

namespace Vorel.Testing.Faults;

/// <summary>A <see cref="Faults.Fault"/> that a proxy applies, until it is used up, its time is over or it is lifted (disposed).</summary>
public sealed class ActiveFault : IDisposable
{
    private readonly Lock _lock = new();
    private readonly long _since = Stopwatch.GetTimestamp();
    private readonly Random _random;
    private int _skip;
    private int _left;
    private int _hits;
    private bool _lifted;

    internal ActiveFault(Fault fault)
    {
        Fault = fault;
        _random = new Random(fault.Seed);
        _skip = fault.Skip;
        _left = fault.Count;
    }

    /// <summary>The rule.</summary>
    public Fault Fault { get; }

    /// <summary>How many requests it has hit.</summary>
    public int Hits => Volatile.Read(ref _hits);

    internal bool IsOver => _lifted || _left == 0 || (Fault.Lasts is { } limit && Stopwatch.GetElapsedTime(_since) >= limit);

    /// <summary>Ends it: what comes from now on passes.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _lifted = true;
        }
    }

    /// <summary>The rule, its seed and its hits, for a test's output.</summary>
    public override string ToString() => $"{Fault.Kind}, probability {Fault.Probability}, seed {Fault.Seed}: {Hits} hits";

    /// <summary>Whether this request is hit; counts it if so.</summary>
    internal bool Hit(ProxiedRequest request)
    {
        if ((Fault.Service is { } service && service != request.Service) || !Fault.Matches(request))
        {
            return false;
        }

        lock (_lock)
        {
            if (IsOver || _skip-- > 0 || _random.NextDouble() >= Fault.Probability)
            {
                return false;
            }

            _left--;
            _hits++;
            return true;
        }
    }
}
