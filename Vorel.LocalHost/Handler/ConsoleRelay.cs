namespace Vorel.LocalHost.Handler;

/// <summary>Passes the handler's output on, line by line, at the level the real host gives it.</summary>
internal sealed class ConsoleRelay(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Queue<string> _errors = [];
    private readonly TaskCompletionSource _errorsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _silent;

    /// <summary>The last three error lines, for the message about the handler's end.</summary>
    public string LastErrors
    {
        get
        {
            lock (_gate)
            {
                return string.Join(" | ", _errors);
            }
        }
    }

    /// <summary>Completes when standard error is closed: the last error line has been passed on.</summary>
    public Task ErrorsEnded => _errorsEnded.Task;

    /// <summary>Passes nothing on any more: what a killed process left in its pipes is of no use.</summary>
    public void Silence() => _silent = true;

    public void Out(string? line)
    {
        if (line is not null)
        {
            Pass(IsReserved(line) ? LogLevel.Debug : LogLevel.Information, line);
        }
    }

    public void Error(string? line)
    {
        if (line is null)
        {
            _errorsEnded.TrySetResult();
            return;
        }

        if (IsReserved(line))
        {
            Pass(LogLevel.Debug, line);
            return;
        }

        if (line.Contains("warn", StringComparison.OrdinalIgnoreCase))
        {
            Pass(LogLevel.Warning, line);
            return;
        }

        lock (_gate)
        {
            _errors.Enqueue(line);
            if (_errors.Count > 3)
            {
                _errors.Dequeue();
            }
        }

        Pass(LogLevel.Error, line);
    }

    private void Pass(LogLevel level, string line)
    {
        if (!_silent)
        {
            Logs.HandlerLine(logger, level, line);
        }
    }

    /// <summary>Lines with these beginnings belong to the host's own log or to tooling, not to the user's.</summary>
    private static bool IsReserved(string line) =>
        line.StartsWith("LanguageWorkerConsoleLog", StringComparison.OrdinalIgnoreCase)
        || line.StartsWith("azfuncjsonlog:", StringComparison.OrdinalIgnoreCase);
}
