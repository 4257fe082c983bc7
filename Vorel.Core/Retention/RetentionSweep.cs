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

    // A function that overruns its time limit costs the whole process.
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(80);

    private static readonly TimeSpan s_later = TimeSpan.FromHours(1);

    private readonly PurgeHints _hints;
    private readonly RecordPurge _records;
    private readonly IdempotencyPurge _keys;
    private readonly TelemetryPurge _telemetry;
    private readonly AuditLog _audit;
    private readonly Clocks _clocks;
    private readonly IAlerts _alerts;

    /// <summary>A sweep over a store.</summary>
    public RetentionSweep(IRowStore store, RecordReader reader, IndexKey digests, AuditLog audit, Clocks clocks, IAlerts alerts)
    {
        _hints = new PurgeHints(store);
        _records = new RecordPurge(store, new RecordIndex(store, reader, digests), clocks);
        _keys = new IdempotencyPurge(store, clocks);
        _telemetry = new TelemetryPurge(store, clocks);
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

    /// <summary>Handles a page of a shard's hints; all that can leave their hour. True if that was the last that can.</summary>
    private async Task<bool> SweepPage(Slice slice, string shard, string? from, CancellationToken cancellationToken)
    {
        var page = await _hints.Read(shard, from, slice.Now, PageSize, cancellationToken);
        foreach (var hints in page.Hints.GroupBy(hint => hint.Row.Tenant))
        {
            if (slice.IsOver || !await SweepTenant(slice, hints.Key, [.. hints], cancellationToken))
            {
                return false;
            }
        }

        // After the tenants' hints, because somebody's noise must not take their time.
        var moved = page.Hints.Count;
        foreach (var (partition, row) in page.Unreadable)
        {
            if (slice.IsOver)
            {
                return false;
            }

            slice.AddFailed();
            moved += await TryPutOff(partition, row, slice.Now + s_later, cancellationToken) ? 1 : 0;
        }

        return page.Count < PageSize || moved == 0;
    }

    /// <summary>Tells of a row that nobody can read, and puts it off if it can be: it may be more than we can write back.</summary>
    private async Task<bool> TryPutOff(Partition partition, Row row, DateTimeOffset again, CancellationToken cancellationToken)
    {
        // Perhaps it is a newer version's: put off, not lost.
        _alerts.Raise(Alert.OfUnreadableHint(row.Key));
        try
        {
            await _hints.Postpone(partition, row, again, cancellationToken);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> SweepTenant(Slice slice, TenantId tenant, IReadOnlyList<Hint<PurgeIndexRow>> hints, CancellationToken cancellationToken)
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
            _alerts.Raise(new Alert(AlertCode.HintFailed, tenant, AuditAction.RetentionSwept.Name));
            var later = _clocks.Domain.GetUtcNow() + s_later;
            await _hints.Settle([.. hints.Select(hint => (hint, (DateTimeOffset?)later))], cancellationToken);
            slice.Add(tally, hints.Count);
            return true;
        }
    }

    /// <summary>The rows first, then the audit row, the hints last: a sweep that dies comes back by its hints.</summary>
    private async Task<bool> Sweep(Slice slice, TenantId tenant, IReadOnlyList<Hint<PurgeIndexRow>> hints, SweepTally tally, CancellationToken cancellationToken)
    {
        var settled = new List<(Hint<PurgeIndexRow> Hint, DateTimeOffset? Again)>(hints.Count);
        var whole = true;
        foreach (var work in hints.GroupBy(hint => PurgeWork.Of(hint.Row)))
        {
            var again = await Sweep(slice, tenant, work.Key, [.. work.Select(hint => hint.Row.Key)], tally, cancellationToken);
            settled.AddRange(work.Where(hint => again.ContainsKey(hint.Row.Key)).Select(hint => (hint, again[hint.Row.Key])));
            whole &= work.All(hint => again.ContainsKey(hint.Row.Key));
        }

        if (tally.Counts.Count > 0)
        {
            await _audit.Append(tenant, new AuditEvent(AuditAction.RetentionSwept, AuditActor.System) { Counts = tally.Counts }, cancellationToken);
        }

        await _hints.Settle(settled, cancellationToken);
        return whole;
    }

    /// <summary>Looks into what these keys name. For each, when to look again, null for never; those for which there was no time are missing.</summary>
    private async Task<IReadOnlyDictionary<string, DateTimeOffset?>> Sweep(
        Slice slice, TenantId tenant, PurgeWork work, IReadOnlyList<string> keys, SweepTally tally, CancellationToken cancellationToken)
    {
        switch (work)
        {
            case PurgeWork.Records records:
                return await _records.Run(tenant, records.Kind, keys, tally, cancellationToken);
            case PurgeWork.Telemetry telemetry:
                return await _telemetry.Run(tenant, telemetry.Table, keys, tally, () => slice.IsOver, cancellationToken);
            case PurgeWork.Keys of:
                return All(await _keys.Run(tenant, of.Table, tally, () => slice.IsOver, cancellationToken) ? keys : [], null);
            case PurgeWork.Unknown unknown:
                // Perhaps a newer version's: put off, not lost.
                _alerts.Raise(new Alert(AlertCode.UnknownWork, tenant, unknown.Kind));
                return All(keys, slice.Now + s_later);
            default:
                throw new InvalidOperationException($"There is no such work: {work}.");
        }

        static Dictionary<string, DateTimeOffset?> All(IEnumerable<string> of, DateTimeOffset? again) =>
            of.Distinct(StringComparer.Ordinal).ToDictionary(key => key, _ => again, StringComparer.Ordinal);
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

        public void AddFailed() => _failed++;

        public void Add(SweepTally tally, int failed = 0)
        {
            _purged += tally.Sum(SweepOutcome.Purged);
            _kept += tally.Sum(SweepOutcome.Kept);
            _failed += tally.Sum(SweepOutcome.Failed) + failed;
        }

        public SweepReport Report(bool more) => new(_purged, _kept, _failed, more);
    }
}
