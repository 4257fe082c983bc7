using System.Globalization;
using NCrontab;

namespace Vorel.LocalHost.Timers;

/// <summary>When a timer fires: six cron fields, seconds first, or a fixed span; in UTC.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule? _cron;
    private readonly TimeSpan _span;

    private TimerSchedule(CrontabSchedule? cron, TimeSpan span)
    {
        _cron = cron;
        _span = span;
    }

    /// <exception cref="InvalidDataException">The text is neither.</exception>
    public static TimerSchedule Parse(string text)
    {
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero)
        {
            return new TimerSchedule(null, span);
        }

        var options = new CrontabSchedule.ParseOptions { IncludingSeconds = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 };
        return CrontabSchedule.TryParse(text, options) is { } cron
            ? new TimerSchedule(cron, default)
            : throw new InvalidDataException($"'{text}' is not a timer schedule.");
    }

    /// <summary>The first occurrence after <paramref name="time"/>.</summary>
    public DateTimeOffset Next(DateTimeOffset time) =>
        _cron is null ? time + _span : new DateTimeOffset(_cron.GetNextOccurrence(time.UtcDateTime), TimeSpan.Zero);

    /// <summary>True where two occurrences are less than a minute apart: the real host does not monitor those.</summary>
    public bool IsShorterThanMinute(DateTimeOffset now)
    {
        var next = Next(now);
        return Next(next) - next < TimeSpan.FromMinutes(1);
    }
}
