using Vorel.Core.Crm;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Outbox;
using Vorel.Core.Records;

namespace Vorel.Core.Incidents;

/// <summary>What one look finds of one type of incident. It keeps counts and a few examples, however many rows it is shown.</summary>
internal sealed class StuckTally
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<(bool Parked, int Depth, string Name)> _examples = [];
    private (DateTimeOffset Since, string? Error)? _first;
    private (DateTimeOffset Moment, string? Error)? _last;

    /// <summary>Adds a todo row that is stuck.</summary>
    public void Add(TodoRow row)
    {
        _counts[row.Kind] = _counts.GetValueOrDefault(row.Kind) + 1;

        // A failure that is retried has no moment of its own; the later its repeat, the later it was.
        Add(row.Since, row.FailedAt ?? row.NotBefore ?? row.Since, row.Error);
        AddExample(row);
    }

    /// <summary>Adds that a credential works no more.</summary>
    public void Add(CredentialFailure failure) => Add(failure.At, failure.At, failure.Code.Wire());

    /// <summary>The incident as it stands by this look.</summary>
    public IncidentRow Over(IncidentRow incident) => incident with
    {
        Counts = _counts,
        OldestSince = _first?.Since,
        FirstError = incident.FirstError ?? _first?.Error ?? _last?.Error,
        LastError = _last?.Error ?? incident.LastError,
        Examples = [.. _examples.Select(example => example.Name)],
    };

    private void Add(DateTimeOffset since, DateTimeOffset moment, string? error)
    {
        if (_first is not { } first || since < first.Since)
        {
            _first = (since, error);
        }

        if (error is not null && (_last is not { } last || moment >= last.Moment))
        {
            _last = (moment, error);
        }
    }

    /// <summary>What failed by itself comes before what is parked, and the kinds are in an order in which parents come before their children.</summary>
    private void AddExample(TodoRow row)
    {
        var name = RecordNames.Of(row.Kind, row.Record);
        if (_examples.Exists(example => example.Name == name))
        {
            return;
        }

        var depth = RecordKinds.All.TakeWhile(kind => kind.Name != row.Kind).Count();
        var parked = row.Behind is not null;
        var place = _examples.FindIndex(example => (example.Parked, example.Depth).CompareTo((parked, depth)) > 0);
        _examples.Insert(place < 0 ? _examples.Count : place, (parked, depth, name));
        if (_examples.Count > IncidentRow.MostExamples)
        {
            _examples.RemoveAt(IncidentRow.MostExamples);
        }
    }
}
