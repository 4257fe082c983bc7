using System.Globalization;
using System.Text.Json;

namespace Vorel.LocalHost.Invocation.Newtonsoft;

/// <summary>
/// A text that Newtonsoft.Json takes for a date while it reads JSON, as its default settings do. Printed again it may look otherwise:
/// an offset becomes that of the reader's own time zone, and zeros at the end of a fraction are lost.
/// </summary>
/// <param name="Ticks">The clock time in 100 ns, in the zone that the date ends up in.</param>
/// <param name="Zone">What follows the time when it is printed: nothing, Z or an offset.</param>
internal readonly record struct NewtonsoftDate(long Ticks, string Zone)
{
    private const int FractionDigits = 7;

    /// <summary>The text as it is printed inside JSON.</summary>
    public string Printed => Time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + Zone;

    /// <summary>The text where a date is turned into a string without JSON, which loses zone and fraction.</summary>
    public string Plain => Time.ToString(CultureInfo.InvariantCulture);

    private DateTime Time => new(Ticks, DateTimeKind.Unspecified);

    /// <summary>The date, or null where the text stays a text.</summary>
    /// <param name="text">The JSON string's content.</param>
    /// <param name="local">The reader's time zone.</param>
    /// <exception cref="JsonException">A date just beyond the calendar, on which the reader fails.</exception>
    public static NewtonsoftDate? From(string text, TimeZoneInfo local)
    {
        if (text.Length is < 19 or > 40 || !char.IsAsciiDigit(text[0]) || text[10] != 'T')
        {
            return text.StartsWith('/') ? NewtonsoftOldDate.From(text, local) : null;
        }

        var scan = new Scan(text);
        if (!scan.Date(out var year, out var month, out var day) || !scan.Time(out var clock, out var isMidnightAfter) || !scan.Zone(out var zone))
        {
            return null;
        }

        var ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified).Ticks + clock + (isMidnightAfter ? TimeSpan.TicksPerDay : 0);
        return zone switch
        {
            _ when ticks > DateTime.MaxValue.Ticks => throw new JsonException($"The reader fails on the date {text}."),
            null => new NewtonsoftDate(ticks, ""),
            { IsUtc: true } => new NewtonsoftDate(ticks, "Z"),
            { Offset: var offset } => Local(ticks - offset.Ticks, local),
        };
    }

    /// <summary>The moment as the reader's zone shows it; beyond the calendar's ends it stops at them.</summary>
    public static NewtonsoftDate Local(long utcTicks, TimeZoneInfo local)
    {
        var utc = new DateTime(Math.Clamp(utcTicks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
        var offset = local.GetUtcOffset(utc);
        var ticks = Math.Clamp(utcTicks + offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new NewtonsoftDate(ticks, (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString("hh\\:mm", CultureInfo.InvariantCulture));
    }

    /// <summary>Reads along the text by the reader's own rules, its gaps included.</summary>
    private ref struct Scan(ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _at;

        public bool Date(out int year, out int month, out int day)
        {
            (month, day) = (0, 0);
            return Digits(4, out year) && year >= 1 && Take('-') && Digits(2, out month) && month is >= 1 and <= 12 && Take('-')
                && Digits(2, out day) && day >= 1 && day <= DateTime.DaysInMonth(year, month) && Take('T');
        }

        /// <summary>24:00:00 is the midnight after the day.</summary>
        public bool Time(out long ticks, out bool isMidnightAfter)
        {
            (ticks, isMidnightAfter) = (0, false);
            if (!Digits(2, out var hour) || !Take(':') || !Digits(2, out var minute) || !Take(':') || !Digits(2, out var second)
                || hour > 24 || minute > 59 || second > 59 || (hour == 24 && (minute > 0 || second > 0)) || !Fraction(out var fraction))
            {
                return false;
            }

            isMidnightAfter = hour == 24;
            ticks = new TimeSpan(hour % 24, minute, second).Ticks + fraction;
            return !isMidnightAfter || fraction == 0;
        }

        /// <summary>Z, an offset, or two digits that the reader passes over where an offset's minutes could be; then the end.</summary>
        public bool Zone(out (bool IsUtc, TimeSpan Offset)? zone)
        {
            zone = null;
            if (_at == _text.Length)
            {
                return true;
            }

            if (_text[_at] is 'Z' or 'z')
            {
                _at++;
                zone = (true, default);
            }
            else
            {
                var (sign, hours) = (0, 0);
                if (_text[_at] is '+' or '-')
                {
                    sign = _text[_at] == '+' ? 1 : -1;
                    _at++;
                    if (!Digits(2, out hours))
                    {
                        return false;
                    }
                }

                var minutes = 0;
                if (_at < _text.Length)
                {
                    _ = Take(':');
                    _ = Digits(2, out minutes);
                }

                zone = sign == 0 ? null : (false, sign * new TimeSpan(hours, minutes, 0));
            }

            return _at == _text.Length;
        }

        private bool Fraction(out long ticks)
        {
            ticks = 0;
            if (!Take('.'))
            {
                return true;
            }

            var digits = 0;
            for (; _at < _text.Length && digits < FractionDigits && char.IsAsciiDigit(_text[_at]); digits++)
            {
                ticks = (ticks * 10) + (_text[_at++] - '0');
            }

            ticks *= (long)Math.Pow(10, FractionDigits - digits);
            return digits > 0;
        }

        private bool Digits(int count, out int value)
        {
            value = 0;
            if (_at + count > _text.Length || _text.Slice(_at, count).ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            value = int.Parse(_text.Slice(_at, count), CultureInfo.InvariantCulture);
            _at += count;
            return true;
        }

        private bool Take(char character)
        {
            if (_at >= _text.Length || _text[_at] != character)
            {
                return false;
            }

            _at++;
            return true;
        }
    }
}
