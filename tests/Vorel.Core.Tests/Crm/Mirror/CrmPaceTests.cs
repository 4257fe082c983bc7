using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;

namespace Vorel.Core.Tests.Crm.Mirror;

public sealed class CrmPaceTests
{
    private static readonly CrmRate s_tenASecond = new(10, TimeSpan.FromSeconds(1));

    private readonly CrmPace _pace = new("crm", new Random(1));
    private TimeSpan _now = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(10, 1)]
    [InlineData(50, 1)]
    [InlineData(100, 10)]
    [InlineData(1, 1)]
    [InlineData(7, 2)]
    [InlineData(3, 60)]
    public void No_span_of_a_rate_has_more_calls_than_the_rate_and_few_less(int calls, int seconds)
    {
        var rate = new CrmRate(calls, TimeSpan.FromSeconds(seconds));
        var bucket = new CrmBucket();
        bucket.Learn(rate);
        List<TimeSpan> leaves = [.. Enumerable.Range(0, calls * 20).Select(_ => bucket.Book(_now))];

        for (var first = 0; first < leaves.Count; first++)
        {
            Assert.InRange(leaves.Skip(first).Count(leave => leave < leaves[first] + rate.Per), 1, calls);
        }

        Assert.InRange((leaves[^1] - leaves[0]) / rate.Per, 0, 20 / 0.89);
    }

    [Fact]
    public void Sixteen_write_at_once_and_one_who_goes_makes_room()
    {
        var rate = new CrmRate(1000, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 16; i++)
        {
            Assert.True(_pace.TryEnter(_now));
            Assert.NotNull(_pace.Book(_now, rate));
        }

        Assert.False(_pace.TryEnter(_now));
        _pace.Leave(_now, booked: true, answeredCallAt: _now);
        Assert.True(_pace.TryEnter(_now));
    }

    [Fact]
    public void No_more_are_let_in_than_have_their_turn_within_a_second()
    {
        Assert.True(_pace.TryEnter(_now));
        var leaves = new List<TimeSpan> { _pace.Book(_now, s_tenASecond)!.Value };
        while (_pace.TryEnter(_now))
        {
            leaves.Add(_pace.Book(_now, s_tenASecond)!.Value);
        }

        Assert.Equal(10, leaves.Count);
        Assert.All(leaves, leave => Assert.InRange(leave - _now, TimeSpan.Zero, CrmPace.LongestHold));
    }

    [Fact]
    public void Those_inside_who_learn_that_their_turn_is_far_off_are_sent_away()
    {
        var slow = new CrmRate(1, TimeSpan.FromSeconds(10));
        Assert.True(_pace.TryEnter(_now));
        Assert.True(_pace.TryEnter(_now));
        Assert.Equal(_now, _pace.Book(_now, slow));
        Assert.Null(_pace.Book(_now, slow));
    }

    [Fact]
    public void Each_who_is_refused_is_told_the_turn_behind_the_one_before()
    {
        Fill();
        List<double> waits = [.. Enumerable.Range(0, 2000).Select(_ => _pace.Queue(_now).TotalSeconds)];

        Assert.Equal(1, waits[0]);
        Assert.All(waits.Zip(waits.Skip(1)).Take(1000), pair => Assert.Equal(1 / 9d, pair.Second - pair.First, 3));

        // Beyond two minutes no turn is promised; they are spread.
        Assert.All(waits.Skip(1100), wait => Assert.InRange(wait, 60, 120));
        Assert.True(waits.Skip(1100).Distinct().Count() > 800);
    }

    [Fact]
    public void Where_calls_are_slow_turns_are_as_far_apart_as_calls_end()
    {
        for (var i = 0; i < 60; i++)
        {
            Assert.True(_pace.TryEnter(_now));
            var called = _pace.Book(_now, s_tenASecond)!.Value;
            _now += TimeSpan.FromSeconds(8);
            _pace.Leave(_now, booked: true, answeredCallAt: called);
        }

        var first = _pace.Queue(_now);
        Assert.Equal(0.5, (_pace.Queue(_now) - first).TotalSeconds, 2);
    }

    [Fact]
    public void Turns_that_nobody_comes_for_are_not_counted_for_ever()
    {
        Fill();
        while (_pace.Queue(_now) < TimeSpan.FromSeconds(100))
        {
        }

        Empty();
        _now += TimeSpan.FromSeconds(10);
        Fill();
        Assert.Equal(1, _pace.Queue(_now).TotalSeconds);
    }

    [Theory]
    [InlineData(30.0, 30, 33)]
    [InlineData(0.0, 1, 1.1)]
    [InlineData(-60.0, 1, 1.1)]
    [InlineData(3600.0, 60, 60)]
    [InlineData(31_536_000.0, 60, 60)]
    [InlineData(9e11, 60, 60)]
    [InlineData(null, 1, 1.1)]
    public void A_pause_is_as_long_as_the_crm_asks_for_and_a_minute_at_most(double? asked, double least, double most)
    {
        Limit(asked);

        var told = _pace.Queue(_now);
        Assert.InRange(told.TotalSeconds, least, most + 0.2);
        Assert.False(_pace.TryEnter(_now + TimeSpan.FromSeconds(least * 0.99)));
        Assert.True(_pace.TryEnter(_now + TimeSpan.FromSeconds(most)));
    }

    [Fact]
    public void After_a_pause_one_call_feels_its_way()
    {
        Limit(2);
        _now += TimeSpan.FromSeconds(3);
        Assert.True(_pace.TryEnter(_now));
        Assert.False(_pace.TryEnter(_now));

        var called = _pace.Book(_now, s_tenASecond)!.Value;
        _pace.Leave(_now, booked: true, answeredCallAt: called);
        Assert.True(_pace.TryEnter(_now));
        Assert.True(_pace.TryEnter(_now));
    }

    [Fact]
    public void One_who_calls_nobody_leaves_the_way_to_the_next()
    {
        Limit(2);
        _now += TimeSpan.FromSeconds(3);
        Assert.True(_pace.TryEnter(_now));
        _pace.Leave(_now, booked: false, answeredCallAt: null);
        Assert.True(_pace.TryEnter(_now));
        Assert.False(_pace.TryEnter(_now));
    }

    [Fact]
    public void A_crm_that_refuses_for_ever_is_called_once_a_minute()
    {
        var calls = new List<TimeSpan>();
        var end = _now + TimeSpan.FromHours(1);
        for (; _now < end; _now += TimeSpan.FromMilliseconds(500))
        {
            if (_pace.TryEnter(_now) && _pace.Book(_now, s_tenASecond) is { } called)
            {
                calls.Add(called);
                _pace.Pause(_now, called, Limited(null));
                _pace.Leave(_now, booked: true, answeredCallAt: null);
            }
        }

        Assert.InRange(calls.Count, 60, 67);
    }

    [Fact]
    public void Calls_that_were_on_their_way_when_the_pause_began_neither_lengthen_nor_end_it()
    {
        TimeSpan[] calls = [Call(), Call(), Call()];
        _pace.Pause(_now, calls[0], Limited(5));
        _pace.Leave(_now, booked: true, answeredCallAt: null);
        _now += TimeSpan.FromSeconds(1);
        _pace.Pause(_now, calls[1], Limited(50));
        _pace.Leave(_now, booked: true, answeredCallAt: null);
        _pace.Leave(_now, booked: true, answeredCallAt: calls[2]);

        Assert.False(_pace.TryEnter(_now));
        _now += TimeSpan.FromSeconds(5);
        Assert.True(_pace.TryEnter(_now));
        Assert.False(_pace.TryEnter(_now));
    }

    [Fact]
    public void What_is_refused_makes_calls_rarer_and_what_is_taken_more_frequent_again()
    {
        var bucket = new CrmBucket();
        bucket.Learn(s_tenASecond);
        var usual = bucket.Interval;
        bucket.Slow();
        Assert.Equal(1 / 0.7, bucket.Interval / usual, 4);
        for (var i = 0; i < 200; i++)
        {
            bucket.Slow();
        }

        Assert.Equal(64, bucket.Interval / usual, 4);
        for (var i = 0; i < 500; i++)
        {
            bucket.Quicken();
        }

        Assert.Equal(usual, bucket.Interval);
    }

    private static CrmException Limited(double? asked) =>
        new(CrmErrorCode.RateLimited, "scripted", retryable: true, asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    private TimeSpan Call()
    {
        Assert.True(_pace.TryEnter(_now));
        return _pace.Book(_now, new CrmRate(1000, TimeSpan.FromSeconds(1)))!.Value;
    }

    private void Limit(double? asked)
    {
        var called = Call();
        _pace.Pause(_now, called, Limited(asked));
        _pace.Leave(_now, booked: true, answeredCallAt: null);
    }

    private void Fill()
    {
        while (_pace.TryEnter(_now))
        {
            _pace.Book(_now, s_tenASecond);
        }
    }

    private void Empty()
    {
        while (!_pace.IsEmpty)
        {
            _pace.Leave(_now, booked: true, answeredCallAt: _now);
        }
    }
}
