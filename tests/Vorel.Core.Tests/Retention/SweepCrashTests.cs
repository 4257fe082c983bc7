using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Retention;

/// <summary>Whatever single storage call of the sweep breaks, before its effect or after, and dead from then on or not: the end is the same.</summary>
[Trait("Area", "crash")]
public sealed class SweepCrashTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_all_that_is_due_goes_in_the_end_and_nothing_else(bool afterEffect, bool dies) =>
        Platform.AtEachCall(15, 60, breaksAt => Play(breaksAt, afterEffect, dies));

    /// <summary>Two sweeps of a tenant's due, changed, owed and unsynced records and of its ended and open telemetry, the first with one broken call; how many calls that one made.</summary>
    private static async Task<int> Play(int? breaksAt, bool afterEffect, bool dies)
    {
        var stage = await RetentionStage.Start();
        var world = stage.World;
        await world.Subscribe("lead.created");
        await stage.MirroredLead("one");
        await stage.MirroredLead("two");
        var changed = await stage.Mirrored("changed");
        var talking = await stage.Mirrored("talking");
        await world.Say(talking, "hello");
        await world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"keyed"}""", "key-1");
        await stage.Ended("ended", world.Domain.GetUtcNow() + RetentionStage.Window);
        await stage.Ended("ending", world.Domain.GetUtcNow() + RetentionStage.Window);
        await stage.Ended("open", world.Domain.GetUtcNow() + RetentionStage.Window);
        await stage.Write(new EndingTestRow("open", null));
        world.Advance(RetentionStage.Window - TimeSpan.FromDays(1));
        await world.Patch(changed, """{"customer_name":"Ada"}""");
        var later = await stage.Mirrored("later");
        world.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(1));

        var start = world.Plan.Calls;
        var dead = false;
        world.Plan.BreaksAt = start + breaksAt;
        world.Plan.AfterEffect = afterEffect;
        world.Plan.Fault = () =>
        {
            dead = dies;
            return dies ? new KilledException() : new StoreUnavailableException("scripted");
        };
        world.Plan.Meanwhile = _ => dead ? throw new KilledException() : Task.CompletedTask;
        await Survives(() => world.Bulk.Sweep(default));
        await Survives(() => world.OldTables.Drop(default));
        var calls = world.Plan.Calls - start;

        world.Plan.BreaksAt = null;
        world.Plan.Meanwhile = null;
        for (var hour = 0; hour < 2; hour++)
        {
            world.Advance(TimeSpan.FromHours(1));
            await stage.Sweep();
            await world.OldTables.Drop(default);
        }

        await AssertEnd(stage, [changed, talking, later], $"call {breaksAt}");
        return calls;
    }

    private static async Task Survives(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or KilledException)
        {
        }
    }

    private static async Task AssertEnd(RetentionStage stage, RecordRow[] kept, string when)
    {
        var keyed = stage.World.Keys("conversation|").Except(kept.Select(record => record.RowKey));
        Assert.True(keyed.Count() == 1, when);
        Assert.True(stage.World.Keys("lead|").Count == 0, when);
        Assert.True(stage.World.Keys("ix|").Count == 4, when);
        Assert.True(stage.World.Keys("idem").Count == 0, when);
        Assert.True(stage.World.Keys("todo|").Count == 3, when);
        Assert.True(stage.World.Keys("end").Count == 0, when);
        Assert.True(stage.World.Keys("open").Count == 1, when);
        Assert.True(stage.Hints.Select(hint => hint.Key).Order().SequenceEqual(kept.Select(record => record.RowKey).Append("Incidents|open").Order()), when);
        Assert.True((await stage.World.Store.ListTables("Payloads", default)).SequenceEqual(["Payloads20260203"]), when);

        // Whatever was lost, somebody can read that the records went: as purged, or as found gone.
        var audit = string.Join('\n', await stage.Audit());
        Assert.True(audit.Contains("lead_purged", StringComparison.Ordinal) || audit.Contains("lead_gone", StringComparison.Ordinal), when);
    }
}
