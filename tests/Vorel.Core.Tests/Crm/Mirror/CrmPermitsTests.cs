using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

public sealed class CrmPermitsTests
{
    private static readonly CrmRate s_tenASecond = new(10, TimeSpan.FromSeconds(1));

    private readonly World _world = new();
    private readonly TenantId _tenant = TenantId.New(TimeProvider.System);
    private readonly CrmPermits _permits;

    public CrmPermitsTests() => _permits = new CrmPermits(_world.Clocks, new Random(1));

    [Fact]
    public async Task A_call_waits_for_its_moment_inside_if_that_is_near()
    {
        using var first = _permits.Take(_tenant);
        using var second = _permits.Take(_tenant);
        Assert.Null(await first.Turn(s_tenASecond, default));

        var turn = second.Turn(s_tenASecond, default);
        _world.Real.Advance(TimeSpan.FromMilliseconds(110));
        Assert.False(turn.IsCompleted);
        _world.Real.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Null(await turn);
    }

    [Fact]
    public async Task One_who_waits_inside_while_another_is_refused_does_not_call()
    {
        using var first = _permits.Take(_tenant);
        using var second = _permits.Take(_tenant);
        await first.Turn(s_tenASecond, default);
        var turn = second.Turn(s_tenASecond, default);

        first.Failed(new CrmException(CrmErrorCode.RateLimited, "scripted", retryable: true, TimeSpan.FromSeconds(20)));
        _world.Real.Advance(TimeSpan.FromSeconds(1));

        Assert.InRange((await turn)!.Value.TotalSeconds, 19, 22);
        Assert.InRange(_permits.Take(_tenant).Refused!.Value.TotalSeconds, 19, 22);
    }

    [Theory]
    [InlineData(CrmErrorCode.RateLimited, null, true)]
    [InlineData(CrmErrorCode.RateLimited, 5, true)]
    [InlineData(CrmErrorCode.ProviderUnavailable, 5, true)]
    [InlineData(CrmErrorCode.ProviderUnavailable, null, false)]
    [InlineData(CrmErrorCode.ProviderError, 5, false)]
    [InlineData(CrmErrorCode.ValidationError, null, false)]
    public async Task Only_a_limit_and_an_absence_with_an_end_are_a_pause_for_all(CrmErrorCode code, int? asked, bool pauses)
    {
        using (var permit = _permits.Take(_tenant))
        {
            await permit.Turn(s_tenASecond, default);
            permit.Failed(new CrmException(code, "scripted", retryable: true, asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
        }

        using var next = _permits.Take(_tenant);
        using var others = _permits.Take(TenantId.New(TimeProvider.System));
        Assert.Equal(pauses, next.Refused is not null);
        Assert.Null(others.Refused);
    }

    [Fact]
    public void A_failure_before_any_call_pauses_nobody()
    {
        using var permit = _permits.Take(_tenant);
        permit.Failed(new CrmException(CrmErrorCode.RateLimited, "scripted", retryable: true));
        using var next = _permits.Take(_tenant);
        Assert.Null(next.Refused);
    }

    [Fact]
    public async Task A_wait_that_is_given_up_gives_its_place_back()
    {
        using var first = _permits.Take(_tenant);
        await first.Turn(s_tenASecond, default);
        using var cancelled = new CancellationTokenSource();
        using (var second = _permits.Take(_tenant))
        {
            var turn = second.Turn(s_tenASecond, cancelled.Token);
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);
        }

        first.Dispose();
        _world.Real.Advance(TimeSpan.FromSeconds(2));
        var inside = Enumerable.Range(0, 30).Select(_ => _permits.Take(_tenant)).Count(permit => permit.Refused is null);
        Assert.Equal(10, inside);
    }

    [Fact]
    public void Tenants_that_are_idle_are_forgotten_and_there_are_never_more_than_ten_thousand()
    {
        using var stays = _permits.Take(_tenant);
        for (var i = 0; i < 25_000; i++)
        {
            _permits.Take(TenantId.New(TimeProvider.System)).Dispose();
            Assert.InRange(_permits.Tenants, 1, 10_000);
        }

        _world.Real.Advance(TimeSpan.FromMinutes(6));
        _permits.Take(TenantId.New(TimeProvider.System)).Dispose();
        Assert.Equal(2, _permits.Tenants);
    }
}
