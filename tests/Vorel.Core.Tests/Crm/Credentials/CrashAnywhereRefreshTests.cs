using Vorel.Core.Crm;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Credentials;

/// <summary>A refresh of which any one call breaks, by an outage or by the death of the process.</summary>
[Trait("Area", "crash")]
public sealed class CrashAnywhereRefreshTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public Task An_outage_of_any_call_loses_no_token(bool rotates, bool afterEffect) => Platform.AtEachCall(8, 40, async breaksAt =>
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Rotates = rotates;
        var tokens = await stage.Open();
        var used = await tokens.Get(default);
        var calls = Break(stage, breaksAt, afterEffect, () => new StoreUnavailableException("scripted"));
        try
        {
            await tokens.Refresh(used, default);
        }
        catch (StoreUnavailableException)
        {
        }

        var made = calls();
        var token = await tokens.Refresh(used, default);
        Assert.Equal($"access-{stage.Renewal.Calls}", token.Value);
        await AssertHeld(stage, breaksAt);
        return made;
    });

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public Task A_death_at_any_call_leaves_the_old_token_or_the_new_one_or_says_that_one_is_lost(bool rotates, bool afterEffect) => Platform.AtEachCall(8, 40, async breaksAt =>
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Rotates = rotates;
        var tokens = await stage.Open();
        var used = await tokens.Get(default);
        var calls = Break(stage, breaksAt, afterEffect, () => new KilledException());
        try
        {
            await tokens.Refresh(used, default);
        }
        catch (KilledException)
        {
        }

        var made = calls();
        var isLost = rotates && stage.Renewal.Calls == 1 && (await stage.Sealed()).Version == 1;

        // Another process finds the lease of the dead one.
        var another = await stage.OpenIn(stage.World.NewTokens());
        stage.World.Advance(TimeSpan.FromSeconds(31));
        if (isLost)
        {
            // Between the provider's answer and our store nothing can help: the provider took the old one back.
            Assert.Equal(CrmErrorCode.RefreshFailed, (await Assert.ThrowsAsync<CrmException>(() => another.Refresh(used, default))).Code);
            Assert.NotNull((await stage.Stored()).Row.Failure);
            await stage.SignIn("anew");
            Assert.Null((await stage.Stored()).Row.Failure);
            return made;
        }

        var token = await another.Refresh(used, default);
        Assert.Equal($"access-{stage.Renewal.Calls}", token.Value);
        await AssertHeld(stage, breaksAt);
        return made;
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_refusal_is_told_whatever_call_breaks(bool afterEffect) => Platform.AtEachCall(8, 40, async breaksAt =>
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Good = "another";
        var tokens = await stage.Open();
        var used = await tokens.Get(default);
        var calls = Break(stage, breaksAt, afterEffect, () => new KilledException());
        await Assert.ThrowsAnyAsync<Exception>(() => tokens.Refresh(used, default));
        var made = calls();
        stage.World.Advance(TimeSpan.FromSeconds(31));
        var another = await stage.OpenIn(stage.World.NewTokens());
        Assert.Equal(CrmErrorCode.RefreshFailed, (await Assert.ThrowsAsync<CrmException>(() => another.Refresh(used, default))).Code);
        Assert.Equal(CrmErrorCode.RefreshFailed, (await stage.Stored()).Row.Failure!.Code);
        await Platform.Minutes(stage.World, 2);
        Assert.Single(stage.World.Keys("open|credential_refresh_failed"));
        return made;
    });

    private static Func<int> Break(TokenStage stage, int? breaksAt, bool afterEffect, Func<Exception> fault)
    {
        var plan = stage.World.Plan;
        var start = plan.Calls;
        (plan.BreaksAt, plan.AfterEffect, plan.Fault) = (start + breaksAt, afterEffect, fault);
        return () =>
        {
            plan.BreaksAt = null;
            return plan.Calls - start;
        };
    }

    private static async Task AssertHeld(TokenStage stage, int? breaksAt)
    {
        var (access, refresh, version) = await stage.Sealed();
        Assert.True(refresh == stage.Renewal.Good && access == $"access-{stage.Renewal.Calls}" && version > 1, $"call {breaksAt}: {access} {version}");
        Assert.Null((await stage.Stored()).Row.Failure);
    }
}
