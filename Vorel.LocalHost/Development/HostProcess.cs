using System.Text.Json;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Development;

/// <summary>The local host as a process of its own, started with the <c>host</c> verb.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;
    private readonly string _readyFile;

    private HostProcess(ChildProcess process, string readyFile, StackAddresses addresses)
    {
        _process = process;
        _readyFile = readyFile;
        Addresses = addresses;
    }

    /// <summary>Where it listens, and the processes' ids, when it came up.</summary>
    public StackAddresses Addresses { get; }

    /// <summary>The same now: the handler's part changes when the host starts it again.</summary>
    public StackAddresses CurrentAddresses() => Read(File.ReadAllBytes(_readyFile), _readyFile);

    /// <summary>The host's process id.</summary>
    public int Id => _process.Id;

    /// <summary>True once the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts the host and waits until it and all its handlers answer.</summary>
    /// <exception cref="DevelopmentException">It ended, or did not come up in time.</exception>
    public static async Task<HostProcess> Start(HostOptions options, Action<string> onLine, CancellationToken cancellationToken)
    {
        File.Delete(options.ReadyFile);
        var process = ChildProcess.Start(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                options.HostAssembly, "host",
                "--app-root", options.AppRoot,
                "--storage", options.ConnectionString,
                "--durable-storage", options.DurableConnectionString ?? options.ConnectionString,
                "--port", options.Port.ToString(),
                "--sandbox-port", options.SandboxPort.ToString(),
                "--instances", options.Instances.ToString(),
                "--ready-file", options.ReadyFile,
                .. options.RecordHistories is { } folder ? (string[])["--record-histories", folder] : [],
                .. options.HttpMode is { } mode ? (string[])["--http-mode", mode.ToString()] : [],
                .. options.DurableChaos is { } chaos ? (string[])["--durable-chaos", chaos] : [],
            ],
            options.Settings,
            onLine);
        try
        {
            return new HostProcess(process, options.ReadyFile, await UntilReady(process, options.ReadyFile, cancellationToken));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    public Task<int> WaitForExit(CancellationToken cancellationToken) => _process.WaitForExit(cancellationToken);

    /// <summary>SIGKILL to the host alone; its handler notices and ends itself.</summary>
    public Task<int> Kill() => _process.Kill();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<StackAddresses> UntilReady(ChildProcess process, string readyFile, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_startLimit);
        try
        {
            while (!File.Exists(readyFile))
            {
                if (process.HasExited)
                {
                    var code = await process.WaitForExit(cancellationToken);
                    throw new DevelopmentException($"The local host ended at start with exit code {code}; its lines above say why.");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DevelopmentException($"The local host did not come up within {s_startLimit.TotalSeconds:0} s; its lines above say how far it came.");
        }

        return Read(await File.ReadAllBytesAsync(readyFile, cancellationToken), readyFile);
    }

    private static StackAddresses Read(byte[] json, string readyFile) =>
        JsonSerializer.Deserialize(json, DevelopmentJson.Default.StackAddresses) ?? throw new DevelopmentException($"{readyFile} is empty.");
}

/// <summary>How to start a local host.</summary>
/// <param name="HostAssembly">The host's own assembly.</param>
/// <param name="AppRoot">The published handler's folder.</param>
/// <param name="ConnectionString">The storage account.</param>
/// <param name="Port">The front end's port, 0 for a free one.</param>
/// <param name="SandboxPort">The sandbox's port, 0 for a free one.</param>
/// <param name="ReadyFile">Where the host says that it is up.</param>
/// <param name="Settings">The handler's settings. They travel in the environment, since command lines can be read by anyone on the machine.</param>
public sealed record HostOptions(
    string HostAssembly,
    string AppRoot,
    string ConnectionString,
    int Port,
    int SandboxPort,
    string ReadyFile,
    IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>Another storage account for the durable hub, if it has one.</summary>
    public string? DurableConnectionString { get; init; }

    /// <summary>How many handler processes there are, 1 to 16.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>A folder that gets the history of every orchestration that ends; null for none.</summary>
    public string? RecordHistories { get; init; }

    /// <summary>How HTTP functions get their requests; null for what host.json says.</summary>
    public HttpMode? HttpMode { get; init; }

    /// <summary>What goes wrong on purpose with Durable functions, as <c>--durable-chaos</c> takes it; null for nothing.</summary>
    public string? DurableChaos { get; init; }
}
