using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Security.Rewraps;

/// <summary>Whatever single call breaks on the way, to a table, a queue or the vault, before its effect or after it: everything is moved and nothing is lost.</summary>
[Trait("Area", "crash")]
public sealed class CrashAnywhereRewrapTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_everything_is_moved_and_what_it_was(bool afterEffect, bool killed)
    {
        return Platform.AtEachCall(100, 600, Play);

        async Task<int> Play(int? breaksAt)
        {
            using var stage = new RewrapStage();
            var world = stage.World;
            stage.Vault.AddVersion();
            await stage.Fill(stage.Local);
            await stage.Subscription(world.Envelopes, stage.Tenants[2]);
            var key = stage.Vault.AddVersion();
            var start = world.Plan.Calls;
            world.Plan.BreaksAt = start + breaksAt;
            world.Plan.AfterEffect = afterEffect;
            if (killed)
            {
                world.Plan.Fault = () => new KilledException();
            }

            var started = await Platform.Insist(() => world.Rewraps.Start(default));
            await Platform.Minutes(world, 40);
            var count = world.Plan.Calls - start;
            world.Plan.BreaksAt = null;

            await stage.AssertAllAt(key, $"call {breaksAt}");
            var rewrap = await world.Rewraps.Get(started.Id.ToString("D"), default);
            Assert.True(rewrap is { IsComplete: true, Failures.Count: 0 } && rewrap.Looked == stage.Count, $"call {breaksAt}: {rewrap}");
            Assert.True(world.Keys("running").Count == 0, $"call {breaksAt}");
            return count;
        }
    }
}
