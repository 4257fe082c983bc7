using Vorel.Core.Tests.Model.Mutants;

namespace Vorel.Core.Tests.Model;

/// <summary>Plays histories, and makes those that fail as short as it can.</summary>
internal sealed class History<TStage>(Func<Mutant, Tally, List<string>?, TStage> stage)
    where TStage : Machinery
{
    private const int MostTrials = 2000;

    /// <summary>Plays a history and settles it; what was violated, first things first, or nothing.</summary>
    public IReadOnlyList<string> Play(IReadOnlyList<Step<TStage>> commands, Mutant mutant, Tally tally, List<string>? notes = null)
    {
        // Every step runs on this thread: what is awaited is resumed by the stage, not by a scheduler.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var played = stage(mutant, tally, notes);
            foreach (var command in commands)
            {
                notes?.Add(command.ToString());
                tally.Count("command " + command.GetType().Name);
                command.Play(played);
                if (played.Violations.Count > 0)
                {
                    return played.Violations;
                }
            }

            Settling.Settle(played);
            return played.Violations;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>The shortest and simplest history to be found that fails as well.</summary>
    public IReadOnlyList<Step<TStage>> Shrink(IReadOnlyList<Step<TStage>> commands, Mutant mutant)
    {
        var trials = 0;
        for (var shorter = commands; shorter is not null && trials < MostTrials;)
        {
            commands = shorter;
            shorter = Smaller(commands).FirstOrDefault(smaller => trials++ < MostTrials && Play(smaller, mutant, new Tally()).Count > 0);
        }

        return commands;
    }

    private static IEnumerable<IReadOnlyList<Step<TStage>>> Smaller(IReadOnlyList<Step<TStage>> commands)
    {
        for (var size = commands.Count / 2; size > 0; size /= 2)
        {
            for (var from = commands.Count - size; from >= 0; from -= size)
            {
                yield return [.. commands.Take(from), .. commands.Skip(from + size)];
            }
        }

        for (var index = 0; index < commands.Count; index++)
        {
            foreach (var simpler in commands[index].Simpler())
            {
                yield return [.. commands.Take(index), simpler, .. commands.Skip(index + 1)];
            }
        }
    }
}
