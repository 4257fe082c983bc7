using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Tests.Incidents;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Redrives;

/// <summary>From a refused parent with children behind it to a closed incident, by a redrive.</summary>
public sealed class IncidentRedriveTests
{
    private readonly HashSet<(RecordKind Kind, Guid Id)> _instances = [];

    [Fact]
    public async Task What_an_incident_stands_for_is_in_the_CRM_and_the_incident_closed_minutes_after_its_redrive()
    {
        var stage = await Stuck();
        var incident = await stage.Only();
        Assert.Equal([("conversation", 1), ("lead", 1)], incident.Counts.Select(count => (count.Key, count.Value)));

        await stage.World.Redrives.Start(stage.World.Tenant, new RedriveScope.Incident(incident.Type), null, AuditActor.System, default);
        await Minutes(stage, 2);

        Assert.Equal(2, stage.World.Crm.Records);
        Assert.Equal(CrmObject.Conversation, stage.World.Crm.Calls[0].Object);
        Assert.Empty(stage.World.Keys("todo|"));
        Assert.Equal("resolved", (await stage.Only()).Because);
    }

    [Fact]
    public async Task A_redrive_of_the_parent_alone_lets_its_children_go_minutes_after()
    {
        var stage = await Stuck();
        var parent = Guid.Parse((await stage.Only()).Examples[0].Split(':')[1]);

        await stage.World.Redrives.Start(stage.World.Tenant, new RedriveScope.Record(RecordKinds.Conversation, parent), null, AuditActor.System, default);
        await Minutes(stage, 3);

        Assert.Equal(2, stage.World.Crm.Records);
        Assert.Empty(stage.World.Keys("todo|"));
    }

    [Fact]
    public async Task A_redrive_that_took_nothing_up_has_nobody_look()
    {
        var stage = await IncidentStage.Start();
        await stage.World.Redrives.Start(stage.World.Tenant, new RedriveScope.Tenant(), null, AuditActor.System, default);
        await stage.World.FinishRedrives();

        Assert.Empty(stage.Hints());
    }

    /// <summary>A conversation that the CRM has refused, a lead behind it, an open incident, and five minutes to the next look.</summary>
    private static async Task<IncidentStage> Stuck()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        var lead = await stage.World.Lead(conversation);
        await stage.World.Dispatch();
        await stage.Refuse(conversation);
        await stage.Mirror(lead);

        do
        {
            await stage.Pass(1);
        }
        while (stage.World.Domain.GetUtcNow().Minute % 5 != 0);

        await stage.Pass(1);
        stage.World.Orchestrations.Starts.Clear();
        Assert.Empty(stage.World.Crm.Calls);
        return stage;
    }

    /// <summary>Lets minutes pass, with a hub that runs what was started until it says that it is done.</summary>
    private async Task Minutes(IncidentStage stage, int minutes)
    {
        await stage.World.Dispatch();
        for (var minute = 0; minute < minutes; minute++)
        {
            await Hub(stage.World);
            await stage.Pass(1);
        }

        await Hub(stage.World);
    }

    private async Task Hub(World world)
    {
        while (world.Orchestrations.Starts.TryDequeue(out var start))
        {
            if (start.Instance.Split(':') is ["record", _, var kind, var id])
            {
                _instances.Add((RecordKinds.Find(kind)!, Guid.Parse(id)));
            }
        }

        foreach (var instance in _instances.OrderBy(instance => instance.Kind == RecordKinds.Lead).ToList())
        {
            if (await world.Mirror.Mirror(world.Tenant, instance.Kind, instance.Id, default) is MirrorStep.Done)
            {
                _instances.Remove(instance);
            }
        }
    }
}
