using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Records;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Retention;

/// <summary>
/// Deletes what is past its window and what is proven to lie in the CRM. README.md in this folder says in which order, and why
/// nothing else can go. Several may run at once.
/// </summary>
public sealed class RetentionSweep
{
    /// <summary>How many hints are read at once, a page for each shard in turn; what a tenant has in one page is one run of its own.</summary>
    internal const int PageSize = 5000;

    private const string Action = "retention.swept";

    // A function that overruns its time limit costs the whole process.
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(80);

    private readonly PurgeHints _hints;
    private readonly RecordPurge _records;
    private readonly IdempotencyPurge _keys;
    private readonly AuditLog _audit;
    private readonly Clocks _clocks;
    private readonly IAlerts _alerts;

    /// <summary>A sweep over a store.</summary>
    public RetentionSweep(IRowStore store, RecordReader reader, IndexKey digests, AuditLog audit, Clocks clocks, IAlerts alerts)
    {
        _hints = new PurgeHints(store);
        _records = new RecordPurge(store, new RecordIndex(store, reader, digests), clocks);
        _keys = new IdempotencyPurge(store, clocks);
        _audit = audit;
        _clocks = clocks;
        _alerts = alerts;
    }

    /// <summary>Handles what is over in the hours that are past, for at most some 80 seconds.</summary>
    /// <exception cref="StoreUnavailableException">The hints cannot be read or put off now; call again.</exception>
    public async Task<SweepReport> Run(CancellationToken cancellationToken)
    {
        var slice = new Slice(_clocks);
        var marks = await _hints.ReadMarks(slice.Now, cancellationToken);
        var done = new List<string>();
        while (done.Count < PurgeHour.Shards.Count && !slice.IsOver)
        {
            foreach (var shard in PurgeHour.Shards.Except(done).ToList())
            {
                if (await SweepPage(slice, shard, marks.GetValueOrDefault(shard), cancellationToken))
                {
                    done.Add(shard);
                }
            }
        }

        await _hints.WriteMarks([.. done.Where(shard => marks.GetValueOrDefault(shard) != PurgeHour.Of(slice.Now))], slice.Now, cancellationToken);
        return slice.Report(done.Count < PurgeHour.Shards.Count);
    }

    /// <summary>Handles a page of a shard's hints; all of them leave their hour. True if that was the last.</summary>
    private async Task<bool> SweepPage(Slice slice, string shard, string? from, CancellationToken cancellationToken)
    {
        var page = await _hints.Read(shard, from, slice.Now, PageSize, cancellationToken);
        foreach (var hints in page.GroupBy(hint => hint.Row.Tenant))
        {
            if (slice.IsOver || !await SweepTenant(slice, hints.Key, [.. hints], cancellationToken))
            {
                return false;
            }
        }

        return page.Count < PageSize;
    }

    private async Task<bool> SweepTenant(Slice slice, TenantId tenant, IReadOnlyList<PurgeHint> hints, CancellationToken cancellationToken)
    {
        var tally = new SweepTally();
        try
        {
            var whole = await Sweep(slice, tenant, hints, tally, cancellationToken);
            slice.Add(tally);
            return whole;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // One tenant's trouble is not the others': its hints come again, in an hour.
            _alerts.Raise(new Alert(AlertCode.HintFailed, tenant, Action));
            var later = _clocks.Domain.GetUtcNow() + TimeSpan.FromHours(1);
            await _hints.Settle([.. hints.Select(hint => (hint, (DateTimeOffset?)later))], cancellationToken);
            slice.Add(tally, hints.Count);
            return true;
        }
    }

    /// <summary>The rows first, then the audit row, the hints last: a sweep that dies comes back by its hints.</summary>
    private async Task<bool> Sweep(Slice slice, TenantId tenant, IReadOnlyList<PurgeHint> hints, SweepTally tally, CancellationToken cancellationToken)
    {
        var settled = new List<(PurgeHint Hint, DateTimeOffset? Again)>(hints.Count);
        var whole = true;
        foreach (var kind in hints.GroupBy(hint => hint.Row.Kind))
        {
            if (RecordKinds.Find(kind.Key) is { } records)
            {
                var again = await _records.Run(tenant, records, kind.Select(hint => hint.Row.Key), tally, cancellationToken);
                settled.AddRange(kind.Select(hint => (hint, again[hint.Row.Key])));
            }
            else if (kind.Key == PurgeIndexRow.IdempotencyKeys)
            {
                foreach (var table in kind.GroupBy(hint => hint.Row.Key))
                {
                    var done = await _keys.Run(tenant, table.Key, tally, () => slice.IsOver, cancellationToken);
                    settled.AddRange(done ? table.Select(hint => (hint, (DateTimeOffset?)null)) : []);
                    whole &= done;
                }
            }
            else
            {
                // Perhaps a newer version's: put off, not lost.
                _alerts.Raise(new Alert(AlertCode.UnknownWork, tenant, kind.Key));
                settled.AddRange(kind.Select(hint => (hint, (DateTimeOffset?)(slice.Now + TimeSpan.FromHours(1)))));
            }
        }

        if (tally.Counts.Count > 0)
        {
            await _audit.Append(tenant, Action, tally.Counts, cancellationToken);
        }

        await _hints.Settle(settled, cancellationToken);
        return whole;
    }

    /// <summary>One call's time and counts.</summary>
    private sealed class Slice(Clocks clocks)
    {
        private readonly long _began = clocks.Real.GetTimestamp();
        private long _purged;
        private long _kept;
        private long _failed;

        public DateTimeOffset Now { get; } = clocks.Domain.GetUtcNow();

        public bool IsOver => clocks.Real.GetElapsedTime(_began) > s_budget;

        public void Add(SweepTally tally, int failed = 0)
        {
            _purged += tally.Sum(SweepOutcome.Purged);
            _kept += tally.Sum(SweepOutcome.Kept);
            _failed += tally.Sum(SweepOutcome.Failed) + failed;
        }

        public SweepReport Report(bool more) => new(_purged, _kept, _failed, more);
    }
}
