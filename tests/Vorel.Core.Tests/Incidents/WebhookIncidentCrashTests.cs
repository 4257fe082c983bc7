using Vorel.Core.Alerts;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Incidents;

/// <summary>Whatever single call breaks from a dead letter to the end of its incident, before its effect or after, and dead from then on or not: the end is the same.</summary>
[Trait("Area", "crash")]
public sealed class WebhookIncidentCrashTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_one_incident_opens_and_closes_when_a_delivery_gets_through(bool afterEffect, bool dies) =>
        Platform.AtEachCall(40, 400, breaksAt => new Play(breaksAt, afterEffect, dies).Run());

    [Fact]
    public async Task Whenever_a_look_or_another_dead_letter_comes_between_the_incident_says_how_the_subscription_stands()
    {
        for (var (meetsAt, calls) = (0, 1); meetsAt < calls; meetsAt++)
        {
            var stage = await WebhookIncidentStage.Start();
            var first = await stage.Pending("first");
            var second = await stage.Pending("second");
            await stage.Climb(first);
            stage.World.Domain.SetBack(TimeSpan.FromHours(20));
            await stage.Climb(second);
            await stage.World.Deliveries.Attempt(stage.World.Tenant, first.Id, default);
            var third = await stage.Pending("third");
            stage.World.Sender.Always(Outcomes.Ok);
            var start = stage.World.Plan.Calls;
            stage.World.Plan.Meanwhile = async number =>
            {
                if (number == start + meetsAt)
                {
                    stage.World.Plan.Meanwhile = null;
                    stage.World.Sender.Always(Outcomes.Timeout);
                    await stage.World.Deliveries.Attempt(stage.World.Tenant, second.Id, default);
                    await stage.World.WebhookIncidents.Look(stage.World.Tenant, stage.Subscription.Id, default);
                    stage.World.Sender.Always(Outcomes.Ok);
                }
            };
            await stage.World.Deliveries.Attempt(stage.World.Tenant, third.Id, default);
            calls = Math.Max(calls, stage.World.Plan.Calls - start);
            stage.World.Plan.Meanwhile = null;
            await stage.Pass(12);

            var open = (await stage.Incidents()).Count(incident => incident.ClosedAt is null);
            Assert.True(open == ((await stage.Row()).IsFailing ? 1 : 0), $"call {meetsAt}");
            Assert.True(stage.Hints() == open, $"call {meetsAt}");
        }
    }

    /// <summary>A delivery that runs out of attempts and one that gets through, with a hub and a tick that go on whatever breaks.</summary>
    private sealed class Play(int? breaksAt, bool afterEffect, bool dies)
    {
        private WebhookIncidentStage _stage = null!;
        private bool _dead;

        private World World => _stage.World;

        private string When => $"call {breaksAt}";

        public async Task<int> Run()
        {
            _stage = await WebhookIncidentStage.Start();
            var first = await _stage.Pending("first");
            var second = await _stage.Pending("second");
            await _stage.Climb(first);
            World.Orchestrations.Starts.Clear();
            var start = World.Plan.Calls;
            World.Plan.BreaksAt = start + breaksAt;
            World.Plan.AfterEffect = afterEffect;
            World.Plan.Fault = () =>
            {
                _dead = dies;
                return dies ? new KilledException() : new StoreUnavailableException("scripted");
            };
            World.Plan.Meanwhile = _ => _dead ? throw new KilledException() : Task.CompletedTask;

            await Minutes(12, first);
            var open = await _stage.Only();
            Assert.True(open is { ClosedAt: null, AlertedAt: not null }, When);
            Assert.True((await _stage.Row()).FailingSince is not null && _stage.Hints() > 0, When);
            Assert.True(World.Alerts.Count(AlertCode.DeliveriesDeadLettered) is 1 or 2, When);

            World.Sender.Always(Outcomes.Ok);
            await Minutes(24, second);
            var calls = World.Plan.Calls - start;
            Assert.True((await _stage.Only()).Because == "resolved", When);
            Assert.True((await _stage.Row()).FailingSince is null && _stage.Hints() == 0, When);
            Assert.True(World.Alerts.Count(AlertCode.IncidentOpened) == 0, When);
            return calls;
        }

        /// <summary>The tick, and the hub: a delivery is attempted until it says that it is done, and again when it is started again.</summary>
        private async Task Minutes(int minutes, Delivery delivery)
        {
            var isDone = false;
            for (var minute = 0; minute < minutes; minute++)
            {
                isDone = isDone && World.Orchestrations.Starts.IsEmpty;
                World.Orchestrations.Starts.Clear();
                if (!isDone)
                {
                    await Survives(async () => isDone = await World.Deliveries.Attempt(World.Tenant, delivery.Id, default) is DeliveryStep.Done);
                }

                World.Advance(TimeSpan.FromMinutes(1));
                await Survives(() => World.Tick.Run(World.Domain.GetUtcNow(), default));
            }
        }

        /// <summary>Runs a step of a process, which a kill ends; the next one is another process. Whether it came to its end.</summary>
        private async Task<bool> Survives(Func<Task> work)
        {
            try
            {
                await work();
                return true;
            }
            catch (Exception exception) when (exception is StoreUnavailableException or KilledException)
            {
                return false;
            }
            finally
            {
                _dead = false;
            }
        }
    }
}
