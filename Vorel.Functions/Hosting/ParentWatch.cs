namespace Vorel.Functions.Hosting;

/// <summary>
/// Ends the process when the host that started it is gone. Linux ties no child to its parent: an orphan would hold its
/// port and go on working beside its successor. The parent is read from <c>/proc</c>; elsewhere nothing is watched.
/// </summary>
internal sealed class ParentWatch(ILogger<ParentWatch> log) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);
    private readonly int? _parent = ReadParent();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval);
        while (_parent is not null && await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (ReadParent() != _parent)
            {
                log.ParentGone();
                Environment.Exit(ExitCodes.ParentGone);
            }
        }
    }

    /// <summary>The parent's process id: the fourth field of <c>stat</c>, counted behind the name in parentheses, which may hold anything.</summary>
    private static int? ReadParent()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var stat = File.ReadAllText("/proc/self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
    }
}
