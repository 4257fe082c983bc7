using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Retention;

/// <summary>A world with a CRM, whose records a test mirrors when it wants to.</summary>
internal sealed class RetentionStage
{
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    public World World { get; } = new();

    public static async Task<RetentionStage> Start()
    {
        var stage = new RetentionStage();
        await stage.World.Connect();
        return stage;
    }

    /// <summary>A conversation that the CRM holds.</summary>
    public async Task<RecordRow> Mirrored(string identifier = "+971500000001")
    {
        var conversation = await World.Conversation(identifier);
        await Mirror(conversation);
        return conversation;
    }

    /// <summary>A conversation and its lead; the CRM holds both.</summary>
    public async Task<(RecordRow Conversation, RecordRow Lead)> MirroredLead(string identifier = "+971500000001")
    {
        var conversation = await Mirrored(identifier);
        var lead = await World.Lead(conversation);
        await Mirror(lead);
        return (conversation, lead);
    }

    /// <summary>A row of operational telemetry that says when it is over, and before it its hint.</summary>
    public async Task Ended(string key, DateTimeOffset over)
    {
        await new PurgeHints(World.Store).FileTelemetry(World.Tenant, EndingTestRow.Table, key, over, default);
        await Write(new EndingTestRow(key, over));
    }

    /// <summary>Writes a row of operational telemetry over whatever is there.</summary>
    public Task Write(EndingTestRow row) => World.Store.Commit(EndingTestRow.Table, Partition.Of(World.Tenant), TypedRows.Upsert(row), default);

    /// <summary>A conversation of each of several tenants, which their CRMs hold.</summary>
    public async Task MirroredByTenants(int count)
    {
        foreach (var tenant in Enumerable.Range(0, count).Select(_ => TenantId.New(TimeProvider.System)))
        {
            await World.Connecting.ConnectCustomWebhook(tenant, CrmRole.Main, "https://crm.example.com/in", null, AuditActor.System, default);
            var record = (await World.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"1"}""", tenant: tenant)).Record;
            await World.Mirror.Mirror(tenant, record.Kind, record.Id, default);
        }
    }

    public Task Mirror(RecordRow record) => World.Mirror.Mirror(World.Tenant, record.Kind, record.Id, default);

    /// <summary>Runs slices until nothing more is due; the last report.</summary>
    public async Task<SweepReport> Sweep()
    {
        SweepReport report;
        do
        {
            report = await World.Sweep.Run(default);
        }
        while (report.More);
        return report;
    }

    /// <summary>The keys of the rows of customers and of what points to them: records and index rows.</summary>
    public IReadOnlyList<string> Rows => [.. World.Keys("conversation|"), .. World.Keys("lead|"), .. World.Keys("ix|")];

    /// <summary>The records that are hinted at, with the hours.</summary>
    public IReadOnlyList<(string Hour, string Key)> Hints =>
        [.. World.Store.Inner.Dump().Where(entry => entry.Table == "PurgeIndex" && entry.Partition != "mark").Select(entry => (entry.Partition[2..], (string)entry.Row.Columns["key"]))];

    /// <summary>What the audit log says of the tenant's sweeps, oldest first.</summary>
    public async Task<IReadOnlyList<string>> Audit()
    {
        var rows = new List<string>();
        await foreach (var stored in World.Store.Query<AuditRow>(Partition.Of(World.Tenant), RowRange.Prefix("20"), default))
        {
            if (stored.Row.Action == "retention.swept")
            {
                rows.Insert(0, stored.Row.Action + " " + string.Join(' ', stored.Row.Counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key}={count.Value}")));
            }
        }

        return rows;
    }
}
