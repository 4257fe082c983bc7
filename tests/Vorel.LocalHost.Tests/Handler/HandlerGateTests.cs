using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Invocation;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Handler;

public sealed class HandlerGateTests
{
    private static readonly HandlerEndpoint s_first = new(new Uri("http://127.0.0.1:1"), "first", 1);
    private static readonly HandlerEndpoint s_second = new(new Uri("http://127.0.0.1:2"), "second", 2);

    private static readonly FunctionDefinition s_function = Function("Work");

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _stops = [];
    private readonly HandlerGate _gate;

    public HandlerGateTests() =>
        _gate = new HandlerGate(new Assignment("durable", [new ScalingGroup("durable", [s_function], IsSingleton: false)]), TimeSpan.FromSeconds(120), _stops.Add, _time);

    [Fact]
    public async Task An_invocation_waits_two_minutes_for_the_handler_and_then_the_host_stops()
    {
        var waiting = _gate.Ready(s_function, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        Assert.Contains("Initialization timed out", Assert.Single(_stops), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invocation_that_waited_for_an_earlier_host_does_not_stop_the_present_one()
    {
        _gate.BeginLife();
        var old = _gate.Ready(s_function, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(100));
        _gate.BeginLife();
        var present = _gate.Ready(s_function, CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAsync<TimeoutException>(() => old);
        Assert.Empty(_stops);

        _time.Advance(TimeSpan.FromSeconds(100));
        await Assert.ThrowsAsync<TimeoutException>(() => present);
        Assert.Single(_stops);
    }

    [Fact]
    public async Task Calls_to_a_handler_that_is_dead_for_good_are_let_through_however_they_end()
    {
        _ = _gate.Open(s_first);
        _gate.Close();
        _gate.Bury(s_first);

        _gate.Restart(s_first);

        Assert.Equal(s_first, await _gate.Ready(s_function, CancellationToken.None));
    }

    [Fact]
    public async Task A_restart_is_asked_for_once_and_only_by_a_call_to_the_handler_that_runs()
    {
        var restart = _gate.Open(s_first);
        _gate.Restart(s_second);
        Assert.False(restart.IsCompleted);
        _gate.Restart(s_first);
        await restart;
        var waiting = _gate.Ready(s_function, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _gate.Close();
        var next = _gate.Open(s_second);
        _gate.Restart(s_first);
        Assert.Equal(s_second, await waiting);
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public async Task It_tells_the_address_for_the_instances_own_functions_alone()
    {
        _ = _gate.Open(s_first);
        Assert.Equal(s_first, await _gate.Ready(s_function, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _gate.Ready(Function("Other"), CancellationToken.None));
    }

    private static FunctionDefinition Function(string name) => new(name, [new FunctionBinding("activityTrigger", "in", "input", [])]);
}
