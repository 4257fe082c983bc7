using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Handler;

public sealed class HandlerGateTests : IDisposable
{
    private static readonly HandlerEndpoint First = new(new Uri("http://127.0.0.1:1"), "first", 1);
    private static readonly HandlerEndpoint Second = new(new Uri("http://127.0.0.1:2"), "second", 2);

    private readonly TestApp app = new();
    private readonly FakeTimeProvider time = new();
    private readonly ApplicationLifetime lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly HostStop stop;
    private readonly HandlerGate gate;

    public HandlerGateTests()
    {
        stop = new HostStop(lifetime, NullLogger<HostStop>.Instance);
        gate = new HandlerGate(app.Configuration, stop, time);
    }

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task An_invocation_waits_two_minutes_for_the_handler_and_then_the_host_stops()
    {
        var waiting = gate.Ready(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(119));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        Assert.Equal(1, stop.ExitCode);
        Assert.True(lifetime.ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task A_restart_is_asked_for_once_and_only_by_a_call_to_the_handler_that_runs()
    {
        var restart = gate.Open(First);
        gate.Restart(Second);
        Assert.False(restart.IsCompleted);
        gate.Restart(First);
        await restart;
        var waiting = gate.Ready(CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        gate.Close();
        var next = gate.Open(Second);
        gate.Restart(First);
        Assert.Equal(Second, await waiting);
        Assert.False(next.IsCompleted);
    }
}
