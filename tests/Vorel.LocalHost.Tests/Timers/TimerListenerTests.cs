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
    public async Task A_schedule_may_be_a_span_or_a_setting()
    {
        Start("%NIGHTLY%");
        await Saved("2026-01-02T03:10:30");
        _time.Advance(TimeSpan.FromMinutes(10));
        await _invoker.Next();
        await Saved("2026-01-02T03:20:30");
    }

    [Fact]
    public async Task RunOnStartup_runs_it_at_once_and_not_past_due()
    {
        Start("0 0 0 * * *", runOnStartup: true);
        Assert.EndsWith("\"IsPastDue\":false}", (await _invoker.Next()).Data["timer"], StringComparison.Ordinal);
        Assert.False(_invoker.HasMore);
    }

    [Fact]
    public async Task A_failed_run_is_repeated_under_a_fixed_retry_and_told_so_and_then_the_schedule_goes_on()
    {
        _invoker.Answer = _ => Task.FromResult(RecordingInvoker.Failure);
        Start("0 */5 * * * *", retry: new RetryRule(2, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20)));
        await Saved("2026-01-02T03:05:00");
        _clock.Advance(TimeSpan.FromSeconds(270));
        Assert.DoesNotContain("RetryContext", (await _invoker.Next()).Metadata.Keys);
        await Eventually.True(() => _time.WaitingTimers > 0, "the first wait");
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(
            """{"RetryCount":1,"MaxRetryCount":2,"Exception":{"ClassName":"Microsoft.Azure.WebJobs.Host.FunctionInvocationException","Message":"Exception while executing function: Functions.Nightly","InnerException":{"Message":"500"}}}""",
            (await _invoker.Next()).Metadata["RetryContext"]);
        await Eventually.True(() => _time.WaitingTimers > 0, "the second wait");
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.StartsWith("{\"RetryCount\":2", (await _invoker.Next()).Metadata["RetryContext"], StringComparison.Ordinal);
        await Saved("2026-01-02T03:10:00");
        Assert.False(_invoker.HasMore);
    }

    [Fact]
    public void Growing_waits_of_a_retry_stay_between_its_intervals()
    {
        var waits = new RetryRule(-1, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60)).Waits();
        Assert.Equal([5, 10, 15, 25, 45, 60, 60], Enumerable.Range(0, 7).Select(_ => waits.After(success: false, 0.5).TotalSeconds));
        Assert.True(new RetryRule(-1, default, default).Allows(1_000_000));
        Assert.False(new RetryRule(0, default, default).Allows(1));
    }

    [Fact]
    public void A_text_that_is_no_schedule_is_refused_by_name() =>
        Assert.Contains("'61 * * * * *'", Assert.Throws<InvalidDataException>(() => TimerSchedule.Parse("61 * * * * *")).Message, StringComparison.Ordinal);

    private Task Saved(string next) => Eventually.True(
        () => _state.Values.TryGetValue("timer-Nightly", out var json) && json.Contains($"\"Next\":\"{next}+00:00\"", StringComparison.Ordinal), $"next at {next}");

    private void Start(string schedule, bool monitor = true, bool runOnStartup = false, RetryRule? retry = null)
    {
        var properties = new JsonObject { ["schedule"] = schedule, ["useMonitor"] = monitor, ["runOnStartup"] = runOnStartup };
        var function = new FunctionDefinition("Nightly", [new FunctionBinding("timerTrigger", "in", "timer", properties)]) { Retry = retry };
        var settings = new AppSettings(new LocalHostOptions
        {
            AppRoot = "", Storage = "", DurableStorage = "", Settings = new Dictionary<string, string> { ["NIGHTLY"] = "00:10:00" },
        });
        _running.Add(Task.Run(() => new TimerListener(function, settings, _clock, _state, _invoker, NullLogger.Instance).Run(_stopping.Token)));
    }
}
