using Vorel.Core.Messaging;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;

namespace Vorel.Core.Security.Rewraps;

/// <summary>
/// Goes through everything that is sealed, slice by slice: first the rows, then how far it came, then the message for the next. A kill repeats at
/// worst, and what was moved is then found to be moved. It goes through as often as there is something to move: other processes may believe for
/// minutes that an older version is the newest.
/// </summary>
public sealed class RewrapSlices(IRowStore store, IWorkQueue queue, EnvelopeProtector protector, Audit.AuditChannel audit, Clocks clocks)
{
    /// <summary>How many values a slice looks at.</summary>
    internal const int SliceSize = 100;

    /// <summary>How many times it goes through at most.</summary>
    internal const int MostPasses = 5;

    /// <summary>From the start of one pass to that of the next: longer than any process believes in a version, and a write takes.</summary>
    internal static readonly TimeSpan PassDistance = TimeSpan.FromMinutes(6);

    // A function that overruns its time limit costs the whole process.
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(60);

    private readonly SealedRows _rows = new(store);
    private readonly RowMover _mover = new(store, protector, audit);

    /// <summary>One slice behind <paramref name="after"/> (from the first row if null), if that is how far the rewrap has come.</summary>
    public async Task Continue(Guid id, string? after, CancellationToken cancellationToken)
    {
        if (await store.Get<RewrapRow>(Partition.Rewraps(), RewrapRow.KeyOf(id), cancellationToken) is not { Row: { FinishedAt: null } row } stored
            || row.Cursor != after)
        {
            return;
        }

        if (row.NotBefore is { } notBefore && notBefore > clocks.Real.GetUtcNow())
        {
            await Put(row, notBefore, cancellationToken);
            return;
        }

        row = Begin(row, await protector.CurrentKeyId(cancellationToken));
        var (slice, more) = await Slice(row, cancellationToken);
        row = more ? slice : EndPass(slice);
        if (await TryWrite(stored with { Row = row with { TouchedAt = clocks.Domain.GetUtcNow() } }, cancellationToken) && row.FinishedAt is null)
        {
            await Put(row, row.NotBefore, cancellationToken);
        }
    }

    private RewrapRow Begin(RewrapRow row, string current) => row.PassStartedAt is null
        ? row with
        {
            KeyId = current,
            KeyChanged = false,
            MovedBefore = row.MovedBefore + row.Tally.Moved,
            Tally = RewrapTally.None,
            PassStartedAt = clocks.Real.GetUtcNow(),
            NotBefore = null,
        }
        : row.KeyId == current ? row : row with { KeyId = current, KeyChanged = true };

    private async Task<(RewrapRow Row, bool More)> Slice(RewrapRow row, CancellationToken cancellationToken)
    {
        var started = clocks.Real.GetTimestamp();
        var (tally, cursor, count) = (row.Tally, row.Cursor, 0);
        await foreach (var next in _rows.After(RewrapCursor.Parse(cursor), cancellationToken))
        {
            if (count == SliceSize || clocks.Real.GetElapsedTime(started) >= s_budget)
            {
                return (row with { Tally = tally, Cursor = cursor }, More: true);
            }

            if (next.Row is not null)
            {
                tally = await _mover.Move(next, row.KeyId!, tally, cancellationToken);
                count++;
            }

            cursor = next.Cursor.ToString();
        }

        return (row with { Tally = tally, Cursor = cursor }, More: false);
    }

    private RewrapRow EndPass(RewrapRow row)
    {
        var isClean = row.Tally.Moved == 0 && !row.KeyChanged;
        return (row.Pass > 1 && isClean) || row.Pass == MostPasses
            ? row with { Cursor = null, FinishedAt = clocks.Domain.GetUtcNow(), IsComplete = isClean && row.Tally.Failures.Count == 0 }
            : row with { Pass = row.Pass + 1, Cursor = null, NotBefore = row.PassStartedAt + PassDistance, PassStartedAt = null };
    }

    private async Task Put(RewrapRow row, DateTimeOffset? notBefore, CancellationToken cancellationToken)
    {
        // Whole seconds, for queues know no others.
        var delay = notBefore is { } moment ? Math.Ceiling(Math.Max(0, (moment - clocks.Real.GetUtcNow()).TotalSeconds)) : 0;
        await queue.Put(WorkQueues.Commands, RewrapService.MessageOf(row), TimeSpan.FromSeconds(delay), cancellationToken);
    }

    /// <summary>Writes the row if nobody has; with its end, that nothing is running. False when somebody was faster.</summary>
    private async Task<bool> TryWrite(Stored<RewrapRow> stored, CancellationToken cancellationToken)
    {
        List<RowWrite> writes = [TypedRows.Replace(stored)];
        if (stored.Row.FinishedAt is not null
            && await store.Get<RunningRewrapRow>(Partition.Rewraps(), RunningRewrapRow.Key, cancellationToken) is { } running
            && running.Row.Rewrap == stored.Row.Id)
        {
            writes.Add(TypedRows.Delete(running));
        }

        try
        {
            await store.Commit(RewrapRow.Table, Partition.Rewraps(), writes, cancellationToken);
            return true;
        }
        catch (RowConflictException)
        {
            return false;
        }
    }
}
