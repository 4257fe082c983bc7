using Vorel.LocalHost.Clock;

namespace Vorel.LocalHost.Tests.Clock;

public sealed class DomainClockTests
{
    private readonly DomainClock _clock = new(TimeProvider.System);

    [Fact]
    public async Task A_jump_wakes_who_waits_for_a_time_beyond_it_only_when_it_is_reached()
    {
        var start = _clock.GetUtcNow();
        var waiting = _clock.WaitUntil(start + TimeSpan.FromHours(2), CancellationToken.None);
        var jump = _clock.Jumped(0, CancellationToken.None);
        _clock.Advance(TimeSpan.FromHours(1));
        await jump.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.False(waiting.IsCompleted);
        var second = _clock.Advance(TimeSpan.FromHours(1));
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(2, second.Generation);
        Assert.Equal(TimeSpan.FromHours(2), _clock.Offset);
        Assert.True(_clock.GetUtcNow() - start >= TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task A_jump_that_has_happened_is_not_waited_for()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _clock.Jumped(0, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
        Assert.False(_clock.Jumped(1, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public void It_never_goes_back()
    {
        _clock.Restore(new DomainClock.Reading(TimeSpan.FromHours(3), 7));
        _clock.Restore(new DomainClock.Reading(TimeSpan.FromHours(1), 2));
        Assert.Equal((TimeSpan.FromHours(3), 7L), (_clock.Offset, _clock.Generation));
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromSeconds(-1)));
    }
}
