using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Turns;

namespace Vorel.LocalHost.Tests.Durable.Turns;

public sealed class HistoryCacheTests
{
    private static readonly IReadOnlyList<HistoryEvent> s_history = [Events.OrchestratorStarted(DateTimeOffset.UnixEpoch)];

    [Fact]
    public void The_execution_that_was_used_longest_ago_goes_first()
    {
        var cache = new HistoryCache(maxBytes: 700); // Room for two.
        cache.Put("a", s_history);
        cache.Put("b", s_history);
        Assert.NotNull(cache.Get("a"));

        cache.Put("c", s_history);

        Assert.NotNull(cache.Get("a"));
        Assert.Null(cache.Get("b"));
        Assert.NotNull(cache.Get("c"));
    }

    [Fact]
    public void A_history_larger_than_the_cache_is_not_kept_and_a_replaced_one_counts_once()
    {
        var cache = new HistoryCache(maxBytes: 700);
        cache.Put("a", [.. Enumerable.Repeat(s_history[0], 10)]);
        Assert.Null(cache.Get("a"));
        for (var turn = 0; turn < 10; turn++)
        {
            cache.Put("b", s_history);
        }

        cache.Put("c", s_history);

        Assert.NotNull(cache.Get("b"));
        cache.Remove("b");
        Assert.Null(cache.Get("b"));
    }
}
