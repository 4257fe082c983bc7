using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.LocalHost.Hosting;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Hosting;

public sealed class ListenerServiceTests : IDisposable
{
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly HostStop _stop;

    public ListenerServiceTests() => _stop = new HostStop(_lifetime, NullLogger<HostStop>.Instance);

    public void Dispose() => _lifetime.StopApplication();

    [Fact]
    public async Task A_listener_that_fails_stops_the_host_although_the_others_go_on()
    {
        using var service = new Listening(_stop, token => Task.Delay(Timeout.Infinite, token), _ => throw new InvalidOperationException("broken"));
        await service.StartAsync(CancellationToken.None);
        await Eventually.True(() => _stop.ExitCode == 1, "the stop");
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_stop_waits_for_what_listeners_have_under_way_and_is_no_failure()
    {
        var drained = false;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var service = new Listening(_stop, async token =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Yield();
            drained = true;
            token.ThrowIfCancellationRequested();
        });
        await service.StartAsync(CancellationToken.None);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await service.StopAsync(CancellationToken.None);
        Assert.True(drained);
        Assert.Equal(0, _stop.ExitCode);
    }

    private sealed class Listening(HostStop stop, params Func<CancellationToken, Task>[] listeners)
        : ListenerService("listeners", stop, NullLoggerFactory.Instance)
    {
        protected override IEnumerable<Func<CancellationToken, Task>> Listeners() => listeners;
    }
}
