using System.ComponentModel;
using System.Diagnostics;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Handler;

/// <summary>One running process of the handler, with the environment the Functions host documents.</summary>
internal sealed class HandlerProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConsoleRelay _relay;
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HandlerProcess(ProcessStartInfo start, ConsoleRelay relay, int port, string id)
    {
        _relay = relay;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => relay.Out(line.Data);
        _process.ErrorDataReceived += (_, line) => relay.Error(line.Data);
        _process.Exited += (_, _) => _exit.TrySetResult(_process.ExitCode);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Endpoint = new HandlerEndpoint(new Uri($"http://127.0.0.1:{port}"), id, _process.Id);
    }

    public HandlerEndpoint Endpoint { get; }

    /// <summary>
    /// The last lines that it wrote to standard error before its end. They come through a pipe and may be a moment behind; they are not
    /// waited for longer than that, since a child of the handler may hold the pipe open.
    /// </summary>
    public async Task<string> LastErrors()
    {
        await ((Task)_relay.ErrorsEnded.WaitAsync(TimeSpan.FromSeconds(1))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _relay.LastErrors;
    }

    /// <exception cref="HandlerStartException">The program is not there, or may not be executed.</exception>
    public static HandlerProcess Start(
        HandlerDescription description, IReadOnlyDictionary<string, string> settings, Func<string, Uri> clock, ConsoleRelay relay)
    {
        var port = LoopbackPorts.Free(); // The real host leaves the same small race.
        var id = Guid.NewGuid().ToString();
        var start = new ProcessStartInfo(description.Executable, description.Arguments)
        {
            WorkingDirectory = description.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        foreach (var (name, value) in Identity(port, id, description.AppRoot, clock(id)))
        {
            start.Environment[name] = value;
        }

        try
        {
            return new HandlerProcess(start, relay, port, id);
        }
        catch (Win32Exception error)
        {
            var why = IsWithoutExecutableBit(description.Executable) ? "it has no executable bit (chmod +x)" : error.Message;
            throw new HandlerStartException($"The handler {description.Executable} could not be started: {why}", error);
        }
    }

    /// <summary>
    /// Its end with the exit code; 128 + n after signal n. The process alone counts: a child that keeps the output open
    /// does not keep the handler alive.
    /// </summary>
    public Task<int> Exited => _exit.Task;

    /// <summary>SIGKILL, this process alone, no grace: as the real host stops a handler. Waits at most a second for its end.</summary>
    public async Task Kill()
    {
        if (!_exit.Task.IsCompleted)
        {
            _relay.Silence();
        }

        _process.Kill();
        await ((Task)_exit.Task.WaitAsync(TimeSpan.FromSeconds(1))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A process that outlives its SIGKILL for more than a second keeps its handle, since its end is still to be reported.</summary>
    public void Dispose()
    {
        if (_exit.Task.IsCompleted)
        {
            _process.Dispose();
        }
    }

    private static bool IsWithoutExecutableBit(string program) => !OperatingSystem.IsWindows() && File.Exists(program)
        && (File.GetUnixFileMode(program) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == UnixFileMode.None;

    private static IEnumerable<(string Name, string Value)> Identity(int port, string id, string appRoot, Uri clock)
    {
        yield return ("FUNCTIONS_CUSTOMHANDLER_PORT", $"{port}");
        yield return ("FUNCTIONS_HTTPWORKER_PORT", $"{port}");
        yield return ("FUNCTIONS_CUSTOMHANDLER_WORKER_ID", id);
        yield return ("FUNCTIONS_HTTPWORKER_ID", id);
        yield return ("FUNCTIONS_APP_ROOT_PATH", appRoot);
        yield return ("VOREL_CLOCK_URL", clock.ToString());
    }
}
