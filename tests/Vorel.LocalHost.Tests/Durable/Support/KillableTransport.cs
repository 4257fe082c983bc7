namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>At which of a write's two sides a process dies.</summary>
public enum KillSide
{
    /// <summary>The write never reached the storage.</summary>
    Before,

    /// <summary>The write took effect; its answer reached nobody.</summary>
    After,
}

/// <summary>
/// The wire between a hub and its storage. When it is cut, nothing that the hub does has an effect or an end any more: for the
/// world outside that is a SIGKILL.
/// </summary>
internal sealed class KillableTransport(int? killAtWrite = null, KillSide side = KillSide.Before) : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;

    /// <summary>Completes when the hub has died.</summary>
    public Task Killed => _killed.Task;

    public int Writes => Volatile.Read(ref _writes);

    /// <summary>So many of the next writes take effect, but their answers are lost on the way back.</summary>
    public int AnswersToLose { get; set; }

    public void Kill() => _killed.TrySetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_killed.Task.IsCompleted)
        {
            await Nothing(cancellationToken);
        }

        var isLast = request.Method != HttpMethod.Get && Interlocked.Increment(ref _writes) == killAtWrite;
        if (isLast && side == KillSide.Before)
        {
            Kill();
            await Nothing(cancellationToken);
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (isLast)
        {
            Kill();
        }

        if (_killed.Task.IsCompleted)
        {
            response.Dispose();
            await Nothing(cancellationToken);
        }

        if (request.Method != HttpMethod.Get && AnswersToLose > 0)
        {
            AnswersToLose--;
            response.Dispose();
            throw new HttpRequestException("The answer is lost.");
        }

        return response;
    }

    private static Task Nothing(CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
}
