using Vorel.Core.Audit;
using Vorel.Core.Due;
using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Redrives;

/// <summary>
/// Starts redrives, shows them, and brings them back on their way. Hint first, then row, then message: whatever is lost in between, the tick
/// finds it. What a redrive does is <see cref="RedriveSlices"/>.
/// </summary>
public sealed class RedriveService(
    IRowStore store, RecordReader records, IWorkQueue queue, DueHints hints, AuditLog audit, IdSource ids, Clocks clocks, Timings timings)
{
    /// <summary>The highest rate, in rows a second.</summary>
    public const int MaxRate = 50;

    /// <summary>The largest page of a list.</summary>
    public const int MaxLimit = 100;

    private const int DefaultRate = 10;
    private const int MaxTries = 10;
    private const int MostCounted = 1_000;

    /// <summary>How long a redrive may stand still before the tick puts its message again; a slice's share of the lowest rate is 100 s.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>How long after a redrive or a connection was announced its commit may yet come to be seen; as long as a tombstone lives, for the same reason.</summary>
    private static readonly TimeSpan s_latestCommit = TimeSpan.FromMinutes(10);

    private readonly OwedRows _owed = new(store);
    private readonly PurgeHints _purge = new(store);

    /// <summary>Starts a redrive; while one of the same scope is running, that one is given instead.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="scope">Which of what is owed.</param>
    /// <param name="rate">Rows a second, 1 to 50; null for 10.</param>
    /// <param name="actor">Who starts it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ValidationException">The rate is out of range.</exception>
    /// <exception cref="NotFoundException">There is no such record.</exception>
    public async Task<Redrive> Start(TenantId tenant, RedriveScope scope, int? rate, AuditActor actor, CancellationToken cancellationToken)
    {
        if (rate is < 1 or > MaxRate)
        {
            throw new ValidationException("/rate", $"must be from 1 to {MaxRate}");
        }

        if (scope is RedriveScope.Record record)
        {
            await Require(tenant, record, cancellationToken);
        }

        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await FindRunning(tenant, scope, cancellationToken) is { } running)
            {
                return running.ToRedrive();
            }

            var now = clocks.Domain.GetUtcNow();
            var row = new RedriveRow(ids.Next(), scope, rate ?? DefaultRate, now) { TouchedAt = now };
            var owed = await _owed.Count(tenant, row, OwedRows.MostScanned, cancellationToken);
            row = row with { Total = owed.Count };
            row = owed is { Count: 0, More: false } ? row.Finish(now) : row;

            // Before the redrive, for there must be none without a trace. One that comes to nothing leaves a trace as well.
            var counts = new Dictionary<AuditCount, long> { [AuditCount.Total] = row.Total!.Value, [AuditCount.Rate] = row.Rate };
            await audit.Append(tenant, new AuditEvent(AuditAction.RedriveStarted, actor) { Subject = row.Id, Counts = counts }, cancellationToken);
            if (await TryInsert(tenant, row, cancellationToken))
            {
                return row.ToRedrive();
            }
        }

        throw new StoreUnavailableException("Redrives of one scope come and go again and again.");
    }

    /// <summary>
    /// Makes a connection to a CRM and has all taken up that this is owed. The redrive is there first, and its message, which stays hidden
    /// until the connection is made. A commit that stays out too long is given up, and the redrive waits longer than one that was not heard of can take: so
    /// no connection comes to be behind a redrive that has given it up.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The connection was not made in time; or, where the store did not answer, that is not known.</exception>
    internal async Task StartAround(TenantId tenant, Guid connection, Func<CancellationToken, Task> connect, CancellationToken cancellationToken)
    {
        // The highest rate: nothing has failed on this CRM yet, and what a business wrote before it had connected it has waited long enough.
        var now = clocks.Domain.GetUtcNow();
        var row = new RedriveRow(ids.Next(), new RedriveScope.Tenant(), MaxRate, now)
        {
            TouchedAt = now,
            Connection = connection,
            ConnectsBy = clocks.Real.GetUtcNow() + s_latestCommit,
        };
        await File(tenant, row, [TypedRows.Insert(row)], cancellationToken);
        var message = MessageOf(tenant, row);
        using var budget = new CancellationTokenSource(timings.CommitBudget, clocks.Real);
        var receipt = await queue.Put(WorkQueues.Commands, message, timings.IntentDelay, cancellationToken);
        try
        {
            await connect(budget.Token);
        }
        catch (OperationCanceledException late) when (budget.IsCancellationRequested)
        {
            throw new StoreUnavailableException("The connection was not stored in time.", late);
        }

        try
        {
            await queue.ShowOrPut(WorkQueues.Commands, receipt, message, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // The CRM is connected all the same; the message appears by itself after its delay.
        }
    }

    /// <summary>A redrive, and what of its scope is still owed: counted up to 1,000.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    public async Task<RedriveProgress> Get(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        if (!Uuid7.TryParse(id, out var redrive) || await Find(tenant, redrive, cancellationToken) is not { Row: var row })
        {
            throw new NotFoundException("redrive");
        }

        // What came after it has begun is not its own, of whichever redrive.
        return new RedriveProgress(row.ToRedrive(), await _owed.Count(tenant, row with { Connection = null }, MostCounted, cancellationToken));
    }

    /// <summary>A page of a tenant's redrives, newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="cursor">The id of the last redrive of the page before; null for the first.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ValidationException">The limit is out of range, or the cursor is not one of this tenant's.</exception>
    public async Task<RedrivePage> List(TenantId tenant, int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new ValidationException("?limit", $"must be from 1 to {MaxLimit}");
        }

        var range = RowRange.Prefix(RedriveRow.Prefix);
        if (cursor is not null)
        {
            range = Uuid7.TryParse(cursor, out var last) && await Find(tenant, last, cancellationToken) is { Row.RowKey: var key }
                ? range.After(key)
                : throw new ValidationException("?cursor", "is not a cursor of this list");
        }

        var page = new List<Redrive>(limit);
        await foreach (var stored in store.Query<RedriveRow>(Partition.Of(tenant), range, cancellationToken))
        {
            if (page.Count == limit)
            {
                return new RedrivePage(page, page[^1].Id.ToString("D"));
            }

            page.Add(stored.Row.ToRedrive());
        }

        return new RedrivePage(page, null);
    }

    /// <summary>Puts the message of a redrive again that has stood still for five minutes. The moment to look again, or null when it is over.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="comesUntil">Until when, by the real clock, one that is not there may yet come: its commit may land long after its hint, if the domain clock jumps.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal async Task<DateTimeOffset?> Revive(TenantId tenant, Guid id, DateTimeOffset? comesUntil, CancellationToken cancellationToken)
    {
        var now = clocks.Domain.GetUtcNow();
        var found = await Find(tenant, id, cancellationToken);
        if (found is not { Row: { State: RedriveState.Running } row })
        {
            return found is null && clocks.Real.GetUtcNow() < comesUntil ? now + s_patience : null;
        }

        if (row.TouchedAt + s_patience > now && row.TouchedAt <= now)
        {
            return row.TouchedAt + s_patience;
        }

        await queue.Put(WorkQueues.Commands, MessageOf(tenant, row), TimeSpan.Zero, cancellationToken);
        return now + s_patience;
    }

    /// <summary>The message that has a redrive go on from where it is: one that it has passed already does nothing.</summary>
    internal static string MessageOf(TenantId tenant, RedriveRow row) => new WorkMessage.Redrive(tenant, row.Id, row.Cursor).ToJson();

    private async Task<bool> TryInsert(TenantId tenant, RedriveRow row, CancellationToken cancellationToken)
    {
        if (row.Over is { } over)
        {
            await _purge.FileTelemetry(tenant, RedriveRow.Table, row.RowKey, over, cancellationToken);
            return await store.TryInsert(RedriveRow.Table, Partition.Of(tenant), row, cancellationToken);
        }

        try
        {
            await File(tenant, row, [TypedRows.Insert(row), TypedRows.Insert(new RunningRedriveRow(row.Scope.ToText(), row.Id))], cancellationToken);
        }
        catch (RowConflictException)
        {
            return false;
        }

        try
        {
            await queue.Put(WorkQueues.Commands, MessageOf(tenant, row), TimeSpan.Zero, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // It is started all the same; the tick puts its message.
        }

        return true;
    }

    private Task<bool> File(TenantId tenant, RedriveRow row, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken) => hints.FileAround(
        moment => new DueRow(tenant, DueKind.Redrive, row.Id.ToString("D"), moment + s_patience) { ComesUntil = clocks.Real.GetUtcNow() + s_latestCommit },
        clocks.Domain,
        async () =>
        {
            await store.Commit(RedriveRow.Table, Partition.Of(tenant), writes, cancellationToken);
            return true;
        },
        cancellationToken);

    private async Task Require(TenantId tenant, RedriveScope.Record record, CancellationToken cancellationToken)
    {
        // Messages are named by their conversation.
        var kind = record.Kind.InOrder ? RecordKinds.Conversation : record.Kind;
        if (await records.FindStored(tenant, kind, record.Id, cancellationToken) is null)
        {
            throw new NotFoundException(record.Kind.Name);
        }
    }

    private async Task<RedriveRow?> FindRunning(TenantId tenant, RedriveScope scope, CancellationToken cancellationToken) =>
        await store.Get<RunningRedriveRow>(Partition.Of(tenant), RunningRedriveRow.KeyOf(scope.ToText()), cancellationToken) is { } running
            ? (await Find(tenant, running.Row.Redrive, cancellationToken))?.Row
            : null;

    private Task<Stored<RedriveRow>?> Find(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        store.Get<RedriveRow>(Partition.Of(tenant), RedriveRow.KeyOf(id), cancellationToken);
}
