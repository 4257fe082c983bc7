using System.Threading.Channels;

namespace Vorel.LocalHost.Durable.Dispatch;

/// <summary>
/// Work in memory, done by a fixed number of workers. It is only ever a copy of what the table holds: what a stop leaves here comes
/// back at the next start.
/// </summary>
/// <param name="name">What the log calls the work.</param>
/// <param name="concurrency">How many at a time.</param>
/// <param name="quiescence">Told of every item from its arrival to its end.</param>
/// <param name="logger">Gets what a piece of work throws.</param>
internal sealed class WorkQueue<T>(string name, int concurrency, Quiescence quiescence, ILogger logger)
{
    private readonly Channel<T> _items = Channel.CreateUnbounded<T>();

    public void Add(T item)
    {
        quiescence.Enter();
        _items.Writer.TryWrite(item);
    }

    /// <summary>Works until cancelled.</summary>
    public Task Run(Func<T, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Worker(work, cancellationToken)));

    private async Task Worker(Func<T, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in _items.Reader.ReadAllAsync(cancellationToken))
            {
                await Do(work, item, cancellationToken);
                quiescence.Exit();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping: the rows keep what was not done.
        }
    }

    private async Task Do(Func<T, CancellationToken, Task> work, T item, CancellationToken cancellationToken)
    {
        try
        {
            await work(item, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            DurableLogs.WorkFailed(logger, name, error);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // What breaks because everything stops (a call cut off, a connection closed) is done again after the start.
            DurableLogs.WorkCutOff(logger, name, error);
        }
    }
}
