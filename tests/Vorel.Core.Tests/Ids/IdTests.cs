using FsCheck;
using FsCheck.Fluent;
using Vorel.Core.Ids;
using Vorel.Core.Time;
using Vorel.Testing;

namespace Vorel.Core.Tests.Ids;

public sealed class IdTests
{
    private readonly FakeTimeProvider _domain = new();

    [Fact]
    public void Ids_are_of_version_7_and_carry_the_domain_clocks_millisecond()
    {
        var id = Source().Next();
        Assert.Equal((7, 0b10), (id.Version, id.Variant >> 2));
        Assert.Equal(_domain.GetUtcNow(), Uuid7.TimeOf(id));
    }

    [Fact]
    public void Ids_of_one_millisecond_keep_their_order_and_none_repeats()
    {
        var source = Source();
        var ids = Enumerable.Range(0, 20_000).Select(_ => source.Next()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(ids.Select(id => id.ToString()).Order(StringComparer.Ordinal), ids.Select(id => id.ToString()));
        Assert.InRange((Uuid7.TimeOf(ids[^1]) - _domain.GetUtcNow()).TotalMilliseconds, 0, 11);
    }

    [Fact]
    public void Ids_made_at_once_by_many_threads_are_distinct()
    {
        var source = Source();
        var ids = new System.Collections.Concurrent.ConcurrentBag<Guid>();
        Parallel.For(0, 10_000, _ => ids.Add(source.Next()));
        Assert.Equal(10_000, ids.Distinct().Count());
    }

    [Fact]
    public void A_clock_that_goes_back_does_not_take_ids_with_it()
    {
        var clock = new SettableTime { Now = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero) };
        var source = new IdSource(new Clocks(clock, clock));
        var before = source.Next();
        clock.Now -= TimeSpan.FromSeconds(3);
        Assert.True(string.CompareOrdinal(before.ToString(), source.Next().ToString()) < 0);
    }

    [Fact]
    public void Keys_are_the_complement_of_ids_so_that_ascending_keys_are_newest_first()
    {
        Assert.Equal("fe6472a1ffff8fff7fffffffffffffff", Uuid7.ToKey(new Guid("019b8d5e-0000-7000-8000-000000000000")));
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<Guid>(), id => Uuid7.FromKey(Uuid7.ToKey(id)) == id));
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<Guid>(), ArbMap.Default.ArbFor<Guid>(), (first, second) =>
            Math.Sign(string.CompareOrdinal(Uuid7.ToKey(first), Uuid7.ToKey(second))) == Math.Sign(string.CompareOrdinal(second.ToString(), first.ToString()))));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("019b8d5e-0000-4000-8000-000000000000")]
    [InlineData("019B8D5E-0000-7000-8000-000000000000")]
    [InlineData("{019b8d5e-0000-7000-8000-000000000000}")]
    [InlineData(" 019b8d5e-0000-7000-8000-000000000000")]
    [InlineData("019b8d5e000070008000000000000000")]
    [InlineData("e677d21f-dc00-7000-8000-000000000000")]
    [InlineData("ffffffff-ffff-7fff-bfff-ffffffffffff")]
    public void An_id_has_one_spelling(string? text) => Assert.False(Uuid7.TryParse(text, out _));

    [Theory]
    [InlineData("00")]
    [InlineData("zz")]
    public void A_key_that_is_not_ours_is_refused(string key) => Assert.Throws<FormatException>(() => Uuid7.FromKey(key));

    private IdSource Source() => new(new Clocks(_domain, _domain));

    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
