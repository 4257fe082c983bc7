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
        ("an incident of dead letters opened", 20),
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

    private readonly Trials<Stage> _trials = new(HistoryGen.Of, new((mutant, tally, notes) => new Stage(mutant, tally, notes)), Histories, s_floors, output);

    [Fact]
    public void Whatever_happens_every_promise_is_kept() => _trials.PlayAll();

    [Fact]
    public void A_seed_is_a_history_that_goes_the_same_way_each_time() => _trials.PlayTwice(40);

    [Theory]
    [MemberData(nameof(AllMutants))]
    public void A_product_that_is_wrong_is_found_out(string mutant) => _trials.Unmask(s_mutants[mutant]);
}
