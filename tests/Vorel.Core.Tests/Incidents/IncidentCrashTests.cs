using Vorel.Core.Alerts;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Incidents;

/// <summary>Whatever single call breaks from a refused write to the end of its incident, before its effect or after, and dead from then on or not: the end is the same.</summary>
[Trait("Area", "crash")]
public sealed class IncidentCrashTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_one_incident_opens_is_told_and_closes_and_no_child_stays_parked(bool afterEffect, bool dies) =>
        Platform.AtEachCall(60, 400, breaksAt => new Play(breaksAt, afterEffect, dies).Run());

    [Fact]
    public async Task Whenever_another_look_comes_between_there_is_one_incident_and_one_alert()
    {
        for (var (meetsAt, calls) = (0, 1); meetsAt < calls; meetsAt++)
        {
            var stage = await IncidentStage.Start();
            await stage.Refuse(await stage.World.Conversation());
            var start = stage.World.Plan.Calls;
            stage.World.Plan.Meanwhile = async number =>
            {
                if (number == start + meetsAt)
                {
                    stage.World.Plan.Meanwhile = null;
                    await stage.Look();
                }
            };
            await stage.Look();
            calls = Math.Max(calls, stage.World.Plan.Calls - start);
            await stage.Pass(12);

            Assert.Null((await stage.Only()).ClosedAt);
            Assert.True(stage.World.Alerts.Count(AlertCode.IncidentOpened) == 1, $"call {meetsAt}");
            Assert.NotEmpty(stage.Hints());
        }
    }

    [Fact]
    public async Task Whenever_another_look_comes_between_an_incident_closes_once()
    {
        for (var (meetsAt, calls) = (0, 1); meetsAt < calls; meetsAt++)
        {
            var stage = await IncidentStage.Start();
            var conversation = await stage.World.Conversation();
            await stage.Refuse(conversation);
            await stage.Pass(1);
            await stage.World.Patch(conversation, """{"customer_name":"Ada"}""");
            await stage.Mirror(conversation);
            await stage.Mirror(conversation);
            var start = stage.World.Plan.Calls;
            stage.World.Plan.Meanwhile = async number =>
            {
                if (number == start + meetsAt)
                {
                    stage.World.Plan.Meanwhile = null;
                    await stage.Look();
                }
            };
            await stage.Look();
            calls = Math.Max(calls, stage.World.Plan.Calls - start);
            await stage.Pass(12);

            Assert.Equal("resolved", (await stage.Only()).Because);
            Assert.Empty(stage.Hints());
        }
    }

    /// <summary>A conversation that the CRM refuses and a lead behind it, and a hub and a tick that go on whatever breaks.</summary>
    private sealed class Play(int? breaksAt, bool afterEffect, bool dies)
    {
        private readonly List<(RecordKind Kind, Guid Id)> _instances = [];
        private IncidentStage _stage = null!;
        private RecordRow _conversation = null!;
        private bool _refuses = true;
        private bool _dead;

        private World World => _stage.World;

        private string When => $"call {breaksAt}";

        public async Task<int> Run()
        {
            _stage = await IncidentStage.Start();
            _conversation = await World.Conversation();
            await World.Lead(_conversation);
            var start = World.Plan.Calls;
            World.Plan.BreaksAt = start + breaksAt;
            World.Plan.AfterEffect = afterEffect;
            World.Plan.Fault = () =>
            {
                _dead = dies;
                return dies ? new KilledException() : new StoreUnavailableException("scripted");
            };
            World.Plan.Meanwhile = _ => _dead ? throw new KilledException() : Task.CompletedTask;

            for (var minute = 0; minute < 30; minute++)
            {
                await Minute();
            }

            var open = await _stage.Only();
            Assert.True(open is { ClosedAt: null, AlertedAt: not null } && open.Counts.Values.SequenceEqual([1, 1]), When);
            Assert.True(World.Alerts.Count(AlertCode.IncidentOpened) is 1 or 2, When);
            Assert.True(World.Crm.Calls.Count == 0, When);
            Assert.True(_stage.Hints().Count > 0, When);

            _refuses = false;
            await Redrive();
            for (var minute = 0; minute < 30; minute++)
            {
                await Minute();
            }

            var calls = World.Plan.Calls - start;
            Assert.True((await _stage.Only()).Because == "resolved", When);
            Assert.True(World.Keys("todo|").Count == 0, When);
            Assert.True(World.Crm.Records == 2, When);
            Assert.True(World.Crm.Calls.Select(call => call.Object).Distinct().SequenceEqual([CrmObject.Conversation, CrmObject.Lead]), When);
            Assert.True(_stage.Hints().Count == 0, When);
            return calls;
        }

        private async Task Minute()
        {
            World.Advance(TimeSpan.FromMinutes(1));
            await Survives(() => World.Tick.Run(World.Domain.GetUtcNow(), default));
            while (World.Queue.Inner.TakeNext(WorkQueues.Live, TimeSpan.FromSeconds(30)) is { } message)
            {
                if (await Survives(() => World.Live.Handle(message.Body, default)))
                {
                    await World.Queue.Inner.Remove(WorkQueues.Live, message.Receipt, default);
                }
            }

            await Instances();
        }

        /// <summary>The hub: what was started calls its activity until that says that there is nothing to do.</summary>
        private async Task Instances()
        {
            while (World.Orchestrations.Starts.TryDequeue(out var start))
            {
                if (start.Instance.Split(':') is ["record", _, var kind, var id])
                {
                    _instances.Add((RecordKinds.Find(kind)!, Guid.Parse(id)));
                }
            }

            foreach (var instance in _instances.Distinct().OrderBy(instance => instance.Kind == RecordKinds.Lead).ToList())
            {
                MirrorStep? step = null;
                if (_refuses)
                {
                    World.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ValidationError, "scripted", retryable: false));
                }

                await Survives(async () => step = await World.Mirror.Mirror(World.Tenant, instance.Kind, instance.Id, default));
                World.Crm.Failures.Clear();
                if (step is MirrorStep.Done)
                {
                    _instances.RemoveAll(one => one == instance);
                }
            }
        }

        private async Task Redrive()
        {
            var stored = await World.Store.Inner.Get<TodoRow>(Partition.Of(World.Tenant), _conversation.Debt!.RowKey, default);
            await World.Store.Inner.TryReplace("Records", Partition.Of(World.Tenant), stored! with { Row = stored.Row.Afresh() }, default);
            await World.Queue.Inner.Put(WorkQueues.Live, new WorkMessage.Check(World.Tenant, _conversation.Kind, _conversation.Id).ToJson(), TimeSpan.Zero, default);
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
