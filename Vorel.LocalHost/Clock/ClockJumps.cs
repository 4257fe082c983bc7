using System.Text.Json;
using Vorel.LocalHost.Hosting;

namespace Vorel.LocalHost.Clock;

/// <summary>
/// Moves the domain clock: the offset is stored first, then the handlers learn of it, and only when each of them lives by
/// it do the host's own timers follow. A handler that was told to work by the new time never still reads the old one.
/// </summary>
internal sealed class ClockJumps(DomainClock clock, ClockAudience audience, IHostState state, Lazy<INextTimer?> timers, IHostApplicationLifetime lifetime) : IDisposable
{
    private const string Key = "clock";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Takes over the offset of an earlier run; called once, before anything reads the clock.</summary>
    public async Task Restore(CancellationToken cancellationToken)
    {
        if (await state.Load(Key, cancellationToken) is { } text && JsonSerializer.Deserialize(text, ClockJson.Default.ClockOffset) is { } earlier)
        {
            clock.Restore(new DomainClock.Reading(TimeSpan.FromMilliseconds(earlier.OffsetMs), earlier.Generation));
        }

        audience.Publish(clock.Now);
    }

    /// <summary>Jumps by a span.</summary>
    public Task<ClockJump> By(TimeSpan by, CancellationToken cancellationToken) => Jump(_ => Task.FromResult<TimeSpan?>(by), cancellationToken);

    /// <summary>Jumps to the next Durable timer; null where none waits.</summary>
    public async Task<ClockJump?> ToNextTimer(CancellationToken cancellationToken)
    {
        var jump = await Jump(
            async token => timers.Value is { } source && await source.Next(token) is { } due ? Until(due) : null,
            cancellationToken);
        return jump.Moved ? jump : null;
    }

    public void Dispose() => _one.Dispose();

    private TimeSpan Until(DateTimeOffset due)
    {
        var left = due - clock.GetUtcNow();
        return left <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
    }

    private async Task<ClockJump> Jump(Func<CancellationToken, Task<TimeSpan?>> distance, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (await distance(cancellationToken) is not { } by)
            {
                return new ClockJump(clock.GetUtcNow(), TimeSpan.Zero, clock.Generation, Moved: false, Complete: true);
            }

            var now = clock.Now;
            var next = new DomainClock.Reading(now.Offset + by, now.Generation + 1);
            await state.Save(Key, JsonSerializer.Serialize(ClockOffset.Of(next), ClockJson.Default.ClockOffset), cancellationToken);
            audience.Publish(next);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping); // Or a stop would wait for this.
            patience.CancelAfter(s_patience);
            var heard = audience.Acknowledged(next.Generation, patience.Token);
            await heard.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            clock.Advance(by);
            return new ClockJump(clock.GetUtcNow(), by, next.Generation, Moved: true, heard.IsCompletedSuccessfully);
        }
        finally
        {
            _one.Release();
        }
    }
}
