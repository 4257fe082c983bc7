using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Vorel.Azure.Tables;

/// <summary>
/// An OData filter, made only from an interpolated string: <c>$"PartitionKey eq {tenant} and RowKey ge {from}"</c>. The text
/// comes from the source code; every value is written as a literal of its type, quoted and escaped, so no value can become syntax.
/// </summary>
[InterpolatedStringHandler]
public readonly struct TableFilter
{
    private readonly StringBuilder _text;

    /// <summary>Called by the compiler.</summary>
    public TableFilter(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (formattedCount * 40));

    /// <summary>Called by the compiler with the constant parts.</summary>
    public void AppendLiteral(string value) => _text.Append(value);

    /// <summary>A text literal: <c>'it''s'</c>.</summary>
    public void AppendFormatted(string value)
    {
        TableLimits.CheckText(value, "A filter value");
        StartValue();
        _text.Append('\'').Append(value).Replace("'", "''", _text.Length - value.Length, value.Length).Append('\'');
    }

    /// <summary>A UUID literal.</summary>
    public void AppendFormatted(Guid value)
    {
        StartValue();
        _text.Append("guid'").Append(value.ToString("D")).Append('\'');
    }

    /// <summary>A time literal, in UTC, to 100 ns.</summary>
    public void AppendFormatted(DateTimeOffset value)
    {
        StartValue();
        _text.Append("datetime'").Append(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)).Append('\'');
    }

    /// <summary>A 64-bit literal: <c>5L</c>.</summary>
    public void AppendFormatted(long value)
    {
        StartValue();
        _text.Append(CultureInfo.InvariantCulture, $"{value}L");
    }

    /// <summary>A 32-bit literal.</summary>
    public void AppendFormatted(int value)
    {
        StartValue();
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
    }

    /// <summary>A floating-point literal; it must be finite.</summary>
    public void AppendFormatted(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), "Filters cannot compare with NaN or infinity.");
        }

        StartValue();
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        _text.Append(text).Append(text.AsSpan().ContainsAny(".E") ? string.Empty : ".0");
    }

    /// <summary>A Boolean literal.</summary>
    public void AppendFormatted(bool value)
    {
        StartValue();
        _text.Append(value ? "true" : "false");
    }

    /// <summary>A binary literal: <c>X'00ff'</c>.</summary>
    public void AppendFormatted(byte[] value)
    {
        StartValue();
        _text.Append("X'").Append(Convert.ToHexStringLower(value)).Append('\'');
    }

    /// <summary>A filter within a filter, in parentheses.</summary>
    public void AppendFormatted(TableFilter value) => _text.Append('(').Append(value.ToString()).Append(')');

    /// <summary>The filter in OData, not yet percent-encoded; empty for none.</summary>
    public override string ToString() => _text?.ToString() ?? string.Empty;

    private void StartValue()
    {
        if (_text.Length > 0 && _text[^1] == '\'')
        {
            throw new InvalidOperationException("A filter value is quoted by the filter itself: write {value}, not '{value}'.");
        }
    }
}
