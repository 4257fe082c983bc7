using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Retention;

/// <summary>Deletes the records of a tenant that are past their window, each with its index rows in one transaction.</summary>
internal sealed class RecordPurge(IRowStore store, RecordIndex index, Clocks clocks)
{
    /// <summary>As many rows as the store gives in one answer.</summary>
    private const int Page = 1000;

    private static readonly TimeSpan s_soon = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    private readonly OwedMessages _owed = new(store);

    /// <summary>
    /// Looks into the records of these keys, each a record's or what those of a conversation's messages start with. For each,
    /// when to look again; null where all of it is gone for good.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset?>> Run(
        TenantId tenant, RecordKind kind, IEnumerable<string> keys, SweepTally tally, CancellationToken cancellationToken)
    {
        var work = new Work(tenant, kind, tally);
        List<string> pending = [.. keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        while (pending.Count > 0)
        {
            pending = await Look(work, pending, cancellationToken);
        }

        return work.Again;
    }

    /// <summary>
    /// Reads what the keys cover, and deletes what is past its window. What is over at one time was made at about one time, so
    /// most of it lies side by side and comes in one answer; where it does not, each request still answers for at least one
    /// key. The keys that are to be looked at again.
    /// </summary>
    private async Task<List<string>> Look(Work work, List<string> keys, CancellationToken cancellationToken)
    {
        var again = new List<string>();
        var due = new List<Due>();
        var next = 0;
        while (next < keys.Count)
        {
            var range = new RowRange(keys[next], RowRange.Prefix(keys[^1]).To);
            var passed = 0;
            await foreach (var row in store.Query(work.Kind.Table, Partition.Of(work.Tenant), range, cancellationToken))
            {
                while (next < keys.Count && string.CompareOrdinal(row.Key, RowRange.Prefix(keys[next]).To) >= 0)
                {
                    work.Leave(keys[next++]);
                }

                if (next == keys.Count || (string.CompareOrdinal(row.Key, keys[next]) < 0 && ++passed == Page))
                {
                    break;
                }

                if (string.CompareOrdinal(row.Key, keys[next]) >= 0)
                {
                    passed = 0;
                    Judge(work, keys[next], row, due);
                    if (due.Count == Page)
                    {
                        again.AddRange(await Delete(work, due, cancellationToken));
                        due.Clear();
                    }
                }
            }

            for (; next < keys.Count && passed < Page; next++)
            {
                work.Leave(keys[next]);
            }
        }

        again.AddRange(await Delete(work, due, cancellationToken));
        return [.. again.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private void Judge(Work work, string target, Row row, List<Due> due)
    {
        var now = clocks.Domain.GetUtcNow();
        try
        {
            var stored = RecordColumns.Read(work.Kind, row);
            if (stored.Row.RowKey != row.Key)
            {
                throw new InvalidDataException("The stored record has another record's key.");
            }

            // Not whether it reads as there, which may have other reasons: whether its window is over.
            if (stored.Row.PurgeDue is { } end && end <= now)
            {
                due.Add(new Due(target, stored.Row, stored.ETag, index.RowsOf(work.Tenant, stored.Row)));
                work.See(target);
            }
            else
            {
                work.Settle(target, SweepOutcome.Kept, stored.Row.PurgeDue ?? Tomorrow(stored.Row, now));
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or KeyNotFoundException or InvalidCastException)
        {
            // A row that cannot be read cannot prove that the CRM holds it.
            work.Settle(target, SweepOutcome.Failed, now + s_day);
        }
    }

    /// <summary>
    /// Deletes in full transactions. What stood in the way of one is handled alone; the rest of that one is to be looked at
    /// again, by the keys that this gives.
    /// </summary>
    private async Task<List<string>> Delete(Work work, List<Due> due, CancellationToken cancellationToken)
    {
        var again = new List<string>();
        var batch = new List<(Due Due, RowWrite Write)>(TypedRows.MaxWrites);
        foreach (var one in await WithoutOwed(work, due, cancellationToken))
        {
            var writes = Writes(one);
            if (batch.Count + writes.Count > TypedRows.MaxWrites)
            {
                await Flush();
            }

            batch.AddRange(writes.Select(write => (one, write)));
        }

        await Flush();
        return again;

        async Task Flush()
        {
            if (batch.Count == 0)
            {
                return;
            }

            var records = batch.Select(entry => entry.Due).Distinct().ToList();
            try
            {
                await store.Commit(work.Kind.Table, Partition.Of(work.Tenant), [.. batch.Select(entry => entry.Write)], cancellationToken);
                records.ForEach(record => work.Settle(record.Target, SweepOutcome.Purged, null));
                Failpoints.Reach("mid-purge");
            }
            catch (RowConflictException conflict)
            {
                var stale = batch[conflict.Index].Due;
                await DeleteAlone(work, stale, cancellationToken);
                again.AddRange(records.Where(record => record != stale).Select(record => record.Target));
            }

            batch.Clear();
        }
    }

    /// <summary>What may go of what is past its window: a conversation stays as long as the CRM lacks messages of it.</summary>
    private async Task<IReadOnlyList<Due>> WithoutOwed(Work work, IReadOnlyList<Due> due, CancellationToken cancellationToken)
    {
        if (work.Kind != RecordKinds.Conversation)
        {
            return due;
        }

        var owed = await _owed.Of(work.Tenant, due.Select(one => one.Record.Id), cancellationToken);
        foreach (var kept in due.Where(one => owed.Contains(one.Record.Id)))
        {
            work.Settle(kept.Target, SweepOutcome.Kept, Tomorrow(kept.Record, clocks.Domain.GetUtcNow()));
        }

        return [.. due.Where(one => !owed.Contains(one.Record.Id))];
    }

    /// <summary>
    /// When to look again at a record that the CRM does not hold. The stamp that will come files a hint of its own; this is for
    /// one whose hint was looked at before it came. Always at the hour of its creation, so that two hints become one.
    /// </summary>
    private static DateTimeOffset Tomorrow(RecordRow record, DateTimeOffset now) =>
        record.CreatedAt + TimeSpan.FromDays(Math.Floor(Math.Max(0, (now - record.CreatedAt).TotalDays)) + 1);

    // A stored record's index rows point to it (RecordIndex), so that they need no version to name.
    private static List<RowWrite> Writes(Due due) =>
    [
        new RowWrite.Delete(due.Record.RowKey, due.ETag),
        .. due.Pointers.Select(row => new RowWrite.Delete(row.RowKey, "*")),
    ];

    private async Task DeleteAlone(Work work, Due stale, CancellationToken cancellationToken)
    {
        var partition = Partition.Of(work.Tenant);
        if (await store.Get(work.Kind.Table, partition, stale.Record.RowKey, cancellationToken) is not { } row)
        {
            work.Settle(stale.Target, SweepOutcome.Gone, null);
            return;
        }

        var due = new List<Due>(1);
        Judge(work, stale.Target, row, due);
        if (await WithoutOwed(work, due, cancellationToken) is not [var record])
        {
            return;
        }

        List<RowWrite> writes = [new RowWrite.Delete(record.Record.RowKey, record.ETag)];
        foreach (var pointer in record.Pointers)
        {
            if (await store.Get<RecordIndexRow>(work.Kind.Table, partition, pointer.RowKey, cancellationToken) is { } stored && stored.Row == pointer)
            {
                writes.Add(TypedRows.Delete(stored));
            }
        }

        try
        {
            await store.Commit(work.Kind.Table, partition, writes, cancellationToken);
            work.Settle(stale.Target, SweepOutcome.Purged, null);
        }
        catch (RowConflictException)
        {
            work.Settle(stale.Target, SweepOutcome.Failed, clocks.Domain.GetUtcNow() + s_soon);
        }
    }

    /// <summary>A record that is past its window, its index rows, and the key it was looked for by.</summary>
    private sealed record Due(string Target, RecordRow Record, string ETag, IReadOnlyList<RecordIndexRow> Pointers);

    /// <summary>What is known of the keys of one tenant and kind.</summary>
    private sealed record Work(TenantId Tenant, RecordKind Kind, SweepTally Tally)
    {
        public Dictionary<string, DateTimeOffset?> Again { get; } = new(StringComparer.Ordinal);

        /// <summary>There is something of this key.</summary>
        public void See(string target) => Again.TryAdd(target, null);

        /// <summary>All of this key was read; if there was nothing, it is gone.</summary>
        public void Leave(string target)
        {
            if (!Again.ContainsKey(target))
            {
                Settle(target, SweepOutcome.Gone, null);
            }
        }

        /// <summary>Counts one row of a key; of several, the key is looked at again with the first.</summary>
        public void Settle(string target, SweepOutcome outcome, DateTimeOffset? again)
        {
            See(target);
            Again[target] = again is null || Again[target] < again ? Again[target] : again;
            Tally.Add(Kind.Name, outcome);
        }
    }
}
