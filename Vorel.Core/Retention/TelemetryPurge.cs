using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Retention;

/// <summary>Deletes a tenant's rows of operational telemetry that say themselves that they are over (<see cref="IEndingRow"/>).</summary>
/// <remarks>There are few, an incident or a redrive each, so that each is read by its key; they go in full transactions.</remarks>
internal sealed class TelemetryPurge(IRowStore store, Clocks clocks)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromHours(1);

    /// <summary>The tables of such rows. What a hint says besides is none of theirs.</summary>
    public static readonly IReadOnlyList<string> Tables = ["Incidents", "Redrives"];

    /// <summary>The table of a hint's key; null if it is none of these, or names no row.</summary>
    public static string? TableOf(string key) =>
        Tables.FirstOrDefault(table => key.StartsWith(PurgeIndexRow.KeyOf(table, ""), StringComparison.Ordinal) && key.Length > table.Length + 1);

    /// <summary>
    /// Looks into the rows of these keys of hints. For each, when to look again, null where it is gone for good; those that are
    /// missing were not looked into when <paramref name="enough"/> said so.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset?>> Run(
        TenantId tenant, string table, IEnumerable<string> keys, SweepTally tally, Func<bool> enough, CancellationToken cancellationToken)
    {
        var again = new Dictionary<string, DateTimeOffset?>(StringComparer.Ordinal);
        foreach (var batch in keys.Distinct(StringComparer.Ordinal).Chunk(TypedRows.MaxWrites).TakeWhile(_ => !enough()))
        {
            var due = new List<(string Key, RowWrite.Delete Write)>(TypedRows.MaxWrites);
            foreach (var key in batch)
            {
                var row = await store.Get(table, Partition.Of(tenant), key[(table.Length + 1)..], cancellationToken);
                var (outcome, later) = Judge(row);
                if (outcome == SweepOutcome.Purged)
                {
                    due.Add((key, new RowWrite.Delete(row!.Key, row.ETag)));
                }
                else
                {
                    tally.Add(table, outcome);
                    again[key] = later;
                }
            }

            await Delete(due);
        }

        return again;

        async Task Delete(IReadOnlyList<(string Key, RowWrite.Delete Write)> due)
        {
            if (due.Count == 0)
            {
                return;
            }

            try
            {
                await store.Commit(table, Partition.Of(tenant), [.. due.Select(one => one.Write)], cancellationToken);
                tally.Add(table, SweepOutcome.Purged, due.Count);
                foreach (var one in due)
                {
                    again[one.Key] = null;
                }
            }
            catch (RowConflictException) when (due.Count > 1)
            {
                foreach (var one in due)
                {
                    await Delete([one]);
                }
            }
            catch (RowConflictException)
            {
                // It was changed meanwhile, and may say another end; or another sweep is here too.
                var gone = await store.Get(table, Partition.Of(tenant), due[0].Write.Key, cancellationToken) is null;
                tally.Add(table, gone ? SweepOutcome.Gone : SweepOutcome.Failed);
                again[due[0].Key] = gone ? null : clocks.Domain.GetUtcNow() + s_soon;
            }
        }
    }

    private (SweepOutcome Outcome, DateTimeOffset? Again) Judge(Row? row)
    {
        var now = clocks.Domain.GetUtcNow();

        // At one hour of the day, so that two hints of a row become one.
        var tomorrow = new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        if (row is null)
        {
            return (SweepOutcome.Gone, null);
        }

        try
        {
            return new Columns(row.Columns).TimeOrNull(IEndingRow.Column) switch
            {
                // Opened anew, or not ended yet by the process that filed the hint: it may end without another one.
                null => (SweepOutcome.Kept, tomorrow),
                var over when over <= now => (SweepOutcome.Purged, null),
                var over => (SweepOutcome.Kept, over),
            };
        }
        catch (InvalidDataException)
        {
            return (SweepOutcome.Failed, tomorrow);
        }
    }
}
