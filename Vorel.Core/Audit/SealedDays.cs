using System.Security.Cryptography;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>The seals of a month.</summary>
internal sealed class SealedDays
{
    private readonly DateOnly _first;
    private readonly List<AuditSealRow> _sound = [];
    private readonly List<string> _unsound = [];
    private byte[]? _before;

    private SealedDays(DateOnly first) => _first = first;

    /// <summary>Those that fit, oldest first.</summary>
    public IReadOnlyList<AuditSealRow> Sound => _sound;

    /// <summary>Reads them, and the last one before the month.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">What binds them.</param>
    /// <param name="tenant">Whose.</param>
    /// <param name="first">The first day of the month.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<SealedDays> Read(IRowStore store, AuditKey key, TenantId tenant, DateOnly first, CancellationToken cancellationToken)
    {
        var days = new SealedDays(first);
        var partition = Partition.Of(tenant);
        var before = await store.Get(AuditSealRow.Table, partition, AuditKeys.SealOf(first.AddDays(-1)), cancellationToken);
        days._before = before is not null && key.Fits(tenant, before) ? (byte[])before.Columns[AuditKey.Column] : null;
        await foreach (var row in store.Query(AuditSealRow.Table, partition, AuditKeys.SealsOf(AuditKeys.MonthOf(AuditKeys.StartOf(first))), cancellationToken))
        {
            if (AuditKeys.SealedDay(row.Key) is not null && key.Fits(tenant, row))
            {
                days._sound.Add(AuditSealRow.FromColumns(row.Key, new Columns(row.Columns)));
            }
            else
            {
                days._unsound.Add(row.Key);
            }
        }

        return days;
    }

    /// <summary>What is wrong with them. A finding's time is the end of its day.</summary>
    public IEnumerable<AuditBreak> Breaks(TenantId tenant, DateTimeOffset now)
    {
        foreach (var place in _unsound)
        {
            yield return Found(AuditBreakKind.SealDoesNotFit, AuditKeys.SealedDay(place) ?? _first, place);
        }

        var sound = _sound.ToDictionary(seal => seal.Day);
        var start = AuditDays.FirstOf(tenant);
        for (var day = _first; day.Month == _first.Month; day = day.AddDays(1))
        {
            var previous = day == _first ? _before : sound.GetValueOrDefault(day.AddDays(-1))?.Mac;
            if (!sound.TryGetValue(day, out var seal))
            {
                if (day >= start && AuditDays.LateFrom(day) <= now && !_unsound.Contains(AuditKeys.SealOf(day)))
                {
                    yield return Found(AuditBreakKind.SealMissing, day, AuditKeys.SealOf(day));
                }
            }
            else if (previous is not null ? seal.Previous is null || !CryptographicOperations.FixedTimeEquals(seal.Previous, previous) : seal.Previous is null && day > start)
            {
                yield return Found(AuditBreakKind.SealDoesNotFit, day, seal.RowKey);
            }
        }
    }

    private static AuditBreak Found(AuditBreakKind kind, DateOnly day, string place) =>
        new(kind, place, AuditKeys.StartOf(day.AddDays(1)).AddTicks(-1), null);
}
