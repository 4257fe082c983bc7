using System.Globalization;
using Vorel.Core.Tests.Model.Mutants;
using Xunit.Abstractions;

namespace Vorel.Core.Tests.Model;

/// <summary>Plays the histories of one model: many with the product as it is, and as many as it takes with a product that is wrong.</summary>
/// <param name="of">The one history of a seed.</param>
/// <param name="history">Plays one.</param>
/// <param name="histories">How many, unless <c>VOREL_HISTORIES</c> says otherwise.</param>
/// <param name="floors">What a thousand histories must come upon, and how often at least, or the generator has gone blind.</param>
/// <param name="output">Where the counts go.</param>
internal sealed class Trials<TStage>(
    Func<ulong, IReadOnlyList<Step<TStage>>> of, History<TStage> history, int histories, IReadOnlyList<(string What, int AtLeast)> floors, ITestOutputHelper output)
    where TStage : Machinery
{
    // The same histories each time, so that a change answers for what it breaks; new ones are for who goes looking.
    private const ulong UsualSeed = 20_260_000_000;

    /// <summary>Every promise is kept in every history, and the histories come upon enough.</summary>
    public void PlayAll()
    {
        var wanted = Environment.GetEnvironmentVariable("VOREL_SEED");
        var first = wanted switch
        {
            null => UsualSeed,
            "random" => (ulong)Random.Shared.NextInt64(),
            _ => ulong.Parse(wanted, CultureInfo.InvariantCulture),
        };
        var replayed = wanted is not (null or "random");
        var played = int.TryParse(Environment.GetEnvironmentVariable("VOREL_HISTORIES"), out var count) ? count : replayed ? 1 : histories;
        var tallies = new Tally[Environment.ProcessorCount];
        var failed = new ulong?[tallies.Length];
        Parallel.For(0, tallies.Length, worker =>
        {
            var tally = tallies[worker] = new Tally();
            for (var index = worker; index < played && failed[worker] is null; index += tallies.Length)
            {
                if (history.Play(of(first + (ulong)index), Mutant.None, tally).Count > 0)
                {
                    failed[worker] = first + (ulong)index;
                }
            }
        });
        if (failed.FirstOrDefault(seed => seed is not null) is { } seed)
        {
            Assert.Fail(Explain(seed));
        }

        var all = new Tally();
        foreach (var tally in tallies)
        {
            all.Add(tally);
        }

        output.WriteLine($"VOREL_SEED={first}, {played} histories:\n{all}");
        Assert.All(floors, floor => Assert.True(
            played < histories || all[floor.What] >= floor.AtLeast * played / 1000, $"only {all[floor.What]} times in {played}: {floor.What}"));
    }

    /// <summary>The first seeds go the same way a second time.</summary>
    public void PlayTwice(ulong seeds)
    {
        for (ulong seed = 1; seed <= seeds; seed++)
        {
            Assert.Equal(Tell(seed), Tell(seed));
        }

        string Tell(ulong seed)
        {
            var tally = new Tally();
            var notes = new List<string>();
            history.Play(of(seed), Mutant.None, tally, notes);
            return $"{notes.Count} notes\n{tally}";
        }
    }

    /// <summary>A product that is wrong breaks a promise in one of the histories.</summary>
    public void Unmask(Func<Mutant> mutant)
    {
        for (ulong seed = 1; seed <= (ulong)histories; seed++)
        {
            var violations = history.Play(of(seed), mutant(), new Tally());
            if (violations.Count > 0)
            {
                output.WriteLine($"by history {seed}: {violations[0]}");
                return;
            }
        }

        Assert.Fail($"{mutant()} goes unnoticed in {histories} histories.");
    }

    private string Explain(ulong seed)
    {
        var commands = history.Shrink(of(seed), Mutant.None);
        var notes = new List<string>();
        var violations = history.Play(commands, Mutant.None, new Tally(), notes);
        return $"{string.Join('\n', violations)}\n\nAgain: VOREL_SEED={seed}. In {commands.Count} commands:\n{string.Join('\n', notes)}";
    }
}
