using System.Globalization;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Model;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>What comes after the rest: the windows end, one after the other, and what the CRM holds goes in the hour after its end.</summary>
internal static class Windows
{
    private const int MostSweeps = 300;

    public static void Pass(MirrorStage stage)
    {
        var rest = stage.Domain.GetUtcNow();
        foreach (var record in stage.Records.Stored)
        {
            stage.Require(record.End is not null, $"all is at rest, and nobody is said to hold version {record.Versions.Count} of {record}");
        }

        for (var sweeps = 0; stage.Violations.Count == 0 && NextHour(stage) is { } hour; sweeps++)
        {
            if (sweeps == MostSweeps)
            {
                stage.Violate($"{MostSweeps} sweeps and hints are left, the next for {hour:O}");
                return;
            }

            // What lies behind the mark of a clock that ran ahead is found within a day.
            var wait = hour.AddHours(1) - stage.Domain.GetUtcNow();
            wait = wait > TimeSpan.Zero ? wait : TimeSpan.FromHours(1);
            stage.Move(wait, wait);
            stage.Note($"-- windows, domain clock {stage.Domain.GetUtcNow():MM-dd HH:mm:ss}");
            Sweep(stage);
            RequirePunctual(stage, rest);
        }

        foreach (var (_, partition, row) in stage.Rows.Dump().Where(entry => entry.Table == "Records" && stage.Violations.Count == 0))
        {
            stage.Violate($"all windows are over and {row.Key} is left of {partition}");
        }
    }

    private static void Sweep(MirrorStage stage)
    {
        stage.Sweep(0, Course.Whole);
        while (stage.Visible.Count > 0)
        {
            stage.Handle(0, 0, Course.Whole);
        }
    }

    /// <summary>What was over in an hour is gone when that hour is; what was over before all came to rest, by clocks that jumped, within a day.</summary>
    private static void RequirePunctual(MirrorStage stage, DateTimeOffset rest)
    {
        var now = stage.Domain.GetUtcNow();
        foreach (var record in stage.Records.Stored)
        {
            var end = record.End!.Value;
            var latest = end > rest ? HourOf(end).AddHours(1) : rest.AddHours(25);
            stage.Require(now < latest, $"{record} is there at {now:O}, its window ended {end:O}");
        }
    }

    /// <summary>The hour of the next hint of records; null when none is left.</summary>
    private static DateTimeOffset? NextHour(MirrorStage stage)
    {
        var hours = stage.Rows.ReadHints(HintTable.PurgeIndex, RowRange.All, 1000, default).GetAwaiter().GetResult()
            .Where(hint => hint.Row.Columns.GetValueOrDefault("kind") is string kind && kind != "telemetry")
            .Select(hint => DateTimeOffset.ParseExact(hint.Partition.Value[2..], "yyyyMMddHH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        return hours.Select(hour => (DateTimeOffset?)hour).Min();
    }

    private static DateTimeOffset HourOf(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
