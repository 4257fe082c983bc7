namespace Vorel.Functions.Time;

/// <summary>The domain clock of development: the system's time plus an offset that the local host serves. Timers and time stamps stay real.</summary>
internal sealed class RemoteClock : TimeProvider
{
    private long _offsetTicks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    /// <summary>Moves the clock to this distance from the system's.</summary>
    public void Move(TimeSpan offset) => Interlocked.Exchange(ref _offsetTicks, offset.Ticks);
}
