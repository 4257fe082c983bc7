namespace Vorel.Azure;

/// <summary>The parts of a connection string, <c>name=value</c> split by semicolons. Its exceptions never repeat a value of it.</summary>
internal sealed class ConnectionStringParts
{
    private readonly Dictionary<string, string> _parts = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _kind;

    /// <param name="kind">What the exceptions call it.</param>
    /// <param name="connectionString">The text.</param>
    /// <exception cref="FormatException">A part is malformed, or there twice.</exception>
    public ConnectionStringParts(string kind, string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        _kind = kind;
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !_parts.TryAdd(part[..equals], part[(equals + 1)..]))
            {
                throw new FormatException($"A part of the {kind} connection string is not of the form name=value, or is given twice.");
            }
        }
    }

    /// <summary>The value of a part, or null.</summary>
    public string? this[string name] => _parts.GetValueOrDefault(name);

    /// <exception cref="FormatException">There is no such part.</exception>
    public string Required(string name) =>
        this[name] is { Length: > 0 } value ? value : throw new FormatException($"The {_kind} connection string has no {name}.");
}
