using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Redrives;

/// <summary>Whatever single call breaks from the start of a redrive, or of a connection, to the last record: each is taken up, and is in the CRM once.</summary>
[Trait("Area", "crash")]
public sealed class CrashAnywhereRedriveTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_everything_that_had_failed_is_taken_up_and_nothing_twice(bool afterEffect, bool killed) =>
        Platform.BreakEachCall(afterEffect, killed, least: 40, Refuse, async world =>
        {
            var started = await Platform.Insist(() => world.Redrives.Start(world.Tenant, new RedriveScope.Tenant(), null, AuditActor.System, default));
            await Platform.Minutes(world, 12);
            return async when =>
            {
                AssertInTheCrmOnce(world, when);
                var redrives = (await world.Redrives.List(world.Tenant, 10, null, default)).Redrives;
                Assert.True(redrives.All(redrive => redrive.State == RedriveState.Finished), when);

                // A slice that comes again does not count what has reached the CRM meanwhile.
                var own = redrives.Single(redrive => redrive.Id == started.Id);
                Assert.True(own is { Total: 4, Redriven: <= 4 } && (own.Redriven == 4 || when != "call "), $"{when}: {own}");
                Assert.True(world.Keys("running|").Count == 0, when);
            };
        });

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_everything_that_was_written_before_is_taken_up_when_a_CRM_is_connected(bool afterEffect, bool killed) =>
        Platform.BreakEachCall(afterEffect, killed, least: 40, Write, async world =>
        {
            await Platform.Insist(async () =>
            {
                await world.Connect();
                return true;
            });
            await Platform.Minutes(world, 12);
            return when =>
            {
                AssertInTheCrmOnce(world, when);
                return Task.CompletedTask;
            };
        });

    private static async Task Write(World world)
    {
        var conversation = await world.Conversation("1");
        await world.Lead(conversation);
        await world.Conversation("2");
        await world.Conversation("3");
        await world.Dispatch();
    }

    private static async Task Refuse(World world)
    {
        await world.Connect();
        await world.FinishRedrives();
        await Write(world);
        foreach (var started in world.Orchestrations.Starts.DistinctBy(start => start.Instance))
        {
            var parts = started.Instance.Split(':');
            world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ValidationError, "refused", retryable: false));
            await world.Mirror.Mirror(world.Tenant, RecordKinds.Find(parts[2])!, Guid.Parse(parts[3]), default);
        }

        world.Orchestrations.Starts.Clear();
        world.Crm.Failures.Clear();
        await Platform.Minutes(world, 5);
        Assert.Equal((4, 0), (world.Keys("todo|").Count, world.Crm.Records));
    }

    private static void AssertInTheCrmOnce(World world, string when)
    {
        Assert.True(world.Keys("todo|").Count == 0, when);
        Assert.True(world.Crm.Records == 4, when);
        Assert.True(World.Queues.Sum(queue => world.Queue.Inner.Messages(queue).Count) == 0, when);
    }
}
