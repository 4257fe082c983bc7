using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Vorel.Testing;

/// <summary>
/// One Azurite process, the emulator of queue and table storage, on dynamic loopback ports with a fresh data folder. Use it as
/// an xunit class fixture, or by hand: <see cref="Start"/>, then <see cref="DisposeAsync"/>.
/// </summary>
public sealed partial class AzuriteFixture : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>The account name of every Azurite.</summary>
    public const string AccountName = "devstoreaccount1";

    /// <summary>The published development key of every Azurite; it protects nothing.</summary>
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(15);

    private Process? _process;
    private DirectoryInfo? _folder;
    private IReadOnlyDictionary<string, Uri> _services = new Dictionary<string, Uri>();

    /// <summary>The process id, for tests that assert that the processes are distinct and alive.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("Azurite was not started.");

    /// <summary>Where blobs answer, account included, without a trailing slash.</summary>
    public Uri BlobEndpoint => Account("Blob");

    /// <summary>Where queues answer, account included, without a trailing slash.</summary>
    public Uri QueueEndpoint => Account("Queue");

    /// <summary>Where tables answer, account included, without a trailing slash.</summary>
    public Uri TableEndpoint => Account("Table");

    /// <summary>A connection string with explicit endpoints.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};"
        + $"BlobEndpoint={BlobEndpoint};QueueEndpoint={QueueEndpoint};TableEndpoint={TableEndpoint};";

    /// <summary>A started Azurite.</summary>
    /// <exception cref="FileNotFoundException">Azurite is not installed; the message says what to do.</exception>
    public static async Task<AzuriteFixture> Start()
    {
        var azurite = new AzuriteFixture();
        await azurite.InitializeAsync();
        return azurite;
    }

    /// <summary>Starts Azurite and returns when all its services listen.</summary>
    public async Task InitializeAsync()
    {
        var program = AzuriteProgram.Find();
        _folder = Directory.CreateTempSubdirectory("vorel-azurite-");
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program)
            {
                ArgumentList =
                {
                    "--location", _folder.FullName,
                    "--blobPort", "0", "--queuePort", "0", "--tablePort", "0",
                    "--skipApiVersionCheck", "--disableProductStyleUrl", "--disableTelemetry", "--silent",
                },
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = _folder.FullName,
            },
            EnableRaisingEvents = true,
        };
        try
        {
            _services = await Launch(_process);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process by SIGTERM, which loses no write, and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is { } process)
        {
            using (process)
            {
                await Stop(process);
            }

            _folder?.Delete(recursive: true);
        }
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    private static async Task<IReadOnlyDictionary<string, Uri>> Launch(Process process)
    {
        var services = new Dictionary<string, Uri>(StringComparer.Ordinal);
        var output = new List<string>();
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("Azurite ended while it started."));
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await listening.Task.WaitAsync(s_startLimit);
            return services;
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            lock (output)
            {
                throw new InvalidOperationException($"Azurite did not start. It said: {string.Join(" | ", output)}", exception);
            }
        }

        void Read(string? line)
        {
            lock (output)
            {
                output.Add(line ?? string.Empty);
                if (Listening().Match(line ?? string.Empty) is { Success: true } match)
                {
                    services[match.Groups["service"].Value] = new Uri(match.Groups["address"].Value);
                }

                if (services.Count == 3)
                {
                    listening.TrySetResult();
                }
            }
        }
    }

    private static async Task Stop(Process process)
    {
        if (!PosixSignal.Terminate(process))
        {
            return;
        }

        using var limit = new CancellationTokenSource(s_stopLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Uri Account(string service) => _services.TryGetValue(service, out var address)
        ? new Uri($"{address.GetLeftPart(UriPartial.Authority)}/{AccountName}")
        : throw new InvalidOperationException("Azurite was not started.");

    [GeneratedRegex("^Azurite (?<service>Blob|Queue|Table) service is successfully listening at (?<address>http://127\\.0\\.0\\.1:[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
