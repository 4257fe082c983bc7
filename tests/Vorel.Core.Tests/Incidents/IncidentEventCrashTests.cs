using Vorel.Core.Alerts;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Incidents;

/// <summary>Whatever single call breaks between the opening of an incident and the event of its end, before its effect or after, and dead from then on or not.</summary>
[Trait("Area", "crash")]
public sealed class IncidentEventCrashTests
{
    [Theory]
    [InlineData(false, false, 0)]
    [InlineData(true, false, 0)]
    [InlineData(false, true, 0)]
    [InlineData(true, true, 0)]
    [InlineData(false, true, 10)]
    [InlineData(true, true, 10)]
    public Task Whichever_call_breaks_both_events_come_in_order_and_repeats_are_the_same_bytes(bool afterEffect, bool dies, int minutesAway) =>
        Platform.AtEachCall(40, 400, breaksAt => Play(breaksAt, afterEffect, dies, minutesAway));

    [Fact]
    public async Task Whenever_the_incident_closes_while_its_opening_is_published_both_are_told_in_order()
    {
        for (var (meetsAt, calls) = (0, 1); meetsAt < calls; meetsAt++)
        {
            var stage = await IncidentStage.Start();
            stage.World.Events.IsConfigured = true;
            await stage.Open();
            var incident = await stage.Only();
            await stage.Mend();
            var start = stage.World.Plan.Calls;
            stage.World.Plan.Meanwhile = async number =>
            {
                if (number == start + meetsAt)
                {
                    stage.World.Plan.Meanwhile = null;
                    await stage.Look();
                }
            };
            await stage.World.IncidentEvents.Publish(stage.World.Tenant, incident.Id, default);
            calls = Math.Max(calls, stage.World.Plan.Calls - start);
            stage.World.Plan.Meanwhile = null;
            await stage.Pass(12);

            Assert.Equal([$"{incident.Id:D}:opened", $"{incident.Id:D}:closed"], stage.World.Events.Ids);
            Assert.Equal(0, IncidentEventTests.EventHints(stage));
        }
    }

    private static async Task<int> Play(int? breaksAt, bool afterEffect, bool dies, int minutesAway)
    {
        var when = $"call {breaksAt}";
        var dead = false;
        var stage = await IncidentStage.Start();
        var world = stage.World;
        world.Events.IsConfigured = true;
        world.Events.Refuses = minutesAway > 0;
        await stage.Refuse(await world.Conversation());
        var start = world.Plan.Calls;
        world.Plan.BreaksAt = start + breaksAt;
        world.Plan.AfterEffect = afterEffect;
        world.Plan.Fault = () =>
        {
            dead = dies;
            return dies ? new KilledException() : new StoreUnavailableException("scripted");
        };
        world.Plan.Meanwhile = _ => dead ? throw new KilledException() : Task.CompletedTask;

        await Minutes(15);
        Assert.True((await stage.Only()).ClosedAt is null, when);
        world.Events.Refuses = false;
        await stage.Mend();
        await Minutes(25);

        var incident = await stage.Only();
        Assert.True(incident.ClosedAt is not null, when);
        Assert.True(world.Events.Ids.SequenceEqual([$"{incident.Id:D}:opened", $"{incident.Id:D}:closed"]), $"{when}: {string.Join(' ', world.Events.Ids)}");
        Assert.True(world.Events.Published.Distinct().Count() == 2 && world.Events.Published.Count <= 3, when);
        Assert.True(incident is { OpenedPublishedAt: not null, ClosedPublishedAt: not null }, when);
        Assert.True(IncidentEventTests.EventHints(stage) == 0, when);
        return world.Plan.Calls - start;

        async Task Minutes(int minutes)
        {
            for (var minute = 0; minute < minutes; minute++)
            {
                world.Advance(TimeSpan.FromMinutes(1));
                try
                {
                    await world.Tick.Run(world.Domain.GetUtcNow(), default);
                }
                catch (Exception exception) when (exception is StoreUnavailableException or KilledException)
                {
                    // The next tick is another process's.
                }

                dead = false;
            }
        }
    }
}
