using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm.Credentials;

/// <summary>Processes that renew one token, of which one dies, stands still, or has another time.</summary>
[Trait("Area", "crash")]
public sealed class RefreshLeaseTests
{
    [Fact]
    public async Task A_holder_that_died_is_taken_over_from_when_its_lease_is_over()
    {
        var stage = await TokenStage.Start();
        await stage.HoldLease(TimeSpan.FromSeconds(20));
        var tokens = await stage.Open();
        var refresh = tokens.Refresh(await tokens.Get(default), default);
        Pass(stage, TimeSpan.FromSeconds(19.5));
        Assert.Equal((false, 0), (refresh.IsCompleted, stage.Renewal.Calls));
        Pass(stage, TimeSpan.FromSeconds(1));
        Assert.Equal("access-1", (await refresh).Value);
        Assert.Equal(8, (await stage.Lease())!.Fence);
    }

    [Fact]
    public async Task A_holder_whose_clock_is_a_year_ahead_is_taken_over_from_after_thirty_seconds()
    {
        var stage = await TokenStage.Start();
        await stage.HoldLease(TimeSpan.FromDays(365));
        var tokens = await stage.Open();
        var refresh = tokens.Refresh(await tokens.Get(default), default);
        Pass(stage, TimeSpan.FromSeconds(29));
        Assert.Equal((false, 0), (refresh.IsCompleted, stage.Renewal.Calls));
        Pass(stage, TimeSpan.FromSeconds(2));
        Assert.Equal("access-1", (await refresh).Value);
    }

    [Fact]
    public async Task Who_waits_for_another_process_takes_what_that_one_has_stored()
    {
        var stage = await TokenStage.Start();
        await stage.HoldLease(TimeSpan.FromSeconds(30));
        var tokens = await stage.Open();
        var used = await tokens.Get(default);
        var refresh = tokens.Refresh(used, default);
        Pass(stage, TimeSpan.FromSeconds(2));
        Assert.False(refresh.IsCompleted);
        await stage.Change(row => row with { TokenVersion = 2 });
        Pass(stage, TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await refresh).Version);
        Assert.Equal(0, stage.Renewal.Calls);
    }

    [Fact]
    public async Task A_wait_ends_with_its_callers_patience()
    {
        var stage = await TokenStage.Start();
        await stage.HoldLease(TimeSpan.FromSeconds(30));
        var tokens = await stage.Open();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), stage.World.Real);
        var refresh = tokens.Refresh(await tokens.Get(default), patience.Token);
        Pass(stage, TimeSpan.FromSeconds(3));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refresh);
    }

    [Fact]
    public async Task What_a_stalled_holder_got_by_the_last_good_refresh_token_is_stored_however_late()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Rotates = true;
        var (late, early) = (Stalling(stage), stage.World.NewTokens());
        var stall = new TaskCompletionSource();
        stage.Renewal.After = call => call == 1 ? stall.Task : Task.CompletedTask;
        var (one, other) = (await stage.OpenIn(late), await stage.OpenIn(early));
        var used = await one.Get(default);
        var stalled = one.Refresh(used, default);

        // Its lease ends, and who takes it over spends the same refresh token, which is good no more.
        var second = other.Refresh(used, default);
        await Pass(stage, second, TimeSpan.FromSeconds(31));
        Assert.Equal(CrmErrorCode.RefreshFailed, (await Assert.ThrowsAsync<CrmException>(() => second)).Code);
        Assert.Equal(CrmErrorCode.RefreshFailed, (await stage.Stored()).Row.Failure!.Code);

        stall.SetResult();
        Assert.Equal("access-1", (await stalled).Value);
        Assert.Equal(("access-1", "refresh-1", 2L), await stage.Sealed());
        Assert.Null((await stage.Stored()).Row.Failure);
        Assert.Equal("access-1", (await other.Refresh(used, default)).Value);
    }

    [Fact]
    public async Task What_a_stalled_holder_got_is_dropped_where_another_has_stored_a_later_one()
    {
        var stage = await TokenStage.Start();
        var (late, early) = (Stalling(stage), stage.World.NewTokens());
        var stall = new TaskCompletionSource();
        stage.Renewal.After = call => call == 1 ? stall.Task : Task.CompletedTask;
        var (one, other) = (await stage.OpenIn(late), await stage.OpenIn(early));
        var used = await one.Get(default);
        var stalled = one.Refresh(used, default);
        var second = other.Refresh(used, default);
        await Pass(stage, second, TimeSpan.FromSeconds(31));
        Assert.Equal("access-2", (await second).Value);
        var fence = (await stage.Lease())!.Fence;

        stall.SetResult();
        Assert.Equal("access-2", (await stalled).Value);
        Assert.Equal(("access-2", "refresh-0", 2L), await stage.Sealed());

        // It did not give back what was no longer its own.
        Assert.Equal(fence, (await stage.Lease())!.Fence);
    }

    [Fact]
    public async Task A_stalled_holder_that_is_refused_late_does_not_speak_for_who_has_taken_over()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Rotates = true;
        var frozen = new FakeTimeProvider(stage.World.Real.GetUtcNow());
        var (late, early) = (stage.World.NewTokens(clocks: stage.World.Clocks with { Real = frozen }), stage.World.NewTokens());
        var (stall, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        stage.Renewal.Before = (call, _) => call == 1 ? stall.Task : Task.CompletedTask;
        stage.Renewal.After = call => call == 2 ? answer.Task : Task.CompletedTask;
        var (one, other) = (await stage.OpenIn(late), await stage.OpenIn(early));
        var used = await one.Get(default);
        var stalled = one.Refresh(used, default);
        var taking = other.Refresh(used, default);

        Pass(stage, TimeSpan.FromSeconds(31));
        Assert.Equal(2, stage.Renewal.Calls);
        stall.SetResult();
        Assert.Null((await stage.Stored()).Row.Failure);
        Assert.Equal(0, stage.Audited(AuditAction.CredentialRefreshFailed));

        answer.SetResult();
        Assert.Equal("access-2", (await taking).Value);
        frozen.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("access-2", (await stalled).Value);
    }

    [Fact]
    public async Task Who_is_refused_what_another_process_has_spent_takes_what_that_one_got()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Good = "refresh-elsewhere";
        stage.Renewal.Before = (_, _) => stage.Change(row => row with { TokenVersion = 2 });
        var tokens = await stage.Open();
        Assert.Equal(2, (await tokens.Refresh(await tokens.Get(default), default)).Version);
        Assert.Null((await stage.Stored()).Row.Failure);
        Assert.Equal(0, stage.Audited(AuditAction.CredentialRefreshFailed));
    }

    /// <summary>A process that stands still when it is made to wait, and for which no time passes then.</summary>
    private static TokenRefresh Stalling(TokenStage stage) =>
        stage.World.NewTokens(clocks: stage.World.Clocks with { Real = new FakeTimeProvider(stage.World.Real.GetUtcNow()) });

    private static void Pass(TokenStage stage, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(250))
        {
            stage.World.Real.Advance(TimeSpan.FromMilliseconds(250));
        }
    }

    private static async Task Pass(TokenStage stage, Task until, TimeSpan most)
    {
        Pass(stage, most);
        await Eventually.True(() => until.IsCompleted, "the refresh ended");
    }
}
