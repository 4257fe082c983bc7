using Vorel.Core.Payloads;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Time;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Storage.Gate;

public sealed class WindowGateTests
{
    [Fact]
    public void No_setting_reaches_what_decides_how_long_rows_live()
    {
        var deciders = typeof(RecordRow).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(RetentionSweep).Namespace || type.Namespace == typeof(RecordRow).Namespace)
            .Concat([typeof(DataClassAttribute), typeof(PayloadTables), typeof(DeliveryIds)])
            .ToList();
        Assert.Contains(typeof(RecordKind), deciders);
        Assert.Contains(deciders, type => type.Name == nameof(RecordPurge));
        Assert.Empty(WindowGate.Violations(deciders, [typeof(Timings)]));
    }

    [Theory]
    [InlineData(typeof(SettableWindow), "SettableWindow.Window can be set.")]
    [InlineData(typeof(InitialisedWindow), "InitialisedWindow.Window can be set.")]
    [InlineData(typeof(MovableWindow), "MovableWindow.s_days can be changed while the process runs.")]
    [InlineData(typeof(ToldWindow), "ToldWindow is told a span, window.")]
    [InlineData(typeof(EnvironmentWindow), "EnvironmentWindow reads Environment.GetEnvironmentVariable.")]
    [InlineData(typeof(SwitchedWindow), "SwitchedWindow reads AppContext.TryGetSwitch.")]
    [InlineData(typeof(ReadWindow), "ReadWindow reads Timings.")]
    public void A_way_in_is_told(Type sample, string sentence) => Assert.Equal([sentence], Violations(sample));

    [Theory]
    [InlineData(typeof(GivenWindow))]
    [InlineData(typeof(LateWindow))]
    [InlineData(typeof(AwaitingWindow))]
    public void One_who_is_given_the_settings_and_reads_them_is_told_both(Type sample) =>
        Assert.Equal([$"{sample.Name} is given Timings.", $"{sample.Name} reads Timings."], Violations(sample).Order());

    [Fact]
    public void A_window_of_the_source_is_let_through() => Assert.Empty(Violations(typeof(ConstantWindow)));

    /// <summary>With what the compiler made of its methods.</summary>
    private static IReadOnlyList<string> Violations(Type sample) => WindowGate.Violations(
        [sample, .. sample.GetNestedTypes(System.Reflection.BindingFlags.NonPublic)], [typeof(Timings)]);

    private sealed class ConstantWindow(Clocks clocks)
    {
        private static readonly TimeSpan s_window = TimeSpan.FromDays(30);

        public TimeSpan Window { get; } = s_window;

        public async Task<DateTimeOffset> EndOf(Task<TimeSpan> age) => clocks.Domain.GetUtcNow() - await age + Window;
    }

    private sealed class SettableWindow
    {
        public TimeSpan Window { get; set; }
    }

    private sealed class InitialisedWindow
    {
        public TimeSpan Window { get; init; }
    }

    private static class MovableWindow
    {
        private static int s_days = 30;

        public static int Widen() => s_days++;
    }

    private sealed class ToldWindow(TimeSpan window)
    {
        public DateTimeOffset EndOf(DateTimeOffset start) => start + window;
    }

    private static class EnvironmentWindow
    {
        public static string? Days() => Environment.GetEnvironmentVariable("VOREL_WINDOW_DAYS");
    }

    private static class SwitchedWindow
    {
        public static bool Wide() => AppContext.TryGetSwitch("Vorel.WideWindows", out var wide) && wide;
    }

    private static class ReadWindow
    {
        public static TimeSpan Window { get; } = new Timings().PoisonRest;
    }

    private sealed class GivenWindow(Timings timings)
    {
        public DateTimeOffset EndOf(DateTimeOffset start) => start + timings.PoisonRest;
    }

    private sealed class LateWindow(Func<Timings> timings)
    {
        public DateTimeOffset EndOf(DateTimeOffset start) => start + timings().PoisonRest;
    }

    private static class AwaitingWindow
    {
        public static async Task<DateTimeOffset> EndOf(DateTimeOffset start, Task<Timings> timings) => start + (await timings).PoisonRest;
    }
}
