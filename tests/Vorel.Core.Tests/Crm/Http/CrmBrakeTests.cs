using Vorel.Core.Crm.Http;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm.Http;

public sealed class CrmBrakeTests
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();
    private readonly CrmBrake _brake;

    public CrmBrakeTests() => _brake = new CrmBrake(_clock);

    [Fact]
    public void Does_nothing_while_enough_is_left()
    {
        _brake.Learn([new CrmAllowance(CrmBrake.Reserve + 1, s_window)]);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(TimeSpan.Zero, Take()));
    }

    [Fact]
    public void Spreads_what_is_left_over_the_window()
    {
        _brake.Learn([new CrmAllowance(4, s_window)]);
        Assert.Equal([2, 4], [Take()!.Value.TotalSeconds, Take()!.Value.TotalSeconds]);
    }

    [Fact]
    public void Refuses_who_would_wait_too_long_and_takes_no_turn_for_it()
    {
        _brake.Learn([new CrmAllowance(0, s_window)]);
        Assert.Null(_brake.Take(s_longest, out var wait));
        Assert.Equal(s_window, wait);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(TimeSpan.FromSeconds(4), Take());
    }

    [Fact]
    public void Lets_go_when_the_window_is_over_or_more_is_left()
    {
        _brake.Learn([new CrmAllowance(0, s_window)]);
        _clock.Advance(s_window);
        Assert.Equal(TimeSpan.Zero, Take());
        _brake.Learn([new CrmAllowance(0, s_window)]);
        _brake.Learn([new CrmAllowance(100, s_window)]);
        Assert.Equal(TimeSpan.Zero, Take());
    }

    [Fact]
    public void Of_several_limits_the_tightest_counts()
    {
        _brake.Learn([new CrmAllowance(9, s_window), new CrmAllowance(0, TimeSpan.FromSeconds(1)), new CrmAllowance(3, s_window)]);
        Assert.Equal(TimeSpan.FromSeconds(2.5), Take());
    }

    private TimeSpan? Take() => _brake.Take(s_longest, out _);
}
