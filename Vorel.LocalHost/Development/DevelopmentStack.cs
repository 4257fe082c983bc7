namespace Vorel.LocalHost.Development;

/// <summary>
/// Azurite and a local host with its handler, started together and stopped together. A host that stops is started again
/// after one second, as the platform does.
/// </summary>
public sealed class DevelopmentStack : IAsyncDisposable
{
    private static readonly TimeSpan s_restartDelay = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly AzuriteProcess _azurite;
    private readonly Action<string> _onLine;
    private HostOptions _options;
    private HostProcess _host;
    private Task _supervision = Task.CompletedTask;

    private DevelopmentStack(AzuriteProcess azurite, HostOptions options, HostProcess host, DevelopmentSecrets secrets, Action<string> onLine)
    {
        _azurite = azurite;
        _options = options;
        _host = host;
        _onLine = onLine;
        Secrets = secrets;
    }

    /// <summary>Where the host listens now.</summary>
    public StackAddresses Addresses => _host.Addresses;

    /// <summary>The port of Azurite's tables.</summary>
    public int AzuriteTablePort => _azurite.TablePort;

    /// <summary>Called when a stopped host is up again.</summary>
    public Func<StackAddresses, Task> HostRestarted { get; set; } = _ => Task.CompletedTask;

    /// <summary>The secrets of the stack's folder.</summary>
    public DevelopmentSecrets Secrets { get; }

    /// <summary>Starts everything and waits until it answers.</summary>
    /// <exception cref="DevelopmentException">A part is missing, a port is taken, or something did not come up.</exception>
    public static async Task<DevelopmentStack> Start(StackOptions options, Action<string> onLine, CancellationToken cancellationToken)
    {
        options.Ports.EnsureFree();
        var secrets = DevelopmentSecrets.LoadOrCreate(options.StateFolder);
        var azurite = await AzuriteProcess.Start(options.RepositoryRoot, Path.Combine(options.StateFolder, "azurite"), options.Ports.Azurite, cancellationToken);
        try
        {
            var settings = new Dictionary<string, string>(secrets.ToSettings());
            foreach (var (name, value) in options.Settings)
            {
                settings[name] = value;
            }

            var hostOptions = new HostOptions(
                options.HostAssembly,
                options.AppRoot,
                azurite.ConnectionString,
                options.Ports.Host,
                options.Ports.Sandbox,
                Path.Combine(options.StateFolder, "host.json"),
                settings)
            {
                HttpMode = options.HttpMode,
                Instances = options.Instances,
            };
            var host = await HostProcess.Start(hostOptions, onLine, cancellationToken);
            var stack = new DevelopmentStack(azurite, hostOptions, host, secrets, onLine);
            stack._supervision = stack.Supervise();
            return stack;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until Azurite has ended, which nobody starts again, and gives its exit code.</summary>
    public Task<int> UntilStorageEnds(CancellationToken cancellationToken) => _azurite.WaitForExit(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _supervision;
        await _host.DisposeAsync();
        await _azurite.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task Supervise()
    {
        try
        {
            // The restarted host keeps the addresses that callers already know.
            _options = _options with { Port = Addresses.Host.Address.Port, SandboxPort = Addresses.Sandbox.Port };
            while (true)
            {
                var code = await _host.WaitForExit(_stopping.Token);
                _onLine($"The local host ended with exit code {code}; starting it again in {s_restartDelay.TotalSeconds:0} s.");
                await Task.Delay(s_restartDelay, _stopping.Token);
                await _host.DisposeAsync();
                _host = await HostProcess.Start(_options, _onLine, _stopping.Token);
                await HostRestarted(Addresses);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping is how supervision ends.
        }
        catch (Exception e) when (e is DevelopmentException or HttpRequestException or IOException or OperationCanceledException)
        {
            _onLine($"{e.Message} It is not started again: stop with Ctrl-C.");
        }
    }
}
