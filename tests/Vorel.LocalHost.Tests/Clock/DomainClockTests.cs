using Vorel.LocalHost.Clock;

namespace Vorel.LocalHost.Tests.Clock;

public sealed class DomainClockTests
{
    private readonly DomainClock clock = new(TimeProvider.System);

    [Fact]
    public async Task A_jump_wakes_who_waits_for_a_time_beyond_it_only_when_it_is_reached()
    {
        var start = clock.GetUtcNow();
        var waiting = clock.WaitUntil(start + TimeSpan.FromHours(2), CancellationToken.None);
        var jump = clock.Jumped(0, CancellationToken.None);
        clock.Advance(TimeSpan.FromHours(1));
        await jump.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.False(waiting.IsCompleted);
        var second = clock.Advance(TimeSpan.FromHours(1));
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(2, second.Generation);
        Assert.Equal(TimeSpan.FromHours(2), clock.Offset);
        Assert.True(clock.GetUtcNow() - start >= TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task A_jump_that_has_happened_is_not_waited_for()
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        await clock.Jumped(0, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
        Assert.False(clock.Jumped(1, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public void It_never_goes_back()
    {
        clock.Restore(new DomainClock.Reading(TimeSpan.FromHours(3), 7));
        clock.Restore(new DomainClock.Reading(TimeSpan.FromHours(1), 2));
        Assert.Equal((TimeSpan.FromHours(3), 7L), (clock.Offset, clock.Generation));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromSeconds(-1)));
    }
}
