using FsCheck;
using FsCheck.Fluent;

namespace Vorel.Core.Tests.Model;

/// <summary>Makes commands of every kind.</summary>
internal static class CommandGen
{
    private static readonly string[][] s_events =
    [
        ["conversation.created", "lead.created", "lead.updated", "lead.qualified"],
        ["lead.created", "lead.qualified"],
        ["lead.updated"],
        ["conversation.created", "booking.created"],
    ];

    private static readonly Receivers.Answer[] s_failures =
        [Receivers.Answer.ServerError, Receivers.Answer.Busy, Receivers.Answer.Timeout, Receivers.Answer.Reset];

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

    /// <summary>How far operations go: most to their end.</summary>
    public static Gen<Course> Courses { get; } = Gen.Frequency(
        (3, Gen.Constant(Course.Whole)), (2, from calls in Gen.Choose(0, 13) from fate in s_fate select new Course(calls, fate)));

    private static readonly Gen<Receivers.Answer> s_answer = Gen.Frequency(
        (4, Gen.Constant(Receivers.Answer.Ok)),
        (9, Gen.Elements(s_failures)),
        (1, Gen.Elements(Receivers.Answer.BadRequest, Receivers.Answer.Gone)));

    /// <summary>To some events, with a receiver that says this and that.</summary>
    public static Gen<Command> Subscribe { get; } =
        from tenant in s_tenant
        from events in Gen.Frequency((3, Gen.Constant(s_events[0])), (2, Gen.Elements(s_events)))
        from count in Gen.Elements(0, 1, 4, 12)
        from answers in s_answer.ListOf(count)
        select (Command)new Command.Subscribe(tenant, events, [.. answers]);

    /// <summary>To all events, with a receiver that fails for long.</summary>
    public static Gen<Command> SubscribeInVain { get; } =
        from count in Gen.Choose(5, 24)
        from answers in Gen.Frequency((14, Gen.Elements(s_failures)), (1, Gen.Constant(Receivers.Answer.Gone))).ListOf(count)
        select (Command)new Command.Subscribe(0, s_events[0], [.. answers]);

    public static Gen<Command> Unsubscribe { get; } =
        from pick in s_pick
        from deletes in Gen.Elements(true, false)
        from course in Courses
        from process in s_process
        select (Command)new Command.Unsubscribe(pick, deletes, course, process);

    public static Gen<Command> Converse { get; } =
        from tenant in s_tenant
        from customer in Gen.Choose(0, 3)
        from key in s_key
        from course in Courses
        from process in s_process
        select (Command)new Command.Converse(tenant, customer, key, course, process);

    /// <summary>One that nothing breaks.</summary>
    public static Gen<Command> ConverseWell { get; } =
        Gen.Choose(0, 3).Select(customer => (Command)new Command.Converse(0, customer, null, Course.Whole, 0));

    public static Gen<Command> AddLead { get; } = Write((pick, name, status, key, course, process) => new Command.AddLead(pick, name, status, key, course, process));

    public static Gen<Command> Change { get; } = Write((pick, name, status, key, course, process) => new Command.Change(pick, name ?? "name-0", status, key, course, process));

    public static Gen<Command> Repeat { get; } =
        from other in Gen.Elements(false, false, true)
        from command in Operation((pick, course, process) => new Command.Repeat(pick, other, course, process))
        select command;

    public static Gen<Command> Message { get; } = Operation((pick, course, process) => new Command.Message(pick, course, process));

    public static Gen<Command> Work { get; } = Operation((pick, course, process) => new Command.Work(pick, course, process));

    public static Gen<Command> Twice { get; } =
        from calls in Gen.Choose(0, 7)
        from command in Operation((pick, course, process) => new Command.Double(pick, calls, course, process))
        select command;

    public static Gen<Command> Tick { get; } = Operation((_, course, process) => new Command.Tick(course, process));

    public static Gen<Command> Resume { get; } = Operation((pick, course, _) => new Command.Resume(pick, course));

    public static Gen<Command> Proceed { get; } = s_process.Select(process => (Command)new Command.Proceed(process));

    public static Gen<Command> LoseInstance { get; } = s_pick.Select(pick => (Command)new Command.LoseInstance(pick));

    public static Gen<Command> LandLate { get; } = s_pick.Select(pick => (Command)new Command.LandLate(pick));

    public static Gen<Command> KillProcess { get; } = s_process.Select(process => (Command)new Command.KillProcess(process));

    public static Gen<Command> CrmFails { get; } =
        from tenant in s_tenant
        from count in Gen.Choose(1, 4)
        from answers in Gen.Elements(Enum.GetValues<CrmStandIn.Answer>()).ListOf(count)
        select (Command)new Command.CrmFails(tenant, [.. answers]);

    /// <summary>Both clocks, by seconds.</summary>
    public static Gen<Command> Seconds { get; } = Together(Gen.Choose(1, 90).Select(seconds => TimeSpan.FromSeconds(seconds)));

    /// <summary>Both clocks, by what the ladder waits for, or just not.</summary>
    public static Gen<Command> Rung { get; } = Together(
        from wait in Gen.Elements(60, 300, 1800, 7200, 43200)
        from more in Gen.Elements(-1, 0, 0, 1)
        select TimeSpan.FromSeconds(wait + more));

    /// <summary>The real clock alone: budgets, visibilities and claims run out.</summary>
    public static Gen<Command> RealSeconds { get; } =
        Gen.Elements(6, 20, 31, 61, 130, 700).Select(seconds => (Command)new Command.Clocks(TimeSpan.Zero, TimeSpan.FromSeconds(seconds)));

    /// <summary>The clocks in any way.</summary>
    public static Gen<Command> Clocks { get; } = Gen.Frequency(
        (6, Seconds),
        (4, Together(Gen.Choose(1, 40).Select(minutes => TimeSpan.FromMinutes(minutes)))),
        (2, Together(Gen.Choose(1, 13).Select(hours => TimeSpan.FromHours(hours)))),
        (3, RealSeconds),
        (2, Gen.Choose(1, 780).Select(minutes => (Command)new Command.Clocks(TimeSpan.FromMinutes(minutes), TimeSpan.Zero))),
        (1, Gen.Choose(1, 300).Select(seconds => (Command)new Command.Clocks(TimeSpan.FromSeconds(-seconds), TimeSpan.Zero))));

    private static Gen<Command> Together(Gen<TimeSpan> by) => by.Select(span => (Command)new Command.Clocks(span, span));

    private static Gen<Command> Operation(Func<int, Course, int, Command> make) =>
        from pick in s_pick from course in Courses from process in s_process select make(pick, course, process);

    private static Gen<Command> Write(Func<int, string?, string?, string?, Course, int, Command> make) =>
        from name in s_name
        from status in s_status
        from key in s_key
        from command in Operation((pick, course, process) => make(pick, name, status, key, course, process))
        select command;
}
