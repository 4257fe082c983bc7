using System.ComponentModel;
using System.Diagnostics;

namespace Vorel.LocalHost.Development;

/// <summary>A process that this one started, ends, and answers for. Its output is handed on line by line.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>Longer than a local host needs at worst, whose parts stop one after the other: killed half way, it would orphan its handler.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private bool _disposed;

    private ChildProcess(Process process) => _process = process;

    /// <summary>The process id, which stays known after the end.</summary>
    public int Id { get; private init; }

    /// <summary>True once the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a process. Its standard input is closed, so that it never waits for a person.</summary>
    /// <param name="fileName">The executable.</param>
    /// <param name="arguments">Its arguments, unquoted.</param>
    /// <param name="environment">Variables added to this process's own.</param>
    /// <param name="onLine">Called for every line of output and error output.</param>
    /// <exception cref="DevelopmentException">There is no such program, or it may not be executed.</exception>
    public static ChildProcess Start(
        string fileName,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        Action<string> onLine)
    {
        var info = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        var process = new Process { StartInfo = info };
        process.OutputDataReceived += (_, e) => Pass(e.Data);
        process.ErrorDataReceived += (_, e) => Pass(e.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            process.Dispose();
            throw new DevelopmentException($"{fileName} could not be started: {error.Message}", error);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildProcess(process) { Id = process.Id };

        void Pass(string? line)
        {
            if (!string.IsNullOrEmpty(line))
            {
                onLine(line);
            }
        }
    }

    /// <summary>Waits for the end and gives the exit code (137 after SIGKILL, as shells count).</summary>
    public async Task<int> WaitForExit(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL, at once, to this process alone: what the platform and a crash do.</summary>
    public async Task<int> Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        return await WaitForExit(CancellationToken.None);
    }

    /// <summary>SIGTERM, then SIGKILL for one that does not end within 15 seconds.</summary>
    public async Task Stop()
    {
        if (!PosixSignal.Terminate(_process))
        {
            return;
        }

        using var grace = new CancellationTokenSource(s_grace);
        try
        {
            await _process.WaitForExitAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            await Kill();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await Stop();
        _process.Dispose();
    }
}
