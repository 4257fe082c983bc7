using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Redrives;

/// <summary>A tenant whose CRM is owed what a test says.</summary>
internal sealed class RedriveStage
{
    public static readonly RedriveScope All = new RedriveScope.Tenant();

    public World World { get; } = new();

    public TenantId Tenant => World.Tenant;

    /// <summary>The checks that lie in queue <c>bulk</c>, each with the seconds until it shows.</summary>
    public IReadOnlyList<(WorkMessage.Check Check, double Seconds)> Checks => [.. World.Queue.Inner.Messages(WorkQueues.Bulk)
        .Select(message => (Assert.IsType<WorkMessage.Check>(WorkMessage.Parse(message.Body)), (message.VisibleAt - World.Real.GetUtcNow()).TotalSeconds))];

    /// <summary>The messages that lie in queue <c>commands</c>.</summary>
    public IReadOnlyList<string> Commands => [.. World.Queue.Inner.Messages(WorkQueues.Commands).Select(message => message.Body)];

    /// <summary>A tenant with a connected CRM, and nothing on its way.</summary>
    public static async Task<RedriveStage> Connected()
    {
        var stage = new RedriveStage();
        await stage.World.Connect();
        await stage.World.FinishRedrives();
        return stage;
    }

    /// <summary>Rows of records of their own that are owed, without the records.</summary>
    public async Task<IReadOnlyList<TodoRow>> Owe(int count, Func<TodoRow, TodoRow>? change = null, TenantId? tenant = null)
    {
        var now = World.Domain.GetUtcNow();
        var rows = Enumerable.Range(0, count)
            .Select(_ => (change ?? Failed)(new TodoRow("lead", World.Ids.Next(), 1, now)))
            .OrderBy(row => row.RowKey, StringComparer.Ordinal)
            .ToList();
        foreach (var chunk in rows.Chunk(100))
        {
            await World.Store.Inner.Commit(TodoRow.Table, Partition.Of(tenant ?? Tenant), [.. chunk.Select(TypedRows.Insert)], default);
        }

        return rows;
    }

    /// <summary>A conversation that the CRM has refused for good.</summary>
    public async Task<RecordRow> Refused(string identifier, CrmErrorCode error = CrmErrorCode.ValidationError)
    {
        var conversation = await World.Conversation(identifier);
        await World.Dispatch();
        World.Crm.Failures.Enqueue(new CrmException(error, "refused", retryable: false));
        await World.Mirror.Mirror(Tenant, conversation.Kind, conversation.Id, default);
        World.Orchestrations.Starts.Clear();
        return conversation;
    }

    public Task<Redrive> Start(RedriveScope? scope = null, int? rate = null) => World.Redrives.Start(Tenant, scope ?? All, rate, AuditActor.System, default);

    public async Task<RedriveProgress> Progress(Redrive redrive) => await World.Redrives.Get(Tenant, redrive.Id.ToString("D"), default);

    /// <summary>The first slice of a redrive, or the next.</summary>
    public Task Slice(string? message = null) => World.Commands.Handle(message ?? Commands[0], default);

    public async Task<TodoRow> Row(TodoRow row) => (await World.Store.Get<TodoRow>(Partition.Of(Tenant), row.RowKey, default))!.Row;

    public async Task<IReadOnlyList<TodoRow>> Rows()
    {
        var rows = new List<TodoRow>();
        await foreach (var row in World.Store.Query<TodoRow>(Partition.Of(Tenant), RowRange.Prefix(RecordKeys.Todos), default))
        {
            rows.Add(row.Row);
        }

        return rows;
    }

    public static TodoRow Failed(TodoRow row) => row with { Attempts = 1, Error = "validation_error", FailedAt = row.Since };
}
