using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Vorel.Core.Ids;
using Vorel.Core.Storage;

namespace Vorel.Core.Audit;

/// <summary>The row keys of the log: <c>2026-11|</c> and the inverted bits of an id, so that a month is one range, newest first; <c>seal|2026-11-21</c>.</summary>
internal static class AuditKeys
{
    private const string MonthFormat = "yyyy-MM";
    private const string DayFormat = "yyyy-MM-dd";
    private const string Seal = "seal|";
    private const int KeyDigits = 32;

    private static readonly SearchValues<char> s_lowerHex = SearchValues.Create("0123456789abcdef");

    public static string MonthOf(Guid id) => Uuid7.TimeOf(id).ToString(MonthFormat, CultureInfo.InvariantCulture);

    public static string MonthOf(DateTimeOffset moment) => moment.UtcDateTime.ToString(MonthFormat, CultureInfo.InvariantCulture);

    public static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);

    /// <summary>The first moment of a day.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>The first day of a month; false when the text is no month.</summary>
    public static bool TryParseMonth([NotNullWhen(true)] string? month, out DateOnly first) =>
        DateOnly.TryParseExact(month, MonthFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out first) && month!.Length == MonthFormat.Length;

    public static string Of(Guid id) => $"{MonthOf(id)}|{Uuid7.ToKey(id)}";

    /// <summary>The id of a row's key; false when it is none that <see cref="Of"/> makes.</summary>
    public static bool TryParse(string key, out Guid id)
    {
        id = default;
        if (key.Length != MonthFormat.Length + 1 + KeyDigits || key.AsSpan(MonthFormat.Length + 1).ContainsAnyExcept(s_lowerHex))
        {
            return false;
        }

        return Uuid7.TryParse(Uuid7.FromKey(key[(MonthFormat.Length + 1)..]).ToString("D"), out id) && Of(id) == key;
    }

    public static RowRange RangeOf(string month) => RowRange.Prefix(month + "|");

    /// <summary>The rows of a day: the first twelve digits of a key are its inverted millisecond.</summary>
    public static RowRange RangeOf(DateOnly day)
    {
        var start = StartOf(day).ToUnixTimeMilliseconds();
        return new RowRange(Key(start + (long)TimeSpan.FromDays(1).TotalMilliseconds - 1), Key(start - 1));

        string Key(long millisecond) => string.Create(CultureInfo.InvariantCulture, $"{day.ToString(MonthFormat, CultureInfo.InvariantCulture)}|{~millisecond & 0xFFFF_FFFF_FFFF:x12}");
    }

    public static string SealOf(DateOnly day) => Seal + day.ToString(DayFormat, CultureInfo.InvariantCulture);

    public static RowRange SealsOf(string month) => RowRange.Prefix($"{Seal}{month}-");

    /// <summary>The day of a seal's key; null when it is none that <see cref="SealOf"/> makes.</summary>
    public static DateOnly? SealedDay(string key) =>
        DateOnly.TryParseExact(key.AsSpan(Math.Min(Seal.Length, key.Length)), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && SealOf(day) == key ? day : null;
}
