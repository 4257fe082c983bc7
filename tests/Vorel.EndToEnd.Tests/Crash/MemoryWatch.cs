using System.Diagnostics;
using Vorel.EndToEnd.Tests.Infrastructure;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>Looks every quarter of a second at how much memory all handler processes hold (resident set).</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private readonly TestStack _stack;
    private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(250));
    private readonly Task _watching;

    public MemoryWatch(TestStack stack)
    {
        _stack = stack;
        Before = Peak = Now();
        _watching = Watch();
    }

    /// <summary>In bytes, when the watch began.</summary>
    public long Before { get; }

    /// <summary>In bytes, the most that was seen.</summary>
    public long Peak { get; private set; }

    /// <summary>In bytes.</summary>
    public long Now() => _stack.Host.CurrentAddresses().Handlers.Sum(handler =>
    {
        using var process = Process.GetProcessById(handler.ProcessId);
        return process.WorkingSet64;
    });

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _watching;
    }

    private async Task Watch()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            Peak = Math.Max(Peak, Now());
        }
    }
}
