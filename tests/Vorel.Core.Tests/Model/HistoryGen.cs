using FsCheck;
using FsCheck.Fluent;

namespace Vorel.Core.Tests.Model;

/// <summary>Makes histories: most of what they do is what goes on all day, and enough of it breaks.</summary>
internal static class HistoryGen
{
    private static readonly string[][] s_events =
    [
        ["conversation.created", "lead.created", "lead.updated", "lead.qualified"],
        ["lead.created", "lead.qualified"],
        ["lead.updated"],
        ["conversation.created", "booking.created"],
    ];

    private static readonly Gen<int> s_pick = Gen.Choose(0, 11);
    private static readonly Gen<int> s_process = Gen.Choose(0, Stage.Processes - 1);
    private static readonly Gen<int> s_tenant = Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Constant(1)));
    private static readonly Gen<string?> s_key = Gen.Elements(null, null, "key-1", "key-2");
    private static readonly Gen<string?> s_name = Gen.Choose(0, 99).Select(number => number < 30 ? null : $"name-{number}");
    private static readonly Gen<string?> s_status = Gen.Elements(null, null, "new", "qualified", "lost");

    private static readonly Gen<Fate> s_fate = Gen.Frequency(
        (6, Gen.Constant(Fate.Held)),
        (6, Gen.Constant(Fate.HeldAfter)),
        (2, Gen.Constant(Fate.Refused)),
        (3, Gen.Constant(Fate.Lost)),
        (3, Gen.Constant(Fate.Late)),
        (1, Gen.Constant(Fate.Killed)),
        (2, Gen.Constant(Fate.KilledAfter)),
        (1, Gen.Constant(Fate.KilledLate)));

    private static readonly Gen<Course> s_course = Gen.Frequency(
        (3, Gen.Constant(Course.Whole)), (2, from calls in Gen.Choose(0, 15) from fate in s_fate select new Course(calls, fate)));

    private static readonly Gen<Receivers.Answer> s_answer = Gen.Frequency(
        (4, Gen.Constant(Receivers.Answer.Ok)),
        (9, Gen.Elements(Receivers.Answer.ServerError, Receivers.Answer.Busy, Receivers.Answer.Timeout, Receivers.Answer.Reset)),
        (1, Gen.Elements(Receivers.Answer.BadRequest, Receivers.Answer.Gone)));

    private static readonly Gen<Command> s_subscribe =
        from tenant in s_tenant
        from events in Gen.Frequency((3, Gen.Constant(s_events[0])), (2, Gen.Elements(s_events)))
        from count in Gen.Elements(0, 1, 4, 12)
        from answers in s_answer.ListOf(count)
        select (Command)new Command.Subscribe(tenant, events, [.. answers]);

    private static readonly Gen<Command> s_clocks = Gen.Frequency(
        (6, Together(Gen.Choose(1, 90).Select(seconds => TimeSpan.FromSeconds(seconds)))),
        (4, Together(Gen.Choose(1, 40).Select(minutes => TimeSpan.FromMinutes(minutes)))),
        (2, Together(Gen.Choose(1, 13).Select(hours => TimeSpan.FromHours(hours)))),
        (3, Gen.Elements(20, 31, 61, 130, 700).Select(seconds => (Command)new Command.Clocks(TimeSpan.Zero, TimeSpan.FromSeconds(seconds)))),
        (2, Gen.Choose(1, 780).Select(minutes => (Command)new Command.Clocks(TimeSpan.FromMinutes(minutes), TimeSpan.Zero))),
        (1, Gen.Choose(1, 300).Select(seconds => (Command)new Command.Clocks(TimeSpan.FromSeconds(-seconds), TimeSpan.Zero))));

    private static readonly Gen<Command> s_command = Gen.Frequency(
        (6, from tenant in s_tenant
            from customer in Gen.Choose(0, 3)
            from key in s_key
            from course in s_course
            from process in s_process
            select (Command)new Command.Converse(tenant, customer, key, course, process)),
        (7, Write((pick, name, status, key, course, process) => new Command.AddLead(pick, name, status, key, course, process))),
        (7, Write((pick, name, status, key, course, process) => new Command.Change(pick, name ?? "name-0", status, key, course, process))),
        (4, from pick in s_pick
            from other in Gen.Elements(false, false, true)
            from course in s_course
            from process in s_process
            select (Command)new Command.Repeat(pick, other, course, process)),
        (14, Operation((pick, course, process) => new Command.Message(pick, course, process))),
        (16, Operation((pick, course, process) => new Command.Work(pick, course, process))),
        (4, from calls in Gen.Choose(0, 7)
            from command in Operation((pick, course, process) => new Command.Double(pick, calls, course, process))
            select command),
        (3, Operation((_, course, process) => new Command.Tick(course, process))),
        (9, Operation((pick, course, _) => new Command.Resume(pick, course))),
        (6, s_process.Select(process => (Command)new Command.Proceed(process))),
        (2, s_pick.Select(pick => (Command)new Command.LoseInstance(pick))),
        (4, s_pick.Select(pick => (Command)new Command.LandLate(pick))),
        (1, s_process.Select(process => (Command)new Command.KillProcess(process))),
        (14, s_clocks),
        (2, s_subscribe),
        (2, from pick in s_pick from deletes in Gen.Elements(true, false) select (Command)new Command.Unsubscribe(pick, deletes)),
        (3, from tenant in s_tenant
            from count in Gen.Choose(1, 4)
            from answers in Gen.Elements(Enum.GetValues<CrmStandIn.Answer>()).ListOf(count)
            select (Command)new Command.CrmFails(tenant, [.. answers])));

    private static readonly Gen<IReadOnlyList<Command>> s_history =
        from count in Gen.Choose(20, 60)
        from subscriptions in s_subscribe.ListOf(2)
        from commands in s_command.ListOf(count - 2)
        select (IReadOnlyList<Command>)[.. subscriptions, .. commands];

    /// <summary>The one history of a seed.</summary>
    public static IReadOnlyList<Command> Of(ulong seed) => s_history.Sample(1, new Rnd(seed), 50).Single();

    private static Gen<Command> Together(Gen<TimeSpan> by) => by.Select(span => (Command)new Command.Clocks(span, span));

    private static Gen<Command> Operation(Func<int, Course, int, Command> make) =>
        from pick in s_pick from course in s_course from process in s_process select make(pick, course, process);

    private static Gen<Command> Write(Func<int, string?, string?, string?, Course, int, Command> make) =>
        from pick in s_pick
        from name in s_name
        from status in s_status
        from key in s_key
        from course in s_course
        from process in s_process
        select make(pick, name, status, key, course, process);
}
