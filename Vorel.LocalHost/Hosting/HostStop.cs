namespace Vorel.LocalHost.Hosting;

/// <summary>Ends the local host because it cannot go on, with a reason and a non-zero exit code.</summary>
internal sealed class HostStop(IHostApplicationLifetime lifetime, ILogger<HostStop> logger)
{
    /// <summary>How long calls under way may go on when the host stops, however it stops.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);

    private int _stopped;

    /// <summary>0 after an orderly stop, 1 after <see cref="Now"/>.</summary>
    public int ExitCode => _stopped;

    public void Now(string reason)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            Logs.HostStops(logger, reason);
            lifetime.StopApplication();
        }
    }
}
