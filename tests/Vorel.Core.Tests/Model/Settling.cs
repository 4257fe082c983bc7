using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model;

/// <summary>What the platform does when nothing breaks any more: everything goes on, round by round, until all is at rest.</summary>
internal static class Settling
{
    private const int MostRounds = 500;
    private const int MostSteps = 500;

    public static void Settle(Machinery stage)
    {
        for (var round = 0; round < MostRounds && stage.Violations.Count == 0; round++)
        {
            stage.Note($"-- round {round}, domain clock {stage.Domain.GetUtcNow():MM-dd HH:mm:ss}");
            LetGo(stage);
            stage.Mend(round);
            Round(stage);
            if (Pending(stage) is null)
            {
                stage.Tally.Count("a history came to rest");
                stage.Settled();
                return;
            }

            var wait = UntilNext(stage);
            stage.Move(wait, wait);
        }

        stage.Require(stage.Violations.Count > 0, $"not at rest after {MostRounds} rounds: {Pending(stage)}");
    }

    /// <summary>All that can go on at this moment does, and the timer.</summary>
    public static void Round(Machinery stage)
    {
        LetGo(stage);
        for (var steps = 0; stage.Visible.Count > 0 || stage.Ready.Count > 0; steps++)
        {
            if (steps == MostSteps)
            {
                stage.Violate($"{MostSteps} steps at one moment and no end: {Pending(stage)}");
                return;
            }

            if (stage.Visible.Count > 0)
            {
                stage.Handle(0, 0, Course.Whole);
            }
            else
            {
                stage.Call(stage.Ready[0], 0, Course.Whole);
            }
        }

        stage.Tick(0, Course.Whole);
    }

    /// <summary>Nothing stands still any more, and nothing is to come late.</summary>
    private static void LetGo(Machinery stage)
    {
        while (stage.Gate.Late.Count > 0)
        {
            stage.Gate.Land(0);
        }

        while (stage.Flights.Count > 0)
        {
            stage.Resume(stage.Flights[0], Fate.Works);
        }
    }

    /// <summary>What is not at rest; null when everything is.</summary>
    private static string? Pending(Machinery stage)
    {
        List<(int Count, string What)> counts =
        [
            (stage.Flights.Count, "operations"),
            (stage.AllMessages.Count, "messages"),
            (stage.Hub.Running.Count, "orchestrations"),
            .. stage.Open(),
            (Hints(stage).Count, "hints"),
        ];
        return counts.All(entry => entry.Count == 0) ? null : string.Join(", ", counts.Where(entry => entry.Count > 0).Select(entry => $"{entry.Count} {entry.What}"));
    }

    private static TimeSpan UntilNext(Machinery stage)
    {
        var domain = stage.Domain.GetUtcNow();
        var waits = stage.Hub.Running.Select(instance => instance.WakesAt - domain)
            .Concat(stage.AllMessages.Select(entry => entry.Message.VisibleAt - stage.Real.GetUtcNow()))
            .Concat(Hints(stage).Select(hint => (DateTimeOffset)hint.Row.Columns["due_at"] - domain))
            .Where(wait => wait > TimeSpan.Zero)
            .DefaultIfEmpty(TimeSpan.FromMinutes(1));
        var shortest = waits.Min();
        return shortest < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : shortest;
    }

    /// <summary>The hints that will be used up.</summary>
    private static IReadOnlyList<(Partition Partition, Row Row)> Hints(Machinery stage) =>
        [.. stage.Rows.ReadHints(HintTable.Due, RowRange.All, 1_000, default).GetAwaiter().GetResult().Where(hint => !stage.Stays(hint.Row.Key))];
}
