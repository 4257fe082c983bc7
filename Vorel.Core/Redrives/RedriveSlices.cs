using Vorel.Core.Crm.Connections;
using Vorel.Core.Due;
using Vorel.Core.Incidents;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Redrives;

/// <summary>
/// Takes up what a redrive is about, slice by slice. First what the slice is for, then how far it came, then the message for the next: a kill
/// repeats at worst. A message says from where it goes on, and the row is changed If-Match, so of two that meet one goes on.
/// </summary>
public sealed class RedriveSlices(IRowStore store, IWorkQueue queue, CrmConnectionService connections, DueHints hints, Clocks clocks)
{
    private const int MaxTries = 3;

    private readonly OwedRows _owed = new(store);
    private readonly PurgeHints _purge = new(store);

    /// <summary>One slice: at most 100 rows behind <paramref name="after"/> (from the first if null), if that is how far the redrive has come.</summary>
    public async Task Continue(TenantId tenant, Guid id, string? after, CancellationToken cancellationToken)
    {
        if (await store.Get<RedriveRow>(Partition.Of(tenant), RedriveRow.KeyOf(id), cancellationToken)
            is not { Row: { State: RedriveState.Running } row } stored || row.Cursor != after)
        {
            return;
        }

        var now = clocks.Domain.GetUtcNow();
        if (row.Connection is { } connection && !await connections.IsActive(tenant, connection, cancellationToken))
        {
            // Not made yet: then it shows the message itself. Never made, or replaced: then there is nothing to do, or another redrive for it.
            if (row.ConnectsBy is not { } connectsBy || connectsBy <= clocks.Real.GetUtcNow())
            {
                await TryWrite(tenant, stored with { Row = row.Finish(now) }, cancellationToken);
            }

            return;
        }

        if (row.Total is null)
        {
            row = row with { StartedAt = now };
            row = row with { Total = (await _owed.Count(tenant, row, OwedRows.MostScanned, cancellationToken)).Count };
        }

        var slice = await _owed.Next(tenant, row, cancellationToken);
        await TakeUp(tenant, row, slice.Rows, cancellationToken);
        var redriven = row.Redriven + slice.Rows.Count;
        row = row with { Redriven = redriven, Total = Math.Max(row.Total.Value, redriven), Cursor = slice.Last, TouchedAt = now };
        row = slice.More ? row : row.Finish(now);
        if (await TryWrite(tenant, stored with { Row = row }, cancellationToken) && slice.More)
        {
            await queue.Put(WorkQueues.Commands, RedriveService.MessageOf(tenant, row), Share(slice.Rows.Count + row.Rate - 1, row), cancellationToken);
        }
    }

    // Whole seconds, for queues know no others.
    private static TimeSpan Share(int rows, RedriveRow row) => TimeSpan.FromSeconds(rows / row.Rate);

    private async Task TakeUp(TenantId tenant, RedriveRow redrive, IReadOnlyList<Stored<TodoRow>> todos, CancellationToken cancellationToken)
    {
        for (var place = 0; place < todos.Count; place++)
        {
            var todo = todos[place].Row;
            if (IsMarked(todo) || redrive.Connection is not null)
            {
                await MakeAfresh(tenant, redrive, todos[place], cancellationToken);
            }

            // The versions of a record lie one behind the other. One message does for all, behind the last, for a check of what has failed ends.
            var isLast = place + 1 == todos.Count || (todos[place + 1].Row.Kind, todos[place + 1].Row.Record) != (todo.Kind, todo.Record);
            if (isLast && RecordKinds.Find(todo.Kind) is { } kind)
            {
                var check = new WorkMessage.Check(tenant, kind, todo.Record).ToJson();
                await queue.Put(WorkQueues.Bulk, check, Share(place, redrive), cancellationToken);
            }
        }
    }

    /// <summary>
    /// As if nothing had been tried. A new connection's redrive does so to each row, marked or not: what the CRM before it still refuses
    /// then meets another version of the row. Where such a refusal came first, it is taken back.
    /// </summary>
    private async Task MakeAfresh(TenantId tenant, RedriveRow redrive, Stored<TodoRow> todo, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var afresh = todo.Row.Afresh() with { Redrive = redrive.Id };
            if (await store.TryReplace(TodoRow.Table, Partition.Of(tenant), todo with { Row = afresh }, cancellationToken)
                || await store.Get<TodoRow>(Partition.Of(tenant), todo.Row.RowKey, cancellationToken) is not { } changed
                || !IsMarked(changed.Row))
            {
                return;
            }

            todo = changed;
        }
    }

    /// <summary>Whether an earlier attempt or check has left something that may keep a check from going on.</summary>
    private static bool IsMarked(TodoRow todo) => todo.FailedAt is not null || todo.NotBefore is not null || todo.CheckedAt is not null;

    /// <summary>Writes the row if nobody has; at its end its scope is free again, and what is stuck is looked through. False when somebody was faster.</summary>
    private async Task<bool> TryWrite(TenantId tenant, Stored<RedriveRow> stored, CancellationToken cancellationToken)
    {
        if (stored.Row.Over is { } over)
        {
            await _purge.FileTelemetry(tenant, RedriveRow.Table, stored.Row.RowKey, over, cancellationToken);
            if (stored.Row.Redriven > 0)
            {
                // What it took up may be all that an incident is about, or what children are parked behind.
                await hints.File(Stuck.Hint(tenant, clocks.Domain.GetUtcNow()), cancellationToken);
            }
        }

        List<RowWrite> writes = [TypedRows.Replace(stored)];
        if (stored.Row is { State: RedriveState.Finished, Connection: null }
            && await store.Get<RunningRedriveRow>(Partition.Of(tenant), RunningRedriveRow.KeyOf(stored.Row.Scope.ToText()), cancellationToken) is { } running
            && running.Row.Redrive == stored.Row.Id)
        {
            writes.Add(TypedRows.Delete(running));
        }

        try
        {
            await store.Commit(RedriveRow.Table, Partition.Of(tenant), writes, cancellationToken);
            return true;
        }
        catch (RowConflictException)
        {
            return false;
        }
    }
}
