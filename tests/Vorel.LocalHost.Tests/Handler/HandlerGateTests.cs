using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Handler;

public sealed class HandlerGateTests : IDisposable
{
    private static readonly HandlerEndpoint s_first = new(new Uri("http://127.0.0.1:1"), "first", 1);
    private static readonly HandlerEndpoint s_second = new(new Uri("http://127.0.0.1:2"), "second", 2);

    private readonly TestApp _app = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly HostStop _stop;
    private readonly HandlerGate _gate;

    public HandlerGateTests()
    {
        _stop = new HostStop(_lifetime, NullLogger<HostStop>.Instance);
        _gate = new HandlerGate(_app.Configuration, _stop, _time);
    }

    public void Dispose() => _app.Dispose();

    [Fact]
    public async Task An_invocation_waits_two_minutes_for_the_handler_and_then_the_host_stops()
    {
        var waiting = _gate.Ready(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        Assert.Equal(1, _stop.ExitCode);
        Assert.True(_lifetime.ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task A_restart_is_asked_for_once_and_only_by_a_call_to_the_handler_that_runs()
    {
        var restart = _gate.Open(s_first);
        _gate.Restart(s_second);
        Assert.False(restart.IsCompleted);
        _gate.Restart(s_first);
        await restart;
        var waiting = _gate.Ready(CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _gate.Close();
        var next = _gate.Open(s_second);
        _gate.Restart(s_first);
        Assert.Equal(s_second, await waiting);
        Assert.False(next.IsCompleted);
    }
}
