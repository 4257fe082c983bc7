using System.Buffers;

namespace Vorel.LocalHost.Http.Proxying;

/// <summary>Ends a proxied call when no byte has moved for some time, in either direction, or when one of the given tokens ends it.</summary>
internal sealed class ActivityTimeout : IDisposable
{
    private const int BufferSize = 65_536;
    private readonly TimeSpan _longest;
    private readonly CancellationTokenSource _idle;
    private readonly CancellationTokenSource _any;

    public ActivityTimeout(TimeSpan longest, params ReadOnlySpan<CancellationToken> others)
    {
        _longest = longest;
        _idle = new CancellationTokenSource(longest);
        _any = CancellationTokenSource.CreateLinkedTokenSource([_idle.Token, .. others]);
    }

    /// <summary>Ends the call.</summary>
    public CancellationToken Token => _any.Token;

    /// <summary>True where the silence was too long.</summary>
    public bool HasRunOut => _idle.IsCancellationRequested;

    /// <summary>Ends the call now.</summary>
    public Task End() => _any.CancelAsync();

    /// <summary>Something moved.</summary>
    public void Reset() => _idle.CancelAfter(_longest);

    /// <summary>Copies to the end, each piece as soon as it is there.</summary>
    public async Task Copy(Stream from, Stream to)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int count;
            while ((count = await from.ReadAsync(buffer, Token)) > 0)
            {
                Reset();
                await to.WriteAsync(buffer.AsMemory(0, count), Token);
                await to.FlushAsync(Token);
                Reset();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        _any.Dispose();
        _idle.Dispose();
    }
}
