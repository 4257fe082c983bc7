namespace Vorel.Core.Storage;

/// <summary>One write of a transaction.</summary>
public abstract record RowWrite(string Key)
{
    /// <summary>Adds a row; a conflict when the key is taken.</summary>
    public sealed record Insert(string Key, IReadOnlyDictionary<string, object> Columns) : RowWrite(Key);

    /// <summary>Replaces a row that still has <paramref name="ETag"/>; <c>"*"</c> asks only that it exists.</summary>
    public sealed record Replace(string Key, string ETag, IReadOnlyDictionary<string, object> Columns) : RowWrite(Key);

    /// <summary>Adds the row or replaces whatever is there.</summary>
    public sealed record Upsert(string Key, IReadOnlyDictionary<string, object> Columns) : RowWrite(Key);

    /// <summary>Deletes a row that still has <paramref name="ETag"/>; <c>"*"</c> asks only that it exists.</summary>
    public sealed record Delete(string Key, string ETag) : RowWrite(Key);

    /// <summary>Asks that a row exists, whatever its version, and leaves what it holds; its version changes.</summary>
    public sealed record Require(string Key) : RowWrite(Key);

    /// <summary>Whether the row must be there, so that a table that is not there must not be made for it.</summary>
    public bool Presupposes => this is Replace or Delete or Require;
}
