using Vorel.Core.Storage;

namespace Vorel.Testing;

/// <summary>The rows of one partition of <see cref="InMemoryRowStore"/>, in ordinal order. Not thread-safe: the store locks.</summary>
internal sealed class PartitionRows
{
    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);

    public int Count => _rows.Count;

    public Row? Find(string key) => _rows.TryGetValue(key, out var row) ? Copy(row) : null;

    public IReadOnlyList<Row> Read(RowRange range, int take)
    {
        if (_keys.Count == 0 || string.CompareOrdinal(range.From, _keys.Max) > 0)
        {
            return [];
        }

        return [.. _keys.GetViewBetween(range.From ?? string.Empty, _keys.Max!)
            .TakeWhile(key => range.To is null || string.CompareOrdinal(key, range.To) < 0)
            .Take(take)
            .Select(key => Copy(_rows[key]))];
    }

    public RowConflict? Conflict(RowWrite write) => write switch
    {
        RowWrite.Insert => _rows.ContainsKey(write.Key) ? RowConflict.AlreadyExists : null,
        RowWrite.Replace replace => Conflict(replace.Key, replace.ETag),
        RowWrite.Delete delete => Conflict(delete.Key, delete.ETag),
        RowWrite.Require require => Conflict(require.Key, "*"),
        _ => null,
    };

    public void Apply(RowWrite write, string etag)
    {
        switch (write)
        {
            case RowWrite.Insert insert:
                Put(insert.Key, etag, insert.Columns);
                break;
            case RowWrite.Replace replace:
                Put(replace.Key, etag, replace.Columns);
                break;
            case RowWrite.Upsert upsert:
                Put(upsert.Key, etag, upsert.Columns);
                break;
            case RowWrite.Delete delete:
                _keys.Remove(delete.Key);
                _rows.Remove(delete.Key);
                break;
            case RowWrite.Require require:
                _rows[require.Key] = _rows[require.Key] with { ETag = etag };
                break;
        }
    }

    private static Row Copy(Row row) => row with { Columns = Copy(row.Columns) };

    private static Dictionary<string, object> Copy(IReadOnlyDictionary<string, object> columns)
    {
        var copy = new Dictionary<string, object>(columns.Count, StringComparer.Ordinal);
        foreach (var (name, value) in columns)
        {
            if (value is not null)
            {
                copy[name] = value switch
                {
                    byte[] bytes => bytes.ToArray(),
                    DateTimeOffset time => time.ToUniversalTime(),
                    _ => value,
                };
            }
        }

        return copy;
    }

    private RowConflict? Conflict(string key, string etag)
    {
        if (!_rows.TryGetValue(key, out var row))
        {
            return RowConflict.NotFound;
        }

        return etag is "*" || etag == row.ETag ? null : RowConflict.Changed;
    }

    private void Put(string key, string etag, IReadOnlyDictionary<string, object> columns)
    {
        _keys.Add(key);
        _rows[key] = new Row(key, etag, Copy(columns));
    }
}
