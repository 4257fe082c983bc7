using System.Net.Sockets;

namespace Vorel.LocalHost.Development;

/// <summary>Azurite, the storage emulator, as a process on three loopback ports. It is ended by SIGTERM only, which saves its data.</summary>
public sealed class AzuriteProcess : IAsyncDisposable
{
    // Azurite's published development account: not a secret.
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private readonly ChildProcess _process;

    private AzuriteProcess(ChildProcess process, int blobPort, int queuePort, int tablePort)
    {
        _process = process;
        TablePort = tablePort;
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};"
            + $"BlobEndpoint=http://127.0.0.1:{blobPort}/{Account};"
            + $"QueueEndpoint=http://127.0.0.1:{queuePort}/{Account};"
            + $"TableEndpoint=http://127.0.0.1:{tablePort}/{Account};";
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>True while the process lives.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>The port of the table service.</summary>
    public int TablePort { get; }

    /// <summary>The connection string, with explicit endpoints.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts Azurite and waits until it answers.</summary>
    /// <param name="repositoryRoot">Where <c>node_modules</c> lies.</param>
    /// <param name="dataFolder">Where it keeps its data.</param>
    /// <param name="firstPort">Blob port; queue and table take the next two. 0 takes free ones.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DevelopmentException">It is not installed, a port is taken, or it did not come up.</exception>
    public static async Task<AzuriteProcess> Start(string repositoryRoot, string dataFolder, int firstPort, CancellationToken cancellationToken)
    {
        var script = Path.Combine(repositoryRoot, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script))
        {
            throw new DevelopmentException("Azurite is not installed here: run `npm ci` in the repository's folder.");
        }

        int[] ports = firstPort == 0 ? [LoopbackPorts.Free(), LoopbackPorts.Free(), LoopbackPorts.Free()] : [firstPort, firstPort + 1, firstPort + 2];
        Directory.CreateDirectory(dataFolder);
        var last = "";
        var process = ChildProcess.Start(
            "node",
            [
                script, "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--location", dataFolder,
                "--blobHost", "127.0.0.1", "--blobPort", ports[0].ToString(),
                "--queueHost", "127.0.0.1", "--queuePort", ports[1].ToString(),
                "--tableHost", "127.0.0.1", "--tablePort", ports[2].ToString(),
            ],
            new Dictionary<string, string>(),
            line => last = line);
        var azurite = new AzuriteProcess(process, ports[0], ports[1], ports[2]);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_startLimit);
            foreach (var port in ports)
            {
                await UntilItListens(process, port, limit.Token);
            }

            return azurite;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await azurite.DisposeAsync();
            throw new DevelopmentException($"Azurite did not come up within {s_startLimit.TotalSeconds:0} s. Its last words: {last}");
        }
        catch (DevelopmentException)
        {
            await azurite.DisposeAsync();
            throw new DevelopmentException($"Azurite ended at start. Its last words: {last}");
        }
        catch (OperationCanceledException)
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM: Azurite saves and ends.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task UntilItListens(ChildProcess process, int port, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (process.HasExited)
            {
                throw new DevelopmentException("ended");
            }

            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }
    }
}
