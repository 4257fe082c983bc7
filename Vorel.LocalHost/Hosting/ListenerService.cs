namespace Vorel.LocalHost.Hosting;

/// <summary>Runs listeners until the host stops. One that fails stops the host at once, whatever the others do.</summary>
/// <param name="kind">What the log calls them.</param>
/// <param name="stop">Ends the host.</param>
/// <param name="loggers">Makes the log.</param>
internal abstract class ListenerService(string kind, HostStop stop, ILoggerFactory loggers) : BackgroundService
{
    protected ILogger Logger { get; } = loggers.CreateLogger("host");

    /// <summary>The listeners, each a method that runs until it is cancelled.</summary>
    protected abstract IEnumerable<Func<CancellationToken, Task>> Listeners();

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(Listeners().ToList().Select(listen => Watch(listen, stoppingToken)));
            Logs.ListenersStopped(Logger, kind);
        }
        catch (InvalidDataException error)
        {
            stop.Now($"The {kind} cannot start: {error.Message}"); // A setting or a line of function.json cannot be used.
        }
    }

    private async Task Watch(Func<CancellationToken, Task> listen, CancellationToken stoppingToken)
    {
        try
        {
            await listen(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // This is how a listener ends.
        }
        catch (Exception error)
        {
            stop.Now($"One of the {kind} failed: {error.Message}");
        }
    }
}
