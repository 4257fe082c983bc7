using FsCheck;
using FsCheck.Fluent;
using static Vorel.Core.Tests.Model.CommandGen;

namespace Vorel.Core.Tests.Model;

/// <summary>
/// Makes histories of 20 to 60 commands. In most of them goes on what goes on all day; the others stay with one part of the way, to get
/// deep into it.
/// </summary>
internal static class HistoryGen
{
    private static readonly Gen<Command> s_everything = Gen.Frequency(
        (6, Converse),
        (7, AddLead),
        (7, Change),
        (4, Repeat),
        (14, Message),
        (16, Work),
        (4, Twice),
        (3, Tick),
        (8, Resume),
        (6, Proceed),
        (2, LoseInstance),
        (3, LandLate),
        (1, KillProcess),
        (14, Clocks),
        (2, Subscribe),
        (2, Unsubscribe),
        (3, CrmFails));

    private static readonly Gen<Command> s_commits = Gen.Frequency(
        (10, Converse), (6, AddLead), (8, Change), (9, Repeat), (8, Message), (9, Resume), (6, LandLate), (9, RealSeconds), (3, Seconds), (3, Tick), (1, Unsubscribe));

    private static readonly Gen<Command> s_ladder = Gen.Frequency(
        (16, Work),
        (5, Twice),
        (8, Resume),
        (9, Rung),
        (6, RealSeconds),
        (2, Clocks),
        (8, Proceed),
        (4, LoseInstance),
        (5, Tick),
        (2, KillProcess),
        (2, LandLate),
        (1, Unsubscribe));

    private static readonly Gen<Command> s_mirror = Gen.Frequency(
        (3, AddLead), (8, Change), (6, CrmFails), (8, Message), (12, Work), (7, Twice), (9, Resume), (9, Seconds), (3, Clocks), (4, Proceed), (4, LandLate), (2, LoseInstance));

    private static readonly Gen<IReadOnlyList<Step<Stage>>> s_history = Gen.Frequency(
        (4, Make([Subscribe, Subscribe], s_everything)),
        (2, Make([Subscribe], s_commits)),
        (2, Make([SubscribeInVain, ConverseWell, Proceed], s_ladder)),
        (2, Make([ConverseWell, ConverseWell, AddLead], s_mirror)));

    /// <summary>The one history of a seed.</summary>
    public static IReadOnlyList<Step<Stage>> Of(ulong seed) => s_history.Sample(1, new Rnd(seed), 50).Single();

    private static Gen<IReadOnlyList<Step<Stage>>> Make(IReadOnlyList<Gen<Command>> first, Gen<Command> then) =>
        from count in Gen.Choose(20, 60)
        from beginning in Gen.CollectToList(first)
        from rest in then.ListOf(count - first.Count)
        select (IReadOnlyList<Step<Stage>>)[.. beginning, .. rest];
}
