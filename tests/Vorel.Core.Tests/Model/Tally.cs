namespace Vorel.Core.Tests.Model;

/// <summary>How often what happened, over all histories.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int this[string what] => _counts.GetValueOrDefault(what);

    public void Count(string what) => _counts[what] = this[what] + 1;

    public void Add(Tally other)
    {
        foreach (var (what, count) in other._counts)
        {
            _counts[what] = this[what] + count;
        }
    }

    public override string ToString() => string.Join('\n', _counts.Select(entry => $"{entry.Value,9:N0}  {entry.Key}"));
}
