using Vorel.Testing;

namespace Vorel.Azure.Tests.Testing;

public sealed class InMemoryWorkQueueTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryWorkQueue _queue;

    public InMemoryWorkQueueTests() => _queue = new InMemoryWorkQueue(_time);

    [Fact]
    public async Task What_is_kept_for_people_ends_by_itself_and_work_does_not()
    {
        await _queue.Keep("aside", "what was it", TimeSpan.FromDays(7), s_none);
        await _queue.Put("aside", "work", TimeSpan.Zero, s_none);
        Assert.Equal(2, _queue.Messages("aside").Count);

        _time.Advance(TimeSpan.FromDays(7));

        Assert.Equal("work", Assert.Single(_queue.Messages("aside")).Body);
    }

    [Fact]
    public async Task A_delayed_message_is_taken_when_its_time_has_come_and_again_when_it_was_not_removed()
    {
        await _queue.Put("live", "one", TimeSpan.FromMinutes(1), s_none);
        Assert.Null(_queue.TakeNext("live", TimeSpan.FromSeconds(30)));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("one", _queue.TakeNext("live", TimeSpan.FromSeconds(30))?.Body);
        Assert.Null(_queue.TakeNext("live", TimeSpan.FromSeconds(30)));

        _time.Advance(TimeSpan.FromSeconds(30));
        var again = _queue.TakeNext("live", TimeSpan.FromSeconds(30))!;
        Assert.Equal(2, again.DequeueCount);
        Assert.True(await _queue.Remove("live", again.Receipt, s_none));
        Assert.Empty(_queue.Messages("live"));
    }

    [Fact]
    public async Task A_receipt_is_good_until_the_message_was_shown_or_taken()
    {
        var put = await _queue.Put("live", "one", TimeSpan.FromMinutes(1), s_none);

        Assert.True(await _queue.Show("live", put, s_none));
        Assert.False(await _queue.Show("live", put, s_none));
        var taken = _queue.TakeNext("live", TimeSpan.FromSeconds(30))!;
        Assert.False(await _queue.Remove("live", put, s_none));
        Assert.True(await _queue.Remove("live", taken.Receipt, s_none));
        Assert.False(await _queue.Remove("live", taken.Receipt, s_none));
    }
}
