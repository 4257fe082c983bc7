using System.Buffers;

namespace Vorel.EndToEnd.Tests.Privacy;

/// <summary>Looks for canaries in any of their spellings.</summary>
internal sealed class CanarySearch
{
    private const int Shown = 160;

    private readonly List<(string Spelling, Canary Canary)> _spellings;
    private readonly SearchValues<string> _any;

    public CanarySearch(IEnumerable<Canary> canaries)
    {
        _spellings = [.. canaries.SelectMany(canary => canary.Spellings.Select(spelling => (spelling, canary))).DistinctBy(pair => pair.spelling.ToUpperInvariant(), StringComparer.Ordinal)];
        _any = SearchValues.Create([.. _spellings.Select(pair => pair.Spelling)], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Each canary with each place in which it stands.</summary>
    public IReadOnlyList<Sighting> In(IEnumerable<string> places) => [.. places.SelectMany(In)];

    private IEnumerable<Sighting> In(string place)
    {
        var seen = new HashSet<Canary>();
        for (var from = 0; from < place.Length; from++)
        {
            var at = place.AsSpan(from).IndexOfAny(_any);
            if (at < 0)
            {
                break;
            }

            from += at;
            foreach (var (spelling, canary) in _spellings)
            {
                if (place.AsSpan(from).StartsWith(spelling, StringComparison.OrdinalIgnoreCase) && seen.Add(canary))
                {
                    yield return new Sighting(canary, place.Length > Shown ? place[..Shown] + " …" : place);
                }
            }
        }
    }
}

/// <summary>A canary, and the beginning of the line in which it stands.</summary>
internal sealed record Sighting(Canary Canary, string Place)
{
    public override string ToString() => $"{Canary.Owner} in {Place}";
}
