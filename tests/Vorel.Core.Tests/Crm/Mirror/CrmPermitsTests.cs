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
        using var first = Take();
        using var second = Take();
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
        using var first = Take();
        using var second = Take();
        await first.Turn(s_tenASecond, default);
        var turn = second.Turn(s_tenASecond, default);

        first.Failed(new CrmException(CrmErrorCode.RateLimited, "scripted", retryable: true, TimeSpan.FromSeconds(20)));
        _world.Real.Advance(TimeSpan.FromSeconds(1));

        Assert.InRange((await turn)!.Value.TotalSeconds, 19, 22);
        Assert.InRange(Take().Refused!.Value.TotalSeconds, 19, 22);
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
        using (var permit = Take())
        {
            await permit.Turn(s_tenASecond, default);
            permit.Failed(new CrmException(code, "scripted", retryable: true, asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
        }

        using var next = Take();
        using var others = Take(TenantId.New(TimeProvider.System));
        Assert.Equal(pauses, next.Refused is not null);
        Assert.Null(others.Refused);
    }

    [Fact]
    public void A_failure_before_any_call_pauses_nobody()
    {
        using var permit = Take();
        permit.Failed(new CrmException(CrmErrorCode.RateLimited, "scripted", retryable: true));
        using var next = Take();
        Assert.Null(next.Refused);
    }

    [Fact]
    public async Task A_wait_that_is_given_up_gives_its_place_back()
    {
        using var first = Take();
        await first.Turn(s_tenASecond, default);
        using var cancelled = new CancellationTokenSource();
        using (var second = Take())
        {
            var turn = second.Turn(s_tenASecond, cancelled.Token);
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);
        }

        first.Dispose();
        _world.Real.Advance(TimeSpan.FromSeconds(2));
        var inside = Enumerable.Range(0, 30).Select(_ => Take()).Count(permit => permit.Refused is null);
        Assert.Equal(10, inside);
    }

    [Fact]
    public async Task Each_system_has_a_pace_of_its_own_whatever_object_types_go_there()
    {
        Assert.Null(await Take().Turn(s_tenASecond, default));
        await Pause(crmObject: CrmObject.Message, system: "archive");
        Assert.NotNull(Take(crmObject: CrmObject.Message, system: "archive").Refused);
        Assert.NotNull(Take(crmObject: CrmObject.Case, system: "archive").Refused);
        Assert.Null(Take().Refused);
        Assert.Null(Take(crmObject: CrmObject.Lead).Refused);
        Assert.Null(Take(TenantId.New(TimeProvider.System), CrmObject.Message, "archive").Refused);
    }

    [Fact]
    public async Task What_goes_elsewhere_than_before_leads_the_others_there()
    {
        await Pause(system: "old");
        Assert.NotNull(Take(system: "new").Refused); // By what is known before anything is read.
        _world.Real.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(Take(system: "new").Refused);

        // Not let in one by one, as at the old one after its pause.
        Assert.Equal(9, Enumerable.Range(0, 30).Select(_ => Take(system: "new")).Count(permit => permit.Refused is null));
    }

    [Fact]
    public async Task One_who_goes_elsewhere_gives_his_place_back_where_he_was_let_in()
    {
        await Pause(system: "old");
        _world.Real.Advance(TimeSpan.FromSeconds(30));
        using var stays = Take(crmObject: CrmObject.Lead, system: "new");
        using (var moves = _permits.Take(_tenant, CrmObject.Conversation))
        {
            Assert.Null(moves.GoTo("new"));
        }

        Assert.Null(Take(crmObject: CrmObject.Case, system: "new").Refused);
    }

    [Fact]
    public void Tenants_that_are_idle_are_forgotten_and_there_are_never_more_than_ten_thousand()
    {
        using var stays = Take();
        for (var i = 0; i < 25_000; i++)
        {
            Take(TenantId.New(TimeProvider.System)).Dispose();
            Assert.InRange(_permits.Kept, 1, 10_000);
        }

        _world.Real.Advance(TimeSpan.FromMinutes(6));
        Take(TenantId.New(TimeProvider.System)).Dispose();
        Assert.Equal(2, _permits.Kept);
    }

    private async Task Pause(CrmObject crmObject = CrmObject.Conversation, string system = "crm")
    {
        using var permit = Take(crmObject: crmObject, system: system);
        await permit.Turn(s_tenASecond, default);
        permit.Failed(new CrmException(CrmErrorCode.RateLimited, "scripted", retryable: true, TimeSpan.FromSeconds(20)));
    }

    private CrmPermit Take(TenantId? tenant = null, CrmObject crmObject = CrmObject.Conversation, string system = "crm")
    {
        var permit = _permits.Take(tenant ?? _tenant, crmObject);
        if (permit.Refused is null)
        {
            permit.GoTo(system);
        }

        return permit;
    }
}
