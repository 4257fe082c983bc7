using System.Globalization;
using Vorel.Core.Crm.Http;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm.Http;

public sealed class CrmLinesTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly CrmLines _lines;

    public CrmLinesTests() => _lines = new CrmLines(_clock, CrmPatience.Default);

    [Fact]
    public void An_account_at_a_provider_has_one_line()
    {
        Assert.Same(_lines.Of("p", "a"), _lines.Of("p", "a"));
        Assert.NotSame(_lines.Of("p", "a"), _lines.Of("p", "b"));
        Assert.NotSame(_lines.Of("p", "a"), _lines.Of("q", "a"));
    }

    [Fact]
    public void A_flood_of_accounts_is_bounded_and_takes_those_first_that_idle()
    {
        var busy = _lines.Of("p", "busy");
        for (var account = 0; account < CrmLines.MostKept * 2; account++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            _lines.Of("p", account.ToString(CultureInfo.InvariantCulture));
            Assert.Same(busy, _lines.Of("p", "busy"));
        }

        Assert.InRange(_lines.Count, 1, CrmLines.MostKept);
    }

    [Fact]
    public void Lines_that_idle_are_forgotten()
    {
        _lines.Of("p", "a");
        _clock.Advance(TimeSpan.FromMinutes(16));
        _lines.Of("p", "b");
        Assert.Equal(1, _lines.Count);
    }

    [Fact]
    public async Task A_fact_is_looked_up_again_when_it_is_old_or_forgotten()
    {
        var line = _lines.Of("p", "a");
        var looked = 0;
        Task<string> Recall() => line.Recall("fact", TimeSpan.FromMinutes(5), () => Task.FromResult((++looked).ToString(CultureInfo.InvariantCulture)));
        Assert.Equal("1", await Recall());
        Assert.Equal("1", await Recall());
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("2", await Recall());
        line.Forget("fact");
        Assert.Equal("3", await Recall());
    }

    [Fact]
    public async Task A_fact_that_could_not_be_looked_up_is_none()
    {
        var line = _lines.Of("p", "a");
        await Assert.ThrowsAsync<InvalidOperationException>(() => line.Recall<string>("fact", TimeSpan.FromMinutes(5), () => throw new InvalidOperationException()));
        Assert.Equal("now", await line.Recall("fact", TimeSpan.FromMinutes(5), () => Task.FromResult("now")));
    }
}
