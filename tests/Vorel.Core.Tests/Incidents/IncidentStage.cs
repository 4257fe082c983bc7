using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Incidents;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Incidents;

/// <summary>A world with a connected CRM that refuses what a test says, and the clock and tick that find out.</summary>
internal sealed class IncidentStage
{
    public World World { get; } = new();

    public static async Task<IncidentStage> Start()
    {
        var stage = new IncidentStage();
        await stage.World.Connect();
        await stage.World.Dispatch();
        return stage;
    }

    /// <summary>Has the CRM refuse a record.</summary>
    public async Task<MirrorStep> Refuse(RecordRow record, CrmErrorCode code = CrmErrorCode.ValidationError, bool retryable = false)
    {
        World.Crm.Failures.Enqueue(new CrmException(code, "scripted", retryable));
        return await Mirror(record);
    }

    /// <summary>Opens an incident: a conversation is refused, and the look comes.</summary>
    public async Task Open()
    {
        await Refuse(await World.Conversation());
        await Look();
    }

    /// <summary>Nothing is stuck any more.</summary>
    public async Task Mend()
    {
        foreach (var key in World.Keys("todo|"))
        {
            await World.Store.Inner.TryDelete("Records", Partition.Of(World.Tenant), key, "*", default);
        }
    }

    public Task<MirrorStep> Mirror(RecordRow record) => World.Mirror.Mirror(World.Tenant, record.Kind, Subject(record), default);

    public Task Check(RecordRow record) => World.MirrorStarter.Check(World.Tenant, record.Kind, Subject(record), mark: null, default);

    /// <summary>Lets minutes pass, with the tick of each and whatever messages show.</summary>
    public async Task Pass(int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            World.Advance(TimeSpan.FromMinutes(1));
            await World.Tick.Run(World.Domain.GetUtcNow(), default);
            await World.Dispatch();
        }
    }

    public Task<DateTimeOffset?> Look() => World.CrmIncidents.Look(World.Tenant, default);

    public async Task<IReadOnlyList<IncidentRow>> Incidents()
    {
        var rows = new List<IncidentRow>();
        await foreach (var stored in World.Store.Inner.Query<IncidentRow>(Partition.Of(World.Tenant), RowRange.All, default))
        {
            rows.Add(stored.Row);
        }

        return rows;
    }

    public async Task<IncidentRow> Only() => Assert.Single(await Incidents());

    /// <summary>The minutes for which looks are on file.</summary>
    public IReadOnlyList<DateTimeOffset> Hints() =>
        [.. World.Store.Inner.Dump().Where(entry => entry.Table == "Due" && entry.Row.Key.EndsWith("|crm|stuck", StringComparison.Ordinal))
            .Select(entry => (DateTimeOffset)entry.Row.Columns["due_at"])];

    private static Guid Subject(RecordRow record) => record is MessageRow message ? message.Conversation : record.Id;
}
