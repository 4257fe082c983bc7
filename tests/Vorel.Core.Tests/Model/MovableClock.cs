namespace Vorel.Core.Tests.Model;

/// <summary>A domain clock that may also be set back, as clocks of processes are that differ a little.</summary>
internal sealed class MovableClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Move(TimeSpan by) => _now += by;
}
