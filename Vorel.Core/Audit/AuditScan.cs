using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>
/// Goes through rows of the log, newest first, and looks whether each is what was written and whether what it leads to is there. A row that fits its
/// MAC was written by us and is believed; one that does not is believed nothing.
/// </summary>
/// <param name="tenant">Whose rows.</param>
/// <param name="key">What binds them.</param>
internal sealed class AuditScan(TenantId tenant, AuditKey key)
{
    private readonly Dictionary<string, Claim> _claims = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, AuditHead> _heads = [];
    private readonly HashSet<DateOnly> _sealed = [];
    private readonly List<AuditBreak> _breaks = [];
    private DateTimeOffset _at = DateTimeOffset.MaxValue;

    /// <summary>How many rows were met.</summary>
    public int Rows { get; private set; }

    /// <summary>How many rows came after their day had been sealed.</summary>
    public int Late { get; private set; }

    /// <summary>The newest row of each chain that was met.</summary>
    public IReadOnlyCollection<AuditHead> Heads => _heads.Values;

    /// <summary>What is wrong with the rows that were met.</summary>
    public IReadOnlyList<AuditBreak> Breaks => _breaks;

    /// <summary>Takes what a seal says to be there.</summary>
    /// <param name="seal">A seal that fits.</param>
    /// <param name="behind">Only what lies behind this key is still to come; null for all.</param>
    public void Take(AuditSealRow seal, string? behind)
    {
        _sealed.Add(seal.Day);
        foreach (var head in seal.Heads)
        {
            var place = AuditKeys.Of(head.Last);
            if (behind is null || string.CompareOrdinal(place, behind) > 0)
            {
                _claims[place] = new Claim(head, BySeal: true);
            }
        }
    }

    /// <summary>Looks at the next row.</summary>
    public void Meet(Row row)
    {
        Rows++;
        if (!AuditKeys.TryParse(row.Key, out var id))
        {
            _breaks.Add(new AuditBreak(AuditBreakKind.Inserted, row.Key, _at, null));
            return;
        }

        _at = Uuid7.TimeOf(id);
        var claimed = _claims.Remove(row.Key, out var claim);
        if (!Written(row, out var written))
        {
            // Of a sealed day all is known: what nothing leads to was never there.
            Break(!claimed && _sealed.Contains(AuditKeys.DayOf(_at)) ? AuditBreakKind.Inserted : AuditBreakKind.Changed);
        }
        else if (written.Id != id)
        {
            Break(claimed ? AuditBreakKind.Reordered : AuditBreakKind.Inserted);
        }
        else
        {
            Believe(written);
        }

        void Break(AuditBreakKind kind) => _breaks.Add(new AuditBreak(kind, row.Key, _at, id));

        void Believe(AuditRow believed)
        {
            if (claimed && !claim!.IsMetBy(believed))
            {
                Break(claim.BySeal ? AuditBreakKind.SealDoesNotFit : AuditBreakKind.Reordered);
            }

            if (_heads.TryAdd(believed.Chain, believed.ToHead()) && !claimed && _sealed.Contains(AuditKeys.DayOf(_at)))
            {
                Late++;
            }

            if (believed is { Previous: { } previous, PreviousMac: { } mac })
            {
                _claims[AuditKeys.Of(previous)] = new Claim(new AuditHead(believed.Chain, believed.Sequence - 1, previous, mac), BySeal: false);
            }
        }
    }

    /// <summary>Takes what rows on the page before lead to.</summary>
    public void Take(IReadOnlyList<AuditHead> expected)
    {
        foreach (var head in expected)
        {
            _claims[AuditKeys.Of(head.Last)] = new Claim(head, BySeal: false);
        }
    }

    /// <summary>Ends the scan: what was to be there and was not met is missing. What rows lead to that lies behind what was read.</summary>
    /// <param name="upTo">The key of the last row that was read, or null if all were.</param>
    public IReadOnlyList<AuditHead> End(string? upTo)
    {
        var expected = new List<AuditHead>();
        foreach (var (place, claim) in _claims)
        {
            if (upTo is null || string.CompareOrdinal(place, upTo) <= 0)
            {
                var id = claim.Head.Last;
                _breaks.Add(new AuditBreak(claim.BySeal ? AuditBreakKind.CutOff : AuditBreakKind.Missing, place, Uuid7.TimeOf(id), id));
            }
            else if (!claim.BySeal)
            {
                expected.Add(claim.Head);
            }
        }

        return expected;
    }

    private bool Written(Row row, [NotNullWhen(true)] out AuditRow? written)
    {
        written = null;
        try
        {
            var read = AuditRow.FromColumns(row.Key, new Columns(row.Columns));
            // A row of ours that lies elsewhere fits under its own key.
            if (key.Fits(tenant, row with { Key = read.RowKey }))
            {
                written = read;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentOutOfRangeException)
        {
            // A column is gone or of another type, or the id is of no time that there is.
        }

        return written is not null;
    }

    /// <summary>What must lie in a place, because a later row, or a seal, says so.</summary>
    private sealed record Claim(AuditHead Head, bool BySeal)
    {
        public bool IsMetBy(AuditRow row) =>
            (row.Chain, row.Sequence) == (Head.Chain, Head.Sequence) && CryptographicOperations.FixedTimeEquals(row.Mac!, Head.Mac);
    }
}
