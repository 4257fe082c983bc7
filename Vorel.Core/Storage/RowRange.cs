namespace Vorel.Core.Storage;

/// <summary>A half-open range of row keys, <c>From &lt;= key &lt; To</c>, compared ordinally; a null end is unbounded.</summary>
public readonly record struct RowRange(string? From, string? To)
{
    /// <summary>Every row of the partition.</summary>
    public static RowRange All => default;

    /// <summary>Every row whose key starts with <paramref name="prefix"/>, which must not be empty.</summary>
    public static RowRange Prefix(string prefix) => new(prefix, prefix[..^1] + (char)(prefix[^1] + 1));

    /// <summary>The part of this range behind <paramref name="key"/>, exclusive: the way to the next page.</summary>
    public RowRange After(string key) => this with { From = key + "\u0001" };
}
