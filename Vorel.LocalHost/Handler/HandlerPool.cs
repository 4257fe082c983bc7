using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Development;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Sandbox;

namespace Vorel.LocalHost.Handler;

/// <summary>
/// All handler processes, split as Flex Consumption splits an app, and the choice of one for a call. Each is kept running by itself. A
/// lone instance whose host must stop takes this process with it, and <c>./run</c> starts it again; one of several is started anew
/// here after the same second, with fresh strikes, and the others go on.
/// </summary>
internal sealed class HandlerPool : BackgroundService, IHandlers
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly HostAddresses _addresses;
    private readonly HostStop _stop;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<string, Rota> _rotas = new(StringComparer.Ordinal);

    public HandlerPool(
        LocalHostOptions options,
        HostConfiguration configuration,
        FunctionCatalog catalog,
        AppSettings settings,
        SandboxServer sandbox,
        HandlerClient client,
        HostAddresses addresses,
        HostStop stop,
        IEnumerable<IHandlerObserver> observers,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _addresses = addresses;
        _stop = stop;
        _time = time;
        _logger = loggers.CreateLogger("host");
        Instances = [.. Assignment.Split(catalog, options.Instances).Select(Create)];
        foreach (var group in ScalingGroup.Of(catalog))
        {
            var rota = new Rota([.. Instances.Where(instance => instance.Assignment.Runs(group.Functions[0]))]);
            foreach (var function in group.Functions)
            {
                _rotas[function.Name] = rota;
            }
        }

        HandlerInstance Create(Assignment assignment)
        {
            var output = loggers.CreateLogger(assignment.Name);
            var supervisor = new HandlerSupervisor(
                assignment,
                configuration.Handler.InitializationTimeout,
                () => HandlerProcess.Start(configuration.Handler, settings.ForHandler(sandbox.Address), addresses.ClockFor, new ConsoleRelay(output)),
                new ReadinessProbe(client.Http),
                observers,
                time,
                _logger);
            return new HandlerInstance(assignment, supervisor);
        }
    }

    public IReadOnlyList<HandlerInstance> Instances { get; }

    /// <summary>What is told of the handlers from outside; one that was never started is left out.</summary>
    public IReadOnlyList<StackHandler> Describe() => [.. Instances.Select(instance => instance.Describe()).OfType<StackHandler>()];

    /// <inheritdoc/>
    public Task<HandlerEndpoint> Ready(FunctionDefinition function, CancellationToken cancellationToken) =>
        _rotas.TryGetValue(function.Name, out var rota)
            ? rota.Ready(function, cancellationToken)
            : throw new InvalidOperationException($"{function.Name} is no function of this app.");

    /// <inheritdoc/>
    public void Restart(HandlerEndpoint which)
    {
        foreach (var instance in Instances)
        {
            instance.Gate.Restart(which);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _addresses.Listening(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested)
        {
            return; // A start that fails elsewhere starts no handler.
        }

        if (_rotas.Count == 0)
        {
            Logs.NothingToRun(_logger);
            return;
        }

        await Task.WhenAll(Instances.Select(instance => Keep(instance, stoppingToken)));
        Logs.HandlersStopped(_logger);
    }

    private async Task Keep(HandlerInstance instance, CancellationToken stoppingToken)
    {
        try
        {
            while (await instance.Supervisor.Run(stoppingToken) is { } reason)
            {
                if (Instances.Count == 1)
                {
                    _stop.Now(reason);
                    return;
                }

                Logs.InstanceStopped(_logger, instance.Assignment.Name, reason);
                await Task.Delay(s_pause, _time, stoppingToken);
            }
        }
        catch (HandlerStartException error)
        {
            _stop.Now(error.Message);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // This is how an instance ends.
        }
        catch (Exception error)
        {
            _stop.Now($"The handler cannot be looked after: {error.Message}");
        }
    }
}
