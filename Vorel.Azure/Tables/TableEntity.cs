using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Azure;

namespace Vorel.Azure.Tables;

/// <summary>
/// A row. Values are <see cref="string"/>, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/>,
/// <see cref="DateTimeOffset"/>, <see cref="Guid"/> or <see cref="byte"/>[]; a null is not stored.
/// </summary>
public sealed class TableEntity : IEnumerable<KeyValuePair<string, object>>
{
    private readonly Dictionary<string, object> _columns;

    /// <summary>An entity without columns.</summary>
    public TableEntity(string partitionKey, string rowKey)
        : this(partitionKey, rowKey, new Dictionary<string, object>(StringComparer.Ordinal))
    {
    }

    /// <summary>An entity with a copy of <paramref name="columns"/>.</summary>
    public TableEntity(string partitionKey, string rowKey, IReadOnlyDictionary<string, object> columns)
        : this(partitionKey, rowKey, new Dictionary<string, object>(columns, StringComparer.Ordinal))
    {
    }

    internal TableEntity(string partitionKey, string rowKey, Dictionary<string, object> columns)
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
        _columns = columns;
    }

    /// <summary>The partition key.</summary>
    public string PartitionKey { get; set; }

    /// <summary>The row key.</summary>
    public string RowKey { get; set; }

    /// <summary>When the service last wrote the row; its clock, not ours.</summary>
    public DateTimeOffset? Timestamp { get; set; }

    /// <summary>The version that was read.</summary>
    public ETag ETag { get; set; }

    /// <summary>How many columns there are, keys not counted.</summary>
    public int Count => _columns.Count;

    /// <summary>The names of the columns.</summary>
    public IEnumerable<string> Keys => _columns.Keys;

    /// <summary>The id of the write that made this version; kept out of the columns.</summary>
    internal Guid? WriteId { get; set; }

    /// <summary>The columns, without a copy.</summary>
    internal IReadOnlyDictionary<string, object> Columns => _columns;

    /// <summary>A column's value, null when it is absent; setting null removes it.</summary>
    public object? this[string key]
    {
        get => _columns.GetValueOrDefault(key);
        set
        {
            if (value is null)
            {
                _columns.Remove(key);
            }
            else
            {
                _columns[key] = value;
            }
        }
    }

    /// <summary>A text column, or null.</summary>
    public string? GetString(string key) => (string?)_columns.GetValueOrDefault(key);

    /// <summary>A Boolean column, or null.</summary>
    public bool? GetBoolean(string key) => (bool?)_columns.GetValueOrDefault(key);

    /// <summary>A 32-bit column, or null.</summary>
    public int? GetInt32(string key) => (int?)_columns.GetValueOrDefault(key);

    /// <summary>A 64-bit column, or null.</summary>
    public long? GetInt64(string key) => (long?)_columns.GetValueOrDefault(key);

    /// <summary>A floating-point column, or null.</summary>
    public double? GetDouble(string key) => (double?)_columns.GetValueOrDefault(key);

    /// <summary>A time column in UTC, or null.</summary>
    public DateTimeOffset? GetDateTimeOffset(string key) => (DateTimeOffset?)_columns.GetValueOrDefault(key);

    /// <summary>A UUID column, or null.</summary>
    public Guid? GetGuid(string key) => (Guid?)_columns.GetValueOrDefault(key);

    /// <summary>A binary column, or null.</summary>
    public byte[]? GetBinary(string key) => (byte[]?)_columns.GetValueOrDefault(key);

    /// <summary>Adds a column; for collection initializers.</summary>
    public void Add(string key, object? value)
    {
        if (value is not null)
        {
            _columns.Add(key, value);
        }
    }

    /// <summary>Whether the column is there.</summary>
    public bool ContainsKey(string key) => _columns.ContainsKey(key);

    /// <summary>The column's value, if it is there.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object value) => _columns.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => _columns.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
