namespace Vorel.Core.Storage;

/// <summary>
/// The columns of one row while they are mapped. Setting null leaves the column out; long binary values are split into
/// columns of 60 KiB, because the store takes at most 64 KiB in one.
/// </summary>
public sealed class Columns
{
    private const int ChunkBytes = 60 * 1024;

    // No row holds more.
    private const long MaxBytes = 1024 * 1024;

    private readonly Dictionary<string, object> _values;

    /// <summary>No columns yet.</summary>
    public Columns() => _values = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>The columns of a row that was read.</summary>
    public Columns(IReadOnlyDictionary<string, object> values) => _values = new Dictionary<string, object>(values, StringComparer.Ordinal);

    /// <summary>The columns as the store takes them.</summary>
    public IReadOnlyDictionary<string, object> Values => _values;

    /// <summary>Sets a column; null leaves it out. An <see cref="int"/> is kept as a <see cref="long"/>.</summary>
    public Columns Set(string name, object? value)
    {
        if (value is not null)
        {
            _values[name] = value is int number ? (long)number : value;
        }

        return this;
    }

    /// <summary>Sets a binary value of any length the row can hold, in as many columns as it needs.</summary>
    public Columns SetBytes(string name, ReadOnlySpan<byte> value)
    {
        _values[name + "_length"] = (long)value.Length;
        for (var chunk = 0; value.Length > 0; chunk++)
        {
            var size = Math.Min(ChunkBytes, value.Length);
            _values[name + "_" + chunk] = value[..size].ToArray();
            value = value[size..];
        }

        return this;
    }

    /// <summary>The text of a column that must be there.</summary>
    public string Text(string name) => Required<string>(name);

    /// <summary>The text of a column, or null.</summary>
    public string? TextOrNull(string name) => Optional<string>(name);

    /// <summary>The number of a column that must be there.</summary>
    public long Number(string name) => Required<long>(name);

    /// <summary>The number of a column, or null.</summary>
    public long? NumberOrNull(string name) => _values.ContainsKey(name) ? Required<long>(name) : null;

    /// <summary>The id in a column that must be there.</summary>
    public Guid Id(string name) => Required<Guid>(name);

    /// <summary>The id in a column, or null.</summary>
    public Guid? IdOrNull(string name) => _values.ContainsKey(name) ? Required<Guid>(name) : null;

    /// <summary>The time of a column that must be there.</summary>
    public DateTimeOffset Time(string name) => Required<DateTimeOffset>(name);

    /// <summary>The time of a column, or null.</summary>
    public DateTimeOffset? TimeOrNull(string name) => _values.ContainsKey(name) ? Required<DateTimeOffset>(name) : null;

    /// <summary>The flag of a column; absent is false.</summary>
    public bool Flag(string name) => _values.ContainsKey(name) && Required<bool>(name);

    /// <summary>The bytes of one column that must be there.</summary>
    public byte[] Binary(string name) => Required<byte[]>(name);

    /// <summary>
    /// The binary value that <see cref="SetBytes"/> wrote; empty when it is not all there any more. Every binary value we
    /// store is sealed or a hash: an empty one does not open and matches nothing, which its reader has to expect anyway,
    /// while a row that cannot be read would take the tenant's other rows with it.
    /// </summary>
    public byte[] Bytes(string name)
    {
        if (!_values.TryGetValue(name + "_length", out var stored) || stored is not (long and >= 0 and <= MaxBytes))
        {
            return [];
        }

        var value = new byte[(long)stored];
        var filled = 0;
        for (var chunk = 0; filled < value.Length; chunk++)
        {
            if (!_values.TryGetValue(name + "_" + chunk, out var column)
                || column is not byte[] { Length: > 0 } part
                || part.Length > value.Length - filled)
            {
                return [];
            }

            part.CopyTo(value, filled);
            filled += part.Length;
        }

        return value;
    }

    private static InvalidDataException Missing(string name) => new($"The stored row has no usable column '{name}'.");

    private T? Optional<T>(string name)
        where T : class => _values.ContainsKey(name) ? Required<T>(name) : null;

    private T Required<T>(string name) => _values.TryGetValue(name, out var value) && value is T typed ? typed : throw Missing(name);
}
