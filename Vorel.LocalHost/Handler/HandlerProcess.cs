using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Handler;

/// <summary>One running process of the handler, with the environment the Functions host documents.</summary>
internal sealed class HandlerProcess : IDisposable
{
    private readonly Process process;
    private readonly ConsoleRelay relay;
    private readonly TaskCompletionSource<int> exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HandlerProcess(ProcessStartInfo start, ConsoleRelay relay, int port, string id)
    {
        this.relay = relay;
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => relay.Out(line.Data);
        process.ErrorDataReceived += (_, line) => relay.Error(line.Data);
        process.Exited += (_, _) => exit.TrySetResult(process.ExitCode);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Endpoint = new HandlerEndpoint(new Uri($"http://127.0.0.1:{port}"), id, process.Id);
    }

    public HandlerEndpoint Endpoint { get; }

    /// <summary>
    /// The last lines that it wrote to standard error before its end. They come through a pipe and may be a moment behind; they are not
    /// waited for longer than that, since a child of the handler may hold the pipe open.
    /// </summary>
    public async Task<string> LastErrors()
    {
        await ((Task)relay.ErrorsEnded.WaitAsync(TimeSpan.FromSeconds(1))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return relay.LastErrors;
    }

    /// <exception cref="HandlerStartException">The program is not there, or may not be executed.</exception>
    public static HandlerProcess Start(
        HandlerDescription description, IReadOnlyDictionary<string, string> settings, Func<string, Uri> clock, ConsoleRelay relay)
    {
        var port = FreePort();
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
            throw new HandlerStartException($"The handler {description.Executable} could not be started: {error.Message}", error);
        }
    }

    /// <summary>
    /// Its end with the exit code; 128 + n after signal n. The process alone counts: a child that keeps the output open
    /// does not keep the handler alive.
    /// </summary>
    public Task<int> Exited => exit.Task;

    /// <summary>SIGKILL, this process alone, no grace: as the real host stops a handler. Waits at most a second for its end.</summary>
    public async Task Kill()
    {
        if (!exit.Task.IsCompleted)
        {
            relay.Silence();
        }

        process.Kill();
        await ((Task)exit.Task.WaitAsync(TimeSpan.FromSeconds(1))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A process that outlives its SIGKILL for more than a second keeps its handle, since its end is still to be reported.</summary>
    public void Dispose()
    {
        if (exit.Task.IsCompleted)
        {
            process.Dispose();
        }
    }

    private static IEnumerable<(string Name, string Value)> Identity(int port, string id, string appRoot, Uri clock)
    {
        yield return ("FUNCTIONS_CUSTOMHANDLER_PORT", $"{port}");
        yield return ("FUNCTIONS_HTTPWORKER_PORT", $"{port}");
        yield return ("FUNCTIONS_CUSTOMHANDLER_WORKER_ID", id);
        yield return ("FUNCTIONS_HTTPWORKER_ID", id);
        yield return ("FUNCTIONS_APP_ROOT_PATH", appRoot);
        yield return ("VOREL_CLOCK_URL", clock.ToString());
    }

    /// <summary>A port that was free a moment ago; the real host leaves the same small race.</summary>
    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
