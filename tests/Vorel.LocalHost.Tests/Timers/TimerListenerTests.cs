using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Tests.Support;
using Vorel.LocalHost.Timers;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Timers;

public sealed class TimerListenerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 0, 30, TimeSpan.Zero));
    private readonly MemoryState _state = new();
    private readonly RecordingInvoker _invoker = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];
    private DomainClock _clock = null!;

    public Task InitializeAsync()
    {
        _clock = new DomainClock(_time);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    [Fact]
    public async Task It_fires_at_its_occurrence_with_the_documented_payload()
    {
        Start("0 */5 * * * *");
        await Saved("2026-01-02T03:05:00");
        _clock.Advance(TimeSpan.FromSeconds(269));
        Assert.False(_invoker.HasMore);
        _time.Advance(TimeSpan.FromSeconds(1));
        var call = await _invoker.Next();
        Assert.Equal(
            """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"0001-01-01T00:00:00","Next":"2026-01-02T03:05:00+00:00","LastUpdated":"2026-01-02T03:00:30+00:00"},"IsPastDue":false}""",
            call.Data["timer"]);
        await Saved("2026-01-02T03:10:00");
        _clock.Advance(TimeSpan.FromMinutes(4));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains(
            """{"Last":"2026-01-02T03:05:00+00:00","Next":"2026-01-02T03:10:00+00:00","LastUpdated":"2026-01-02T03:05:00+00:00"}""",
            (await _invoker.Next()).Data["timer"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_jump_over_many_occurrences_runs_it_once_and_past_due()
    {
        Start("0 */5 * * * *");
        await Saved("2026-01-02T03:05:00");
        _clock.Advance(TimeSpan.FromHours(14));
        Assert.EndsWith("\"IsPastDue\":true}", (await _invoker.Next()).Data["timer"], StringComparison.Ordinal);
        await Saved("2026-01-02T17:05:00");
        Assert.False(_invoker.HasMore);
    }

    [Fact]
    public async Task What_was_missed_while_the_host_was_down_runs_once_at_the_start_and_past_due()
    {
        _state.Values["timer-Nightly"] =
            """{"Last":"2026-01-01T03:00:00+00:00","Next":"2026-01-01T03:05:00+00:00","LastUpdated":"2026-01-01T03:00:00+00:00"}""";
        Start("0 */5 * * * *");
        Assert.EndsWith("\"IsPastDue\":true}", (await _invoker.Next()).Data["timer"], StringComparison.Ordinal);
        await Saved("2026-01-02T03:05:00");
        Assert.False(_invoker.HasMore);
    }

    [Fact]
    public async Task A_run_that_fails_waits_for_the_next_occurrence_and_runs_never_overlap()
    {
        var first = new TaskCompletionSource<InvocationResult>();
        _invoker.Answer = _ => first.Task;
        Start("0 */5 * * * *");
        await Saved("2026-01-02T03:05:00");
        _clock.Advance(TimeSpan.FromMinutes(5));
        await _invoker.Next();
        _clock.Advance(TimeSpan.FromMinutes(20));
        Assert.False(_invoker.HasMore);
        _invoker.Answer = _ => Task.FromResult(RecordingInvoker.Success);
        first.SetResult(RecordingInvoker.Failure);
        await Saved("2026-01-02T03:30:00");
        Assert.False(_invoker.HasMore);
    }

    [Theory]
    [InlineData("*/10 * * * * *", true)]
    [InlineData("0 */5 * * * *", false)]
    public async Task A_timer_that_is_not_monitored_has_no_status(string schedule, bool monitor)
    {
        Start(schedule, monitor);
        await Eventually.True(() => _time.WaitingTimers > 0, "it waits");
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains("\"ScheduleStatus\":null", (await _invoker.Next()).Data["timer"], StringComparison.Ordinal);
        Assert.Empty(_state.Values);
    }

    [Fact]
    public void A_text_that_is_no_schedule_is_refused_by_name() =>
        Assert.Contains("'61 * * * * *'", Assert.Throws<InvalidDataException>(() => TimerSchedule.Parse("61 * * * * *")).Message, StringComparison.Ordinal);

    private Task Saved(string next) => Eventually.True(
        () => _state.Values.TryGetValue("timer-Nightly", out var json) && json.Contains($"\"Next\":\"{next}+00:00\"", StringComparison.Ordinal), $"next at {next}");

    private void Start(string schedule, bool monitor = true)
    {
        var properties = new JsonObject { ["schedule"] = schedule, ["useMonitor"] = monitor };
        var function = new FunctionDefinition("Nightly", [new FunctionBinding("timerTrigger", "in", "timer", properties)]);
        var settings = new AppSettings(new LocalHostOptions { AppRoot = "", Storage = "", DurableStorage = "" });
        _running.Add(Task.Run(() => new TimerListener(function, settings, _clock, _state, _invoker, NullLogger.Instance).Run(_stopping.Token)));
    }
}
