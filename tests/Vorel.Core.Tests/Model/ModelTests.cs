using System.Globalization;
using Vorel.Core.Tests.Model.Mutants;
using Xunit.Abstractions;

namespace Vorel.Core.Tests.Model;

/// <summary>
/// Random histories of outbox, fan-out, ladder and mirror against a model; README.md says what is promised and how to
/// play one history again.
/// </summary>
[Trait("Area", "crash")]
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int Histories = 3000;

    // The same histories each time, so that a change answers for what it breaks; new ones are for who goes looking.
    private const ulong UsualSeed = 20_260_000_000;

    /// <summary>What a thousand histories must come upon, and how often at least, or the generator has gone blind.</summary>
    private static readonly (string What, int AtLeast)[] s_floors =
    [
        ("a call stood still", 200),
        ("a call stood still after its effect", 400),
        ("a call was given up", 30),
        ("a call had no answer: Refused", 40),
        ("a call had no answer: Lost", 60),
        ("a call had no answer: Late", 60),
        ("a process was killed: Killed", 20),
        ("a process was killed: KilledAfter", 40),
        ("a process was killed: KilledLate", 20),
        ("a write landed late", 50),
        ("a tombstone was set", 80),
        ("a message was handled again", 100),
        ("an activity ran twice at once", 150),
        ("an orchestration was lost", 150),
        ("a claim was taken over", 20),
        ("a repeat of a key got the first one's answer", 100),
        ("a write was refused: UnavailableException", 60),
        ("a write was refused: IdempotencyConflictException", 150),
        ("a delivery ended: dead_letter", 50),
        ("a delivery ended: gone", 25),
        ("a delivery ended: permanent_fail", 25),
        ("a delivery ended: cancelled", 150),
        ("attempt 6 was claimed", 50),
        ("a create was repeated", 100),
        ("an update reached the CRM", 60),
        ("an update was repeated or came late", 100),
        ("the domain clock went back", 60),
    ];

    private static readonly Dictionary<string, Func<Mutant>> s_mutants = new Func<Mutant>[]
    {
        () => new MarksFirst(),
        () => new LosesTombstones(),
        () => new CountsClaims(),
        () => new ForgetsVersions(),
        () => new Hurries(),
        () => new FilesNoHints(),
        () => new DisablesNothing(),
        () => new ForgetsKeys(),
        () => new NewKeyEachTime(),
        () => new BelievesTheCrm(),
        () => new RemovesBeforeHandling(),
        () => new IgnoresDisabled(),
        () => new SendsEverything(),
        () => new DigsUp(),
        () => new GrabsClaims(),
        () => new SkipsTheMirror(),
    }.ToDictionary(make => make().ToString());

    /// <summary>The names of the mutants.</summary>
    public static TheoryData<string> AllMutants => [.. s_mutants.Keys];

    [Fact]
    public void Whatever_happens_every_promise_is_kept()
    {
        var wanted = Environment.GetEnvironmentVariable("VOREL_SEED");
        var first = wanted switch
        {
            null => UsualSeed,
            "random" => (ulong)Random.Shared.NextInt64(),
            _ => ulong.Parse(wanted, CultureInfo.InvariantCulture),
        };
        var replayed = wanted is not (null or "random");
        var histories = int.TryParse(Environment.GetEnvironmentVariable("VOREL_HISTORIES"), out var count) ? count : replayed ? 1 : Histories;
        var tallies = new Tally[Environment.ProcessorCount];
        var failed = new ulong?[tallies.Length];
        Parallel.For(0, tallies.Length, worker =>
        {
            var tally = tallies[worker] = new Tally();
            for (var index = worker; index < histories && failed[worker] is null; index += tallies.Length)
            {
                if (History.Play(HistoryGen.Of(first + (ulong)index), Mutant.None, tally).Count > 0)
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

        output.WriteLine($"VOREL_SEED={first}, {histories} histories:\n{all}");
        Assert.All(s_floors, floor => Assert.True(
            histories < Histories || all[floor.What] >= floor.AtLeast * histories / 1000, $"only {all[floor.What]} times in {histories}: {floor.What}"));
    }

    [Fact]
    public void A_seed_is_a_history_that_goes_the_same_way_each_time()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            Assert.Equal(Tell(seed), Tell(seed));
        }

        static string Tell(ulong seed)
        {
            var tally = new Tally();
            var notes = new List<string>();
            History.Play(HistoryGen.Of(seed), Mutant.None, tally, notes);
            return $"{notes.Count} notes\n{tally}";
        }
    }

    [Theory]
    [MemberData(nameof(AllMutants))]
    public void A_product_that_is_wrong_is_found_out(string mutant)
    {
        for (ulong seed = 1; seed <= Histories; seed++)
        {
            var violations = History.Play(HistoryGen.Of(seed), s_mutants[mutant](), new Tally());
            if (violations.Count > 0)
            {
                output.WriteLine($"by history {seed}: {violations[0]}");
                return;
            }
        }

        Assert.Fail($"{mutant} goes unnoticed in {Histories} histories.");
    }

    private static string Explain(ulong seed)
    {
        var commands = History.Shrink(HistoryGen.Of(seed), Mutant.None);
        var notes = new List<string>();
        var violations = History.Play(commands, Mutant.None, new Tally(), notes);
        return $"{string.Join('\n', violations)}\n\nAgain: VOREL_SEED={seed}. In {commands.Count} commands:\n{string.Join('\n', notes)}";
    }
}
