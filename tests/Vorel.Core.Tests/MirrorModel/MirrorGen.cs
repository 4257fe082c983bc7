using FsCheck;
using FsCheck.Fluent;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Tests.Model;
using Command = Vorel.Core.Tests.Model.Step<Vorel.Core.Tests.MirrorModel.MirrorStage>;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>
/// Makes histories of 20 to 60 commands. In most of them goes on what goes on in a year; the others stay with the writes to the CRM, with
/// its replacement, or with the sweep, to get deep into it.
/// </summary>
internal static class MirrorGen
{
    private static readonly Gen<int> s_pick = Gen.Choose(0, 11);
    private static readonly Gen<int> s_process = Gen.Choose(0, Machinery.Processes - 1);
    private static readonly Gen<int> s_tenant = Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Constant(1)));
    private static readonly Gen<int> s_customer = Gen.Choose(0, 2);
    private static readonly Gen<int> s_system = Gen.Frequency((4, Gen.Constant(0)), (3, Gen.Constant(1)), (2, Gen.Constant(2)), (1, Gen.Constant(3)));
    private static readonly Gen<int> s_archive = Gen.Frequency((2, Gen.Constant(1)), (1, Gen.Constant(4)));

    private static readonly Gen<Command> s_converse = Of(s_customer, (tenant, customer, course, process) => new MirrorCommand.Converse(tenant, customer, course, process));
    private static readonly Gen<Command> s_addCustomer = Of(s_customer, (tenant, customer, course, process) => new MirrorCommand.AddCustomer(tenant, customer, course, process));
    private static readonly Gen<Command> s_addLead = On((pick, course, process) => new MirrorCommand.AddLead(pick, course, process));
    private static readonly Gen<Command> s_change = On((pick, course, process) => new MirrorCommand.Change(pick, course, process));
    private static readonly Gen<Command> s_append = On((pick, course, process) => new MirrorCommand.Append(pick, course, process));
    private static readonly Gen<Command> s_close = On((pick, course, process) => new MirrorCommand.Close(pick, course, process));
    private static readonly Gen<Command> s_message = On((pick, course, process) => new MirrorCommand.Message(pick, course, process));
    private static readonly Gen<Command> s_work = On((pick, course, process) => new MirrorCommand.Work(pick, course, process));
    private static readonly Gen<Command> s_tick = On((_, course, process) => new MirrorCommand.Tick(course, process));
    private static readonly Gen<Command> s_sweep = On((_, course, process) => new MirrorCommand.Sweep(course, process));
    private static readonly Gen<Command> s_resume = On((pick, course, _) => new MirrorCommand.Resume(pick, course));
    private static readonly Gen<Command> s_loseInstance = s_pick.Select(pick => (Command)new MirrorCommand.LoseInstance(pick));
    private static readonly Gen<Command> s_landLate = s_pick.Select(pick => (Command)new MirrorCommand.LandLate(pick));
    private static readonly Gen<Command> s_killProcess = s_process.Select(process => (Command)new MirrorCommand.KillProcess(process));
    private static readonly Gen<Command> s_connect = Of(s_system, (tenant, system, course, process) => new MirrorCommand.Connect(tenant, system, CrmRole.Main, course, process));
    private static readonly Gen<Command> s_archives = Of(s_archive, (tenant, system, course, process) => new MirrorCommand.Connect(tenant, system, CrmRole.Archive, course, process));
    private static readonly Gen<Command> s_twice =
        from calls in Gen.Choose(0, 9) from pick in s_pick from course in CommandGen.Courses from process in s_process
        select (Command)new MirrorCommand.Double(pick, calls, course, process);
    private static readonly Gen<Command> s_proceed = from process in s_process from times in Gen.Choose(1, 4) select (Command)new MirrorCommand.Proceed(process, times);
    private static readonly Gen<Command> s_fails =
        from tenant in s_tenant from system in s_system from count in Gen.Choose(1, 4)
        from answers in Gen.Elements(Enum.GetValues<StandIn.Answer>()).ListOf(count)
        select (Command)new MirrorCommand.Fails(tenant, system, [.. answers]);
    private static readonly Gen<Command> s_away =
        from tenant in s_tenant from system in s_system from away in Gen.Elements(true, false) select (Command)new MirrorCommand.Away(tenant, system, away);

    private static readonly Gen<Command> s_disconnect =
        Of(Gen.Choose(0, 1), (tenant, role, course, process) => new MirrorCommand.Disconnect(tenant, role == 0 ? CrmRole.Main : CrmRole.Archive, course, process));
    private static readonly Gen<Command> s_redrive =
        from scope in Gen.Elements(0, 0, 1, 1, 2, 3, 4) from pick in s_pick
        from command in Of(Gen.Constant(0), (tenant, _, course, process) => new MirrorCommand.Redrive(tenant, scope, pick, course, process))
        select command;
    private static readonly Gen<Command> s_lull = Gen.Constant((Command)new MirrorCommand.Lull());
    private static readonly Gen<Command> s_race =
        from pick in s_pick from calls in Gen.Choose(1, 4) from sweepCalls in Gen.Choose(4, 12) select (Command)new MirrorCommand.Race(pick, calls, sweepCalls);

    private static readonly Gen<Command> s_overtake =
        from pick in s_pick from calls in Gen.Choose(3, 12) from system in s_system select (Command)new MirrorCommand.Overtake(pick, calls, system);

    /// <summary>Both clocks, by seconds.</summary>
    private static readonly Gen<Command> s_seconds = Together(Gen.Choose(1, 130).Select(seconds => TimeSpan.FromSeconds(seconds)));

    /// <summary>Both clocks, over hours or windows, or just not.</summary>
    private static readonly Gen<Command> s_days = Together(
        from days in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 6)), (2, Gen.Constant(7)), (3, Gen.Constant(30)), (1, Gen.Choose(8, 45)))
        from minutes in Gen.Choose(-60, 240)
        select TimeSpan.FromMinutes(Math.Max(1, (days * 24 * 60) + minutes)));

    private static readonly Gen<Command> s_clocks = Gen.Frequency(
        (6, s_seconds),
        (4, s_days),
        (3, Gen.Elements(20, 31, 61, 130, 700).Select(seconds => (Command)new MirrorCommand.Clocks(TimeSpan.Zero, TimeSpan.FromSeconds(seconds)))),
        (2, Gen.Choose(1, 60_000).Select(minutes => (Command)new MirrorCommand.Clocks(TimeSpan.FromMinutes(minutes), TimeSpan.Zero))),
        (2, Gen.Frequency((3, Gen.Choose(1, 7200)), (1, Gen.Choose(7200, 3_000_000))).Select(seconds => (Command)new MirrorCommand.Clocks(TimeSpan.FromSeconds(-seconds), TimeSpan.Zero))));

    private static readonly Gen<Command> s_year = Gen.Frequency(
        (6, s_converse), (3, s_addCustomer), (5, s_addLead), (7, s_change), (8, s_append), (2, s_close), (10, s_message), (12, s_work), (3, s_twice), (3, s_tick),
        (8, s_sweep), (8, s_resume), (10, s_proceed), (2, s_loseInstance), (3, s_landLate), (1, s_killProcess), (16, s_clocks), (4, s_connect), (2, s_archives), (4, s_fails), (2, s_away), (1, s_lull), (1, s_race), (2, s_disconnect), (3, s_redrive));

    private static readonly Gen<Command> s_writes = Gen.Frequency(
        (3, s_converse), (4, s_addLead), (6, s_change), (10, s_append), (10, s_message), (14, s_work), (8, s_twice), (9, s_resume), (5, s_seconds), (2, s_clocks),
        (6, s_proceed), (4, s_landLate), (2, s_loseInstance), (6, s_fails), (1, s_killProcess), (2, s_connect), (2, s_lull), (4, s_redrive));

    private static readonly Gen<Command> s_replacements = Gen.Frequency(
        (3, s_converse), (3, s_addLead), (6, s_change), (6, s_append), (9, s_message), (14, s_work), (5, s_twice), (9, s_resume), (5, s_seconds),
        (6, s_proceed), (3, s_landLate), (4, s_fails), (9, s_connect), (5, s_archives), (2, s_days), (1, s_sweep), (2, s_lull), (4, s_disconnect), (4, s_redrive), (5, s_overtake));

    private static readonly Gen<Command> s_sweeps = Gen.Frequency(
        (6, s_converse), (3, s_addCustomer), (4, s_addLead), (6, s_change), (7, s_append), (1, s_close), (14, s_sweep), (12, s_resume), (14, s_proceed), (4, s_landLate),
        (16, s_days), (4, s_clocks), (2, s_killProcess), (2, s_away), (1, s_connect), (2, s_work), (4, s_race));

    private static readonly Gen<IReadOnlyList<Command>> s_begun = s_system.Select(system => (IReadOnlyList<Command>)
    [
        new MirrorCommand.Connect(0, system, CrmRole.Main, Course.Whole, 0),
        new MirrorCommand.Converse(0, 0, Course.Whole, 0),
        new MirrorCommand.Proceed(0, 2),
    ]);

    /// <summary>A conversation is refused for good, so that its children are parked; then somebody corrects it.</summary>
    private static readonly IReadOnlyList<Command> s_parked =
    [
        new MirrorCommand.Connect(0, 0, CrmRole.Main, Course.Whole, 0),
        new MirrorCommand.Fails(0, 0, [StandIn.Answer.Refused]),
        new MirrorCommand.Converse(0, 0, Course.Whole, 0),
        new MirrorCommand.Proceed(0, 2),
        new MirrorCommand.AddLead(0, Course.Whole, 0),
        new MirrorCommand.Append(0, Course.Whole, 0),
        new MirrorCommand.Lull(),
    ];

    private static readonly Gen<IReadOnlyList<Command>> s_history = Gen.Frequency(
        (8, Make(s_begun, s_year)),
        (4, Make(s_begun, s_writes)),
        (4, Make(s_begun, s_replacements)),
        (6, Make(s_begun, s_sweeps)),
        (1, Make(Gen.Constant(s_parked), s_writes)),
        (1, Gen.Choose(0, 4).Select(pick => (IReadOnlyList<Command>)[.. s_parked, new MirrorCommand.Change(pick, Course.Whole, 0), new MirrorCommand.Lull()])));

    /// <summary>The one history of a seed.</summary>
    public static IReadOnlyList<Command> Of(ulong seed) => s_history.Sample(1, new Rnd(seed), 50).Single();

    private static Gen<IReadOnlyList<Command>> Make(Gen<IReadOnlyList<Command>> first, Gen<Command> then) =>
        from count in Gen.Choose(20, 60) from beginning in first from rest in then.ListOf(count) select (IReadOnlyList<Command>)[.. beginning, .. rest];

    private static Gen<Command> Together(Gen<TimeSpan> by) => by.Select(span => (Command)new MirrorCommand.Clocks(span, span));

    private static Gen<Command> On(Func<int, Course, int, Command> make) =>
        from pick in s_pick from course in CommandGen.Courses from process in s_process select make(pick, course, process);

    private static Gen<Command> Of(Gen<int> number, Func<int, int, Course, int, Command> make) =>
        from tenant in s_tenant from one in number from course in CommandGen.Courses from process in s_process select make(tenant, one, course, process);
}
