using Vorel.Core.Tests.MirrorModel.Mutants;
using Vorel.Core.Tests.Model;
using Vorel.Core.Tests.Model.Mutants;
using Xunit.Abstractions;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>
/// Random histories of mirror and retention against a model; README.md says what is promised and how to play one history again.
/// </summary>
[Trait("Area", "crash")]
public sealed class MirrorModelTests(ITestOutputHelper output)
{
    private const int Histories = 2000;

    /// <summary>What a thousand histories must come upon, and how often at least, or the generator has gone blind.</summary>
    private static readonly (string What, int AtLeast)[] s_floors =
    [
        ("a call stood still after its effect", 400),
        ("a call had no answer: Lost", 150),
        ("a call had no answer: Late", 150),
        ("a process was killed: KilledAfter", 100),
        ("a write landed late", 100),
        ("a message was handled again", 100),
        ("an activity ran twice at once", 80),
        ("an orchestration was lost", 40),
        ("the domain clock went back", 150),
        ("a row was purged: conversation", 1000),
        ("a row was purged: lead", 400),
        ("a row was purged: customer", 250),
        ("a row was purged: message", 1200),
        ("a row went by a successor: conversation", 15),
        ("a sweep began while a row is kept because nobody holds it", 800),
        ("a sweep was held up or killed", 200),
        ("a change was held up until its window was over", 60),
        ("a record was stamped with an earlier version", 400),
        ("a create was repeated", 40),
        ("an update reached a system", 500),
        ("a batch was repeated", 20),
        ("another batch came", 200),
        ("a child came after its parent", 1000),
        ("a child came whose parent nobody is owed, or takes", 200),
        ("a child was parked", 60),
        ("a parked child was taken up again", 60),
        ("a write failed for good: unsupported", 200),
        ("a write failed for good: validation_error", 30),
        ("what had failed was taken up again", 300),
        ("a redrive came to its end", 150),
        ("a connection's redrive came to its end", 1000),
        ("a system was replaced with updates owed: crm", 200),
        ("a system was replaced or removed while a write to it was under way", 10),
        ("a system was disconnected: crm", 100),
        ("a system was disconnected: crm.archive", 30),
        ("an incident was opened: crm_sync_failure", 25),
        ("an incident was opened: crm_object_unsupported", 25),
        ("an incident was opened: credential_refresh_failed", 10),
        ("an incident was closed: resolved", 80),
        ("an incident was waited for", 25),
    ];

    private static readonly Dictionary<string, Func<Mutant>> s_mutants = new Func<Mutant>[]
    {
        () => new BelievesTheCrm(),
        () => new NewKeyEachTime(),
        () => new PurgesWhateverItIs(),
        () => new CountsFromTheInsert(),
        () => new TakesAnyVersion(),
        () => new HearsNoMessages(),
        () => new LeavesIndexRows(),
        () => new LooksOnce(),
        () => new ForgetsMessages(),
        () => new FilesNoPurgeHints(),
        () => new StampsTheCurrent(),
        () => new OwesNothing(),
        () => new ForgetsFailures(),
        () => new OverwritesRecords(),
        () => new LooksOnceAtTheConnection(),
        () => new KnowsOneSystem(),
        () => new TakesUpNothing(),
        () => new ForgetsParents(),
        () => new SharesKeys(),
        () => new NeverReleases(),
        () => new TellsAgain(),
        () => new NeverCloses(),
        () => new IsImpatient(),
        () => new LooksAtNothing(),
        () => new SkipsTheFirst(),
        () => new RedrivesTheNeighbour(),
        () => new NeverFinishes(),
    }.ToDictionary(make => make().ToString());

    private readonly Trials<MirrorStage> _trials = new(MirrorGen.Of, new((mutant, tally, notes) => new MirrorStage(mutant, tally, notes)), Histories, s_floors, output);

    /// <summary>The names of the mutants.</summary>
    public static TheoryData<string> AllMutants => [.. s_mutants.Keys];

    [Fact]
    public void Whatever_happens_every_promise_is_kept() => _trials.PlayAll();

    [Fact]
    public void A_seed_is_a_history_that_goes_the_same_way_each_time() => _trials.PlayTwice(40);

    [Theory]
    [MemberData(nameof(AllMutants))]
    public void A_product_that_is_wrong_is_found_out(string mutant) => _trials.Unmask(s_mutants[mutant]);
}
