using System.Globalization;
using System.Text.RegularExpressions;

namespace Vorel.LocalHost.Development;

/// <summary>Azurite, the storage emulator, as a process on three loopback ports. It is ended by SIGTERM only, which saves its data.</summary>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    /// <summary>The account name of every Azurite.</summary>
    public const string AccountName = "devstoreaccount1";

    /// <summary>The published development key of every Azurite; it protects nothing.</summary>
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    private AzuriteProcess(ChildProcess process, IReadOnlyDictionary<string, int> ports)
    {
        _process = process;
        BlobEndpoint = Account(ports["Blob"]);
        QueueEndpoint = Account(ports["Queue"]);
        TableEndpoint = Account(ports["Table"]);
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>True while the process lives.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>Where blobs answer, account included, without a trailing slash.</summary>
    public Uri BlobEndpoint { get; }

    /// <summary>Where queues answer, account included, without a trailing slash.</summary>
    public Uri QueueEndpoint { get; }

    /// <summary>Where tables answer, account included, without a trailing slash.</summary>
    public Uri TableEndpoint { get; }

    /// <summary>The port of the table service.</summary>
    public int TablePort => TableEndpoint.Port;

    /// <summary>The connection string, with explicit endpoints.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};"
        + $"BlobEndpoint={BlobEndpoint};QueueEndpoint={QueueEndpoint};TableEndpoint={TableEndpoint};";

    /// <summary>Starts Azurite and waits until it says that all its services listen.</summary>
    /// <param name="installation">A folder that <see cref="AzuriteProgram"/> searches, with its parents.</param>
    /// <param name="dataFolder">Where it keeps its data.</param>
    /// <param name="firstPort">Blob port; queue and table take the next two. 0 lets it choose free ones.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DevelopmentException">It is not installed, a port is taken, or it did not come up.</exception>
    public static async Task<AzuriteProcess> Start(string installation, string dataFolder, int firstPort, CancellationToken cancellationToken)
    {
        var program = AzuriteProgram.Find(installation);
        Directory.CreateDirectory(dataFolder);
        var said = new StartLines();
        var process = ChildProcess.Start(
            program,
            [
                "--location", dataFolder, "--silent", "--skipApiVersionCheck", "--disableProductStyleUrl", "--disableTelemetry",
                "--blobPort", Port(firstPort, 0), "--queuePort", Port(firstPort, 1), "--tablePort", Port(firstPort, 2),
            ],
            new Dictionary<string, string>(),
            said.Read);
        using var watching = new CancellationTokenSource();
        try
        {
            var ended = process.WaitForExit(watching.Token);
            if (await Task.WhenAny(said.Listening, ended).WaitAsync(s_startLimit, cancellationToken) == ended)
            {
                throw new DevelopmentException($"Azurite ended at start. It said: {said.Text}");
            }

            return new AzuriteProcess(process, await said.Listening);
        }
        catch (TimeoutException)
        {
            await process.DisposeAsync();
            throw new DevelopmentException($"Azurite did not come up within {s_startLimit.TotalSeconds:0} s. It said: {said.Text}");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
        finally
        {
            await watching.CancelAsync();
        }
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    public Task<int> WaitForExit(CancellationToken cancellationToken) => _process.WaitForExit(cancellationToken);

    /// <summary>SIGTERM: Azurite saves and ends.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Port(int first, int offset) => first == 0 ? "0" : (first + offset).ToString(CultureInfo.InvariantCulture);

    private static Uri Account(int port) => new($"http://127.0.0.1:{port}/{AccountName}");

    /// <summary>What Azurite says at its start; nothing is kept of what it says later.</summary>
    private sealed partial class StartLines
    {
        private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);
        private readonly List<string> _lines = [];
        private readonly TaskCompletionSource<IReadOnlyDictionary<string, int>> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<IReadOnlyDictionary<string, int>> Listening => _listening.Task;

        public string Text
        {
            get
            {
                lock (_lines)
                {
                    return string.Join(" | ", _lines);
                }
            }
        }

        public void Read(string line)
        {
            lock (_lines)
            {
                if (_listening.Task.IsCompleted)
                {
                    return;
                }

                _lines.Add(line);
                if (ServiceListens().Match(line) is { Success: true } match)
                {
                    _ports[match.Groups["service"].Value] = int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture);
                }

                if (_ports.Count == 3)
                {
                    _listening.SetResult(_ports);
                }
            }
        }

        [GeneratedRegex(@"^Azurite (?<service>Blob|Queue|Table) service is successfully listening at http://127\.0\.0\.1:(?<port>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex ServiceListens();
    }
}
