using Vorel.Azure.Tables;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Durable.Dispatch;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Recording;
using Vorel.LocalHost.Durable.Sidecar;
using Vorel.LocalHost.Durable.Storage;
using Vorel.LocalHost.Durable.Turns;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Durable;

/// <summary>
/// The Durable task hub of the local host. Every start, event, result and turn is in its table before anyone is told of it, so that
/// a new hub over the same table goes on where a killed one stopped; README.md in this folder shows the table and the turn.
/// </summary>
/// <param name="settings">host.json, <c>extensions.durableTask</c>.</param>
/// <param name="tables">The account that keeps the hub.</param>
/// <param name="catalog">Where the orchestrators and activities are found.</param>
/// <param name="clock">The clock that timers follow.</param>
/// <param name="logger">The hub's log.</param>
internal sealed class DurableHub(
    DurableSettings settings, TableServiceClient tables, FunctionCatalog catalog, DomainClock clock, ILogger logger)
    : IDurableSidecar, INextTimer, IAsyncDisposable
{
    private const long HistoryCacheBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_settleLimit = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<HubClient> _client = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HubQueues _queues = new(settings, clock, logger);
    private readonly Lock _gate = new();
    private SidecarServer? _sidecar;
    private Task _work = Task.CompletedTask;
    private Task? _stopped;

    /// <summary>A folder that gets the history of every execution that ends; null for none.</summary>
    public string? RecordHistories { get; init; }

    /// <summary>What goes wrong on purpose.</summary>
    public Chaos Chaos { get; init; } = Chaos.None;

    public string HubName => settings.HubName;

    public Task<Uri> Address(CancellationToken cancellationToken) => _address.Task.WaitAsync(cancellationToken);

    public async Task StartInstance(string orchestrator, string? instanceId, string? input, CancellationToken cancellationToken)
    {
        var client = await Client(cancellationToken);
        await client.Operations.Start(new CreateInstanceRequest { Name = orchestrator, InstanceId = instanceId ?? "", Input = input }, client.Ends);
    }

    /// <summary>What clients can do, once the hub has started.</summary>
    public Task<HubClient> Client(CancellationToken cancellationToken) => _client.Task.WaitAsync(cancellationToken);

    /// <summary>Reads what is at work from the table, then takes clients' calls and calls functions.</summary>
    public async Task Start(IFunctionInvoker invoker, CancellationToken cancellationToken)
    {
        var store = new HubStore(tables.GetTableClient(HubKeys.Table(HubName)), clock.Real, logger);
        var live = new LiveInstances(store, _queues, Chaos);
        var gates = new InstanceGates();
        var starts = new InstanceStarts(store, live, gates, clock.Real);
        var functions = new DurableFunctions(catalog);
        await store.Create(cancellationToken);
        var loaded = 0;
        await foreach (var instance in HubLoader.Load(store, cancellationToken))
        {
            live.Add(instance);
            loaded++;
        }

        _work = Work(store, live, starts, gates, functions, invoker);
        var client = NewClient(store, live, starts, gates, functions);
        _sidecar = await SidecarServer.Start(client, logger);
        _address.SetResult(_sidecar.Address);
        _client.SetResult(client);
        DurableLogs.Started(logger, HubName, loaded, _sidecar.Address);
        if (Chaos.IsOn)
        {
            DurableLogs.ChaosIsOn(logger, Chaos);
        }
    }

    /// <summary>
    /// The earliest timer in domain time. First lets everything go on that needs no time to pass, so that "the next timer" does not
    /// depend on how far the work under way has come; gives up on that after 30 s of real time.
    /// </summary>
    public async Task<DateTimeOffset?> Next(CancellationToken cancellationToken)
    {
        var next = _queues.Timers.Release();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        limit.CancelAfter(s_settleLimit);
        try
        {
            for (var idle = _queues.Quiescence.WhenIdle(limit.Token); !idle.IsCompletedSuccessfully; idle = _queues.Quiescence.WhenIdle(limit.Token))
            {
                await idle;
                next = _queues.Timers.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            next = _queues.Timers.Release();
        }

        return next;
    }

    /// <summary>
    /// Takes no more calls and begins nothing new. What is under way has two seconds; the table keeps the rest for the next start.
    /// Every further call waits for the first one's end: the container disposes the hub once for each service it stands for.
    /// </summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            return _stopped ??= Stop();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private HubClient NewClient(HubStore store, LiveInstances live, InstanceStarts starts, InstanceGates gates, DurableFunctions functions)
    {
        var operations = new InstanceOperations(store, live, starts, gates, functions, clock);
        var queries = new InstanceQueries(store, gates);
        return new HubClient(
            HubName,
            settings.ConnectionName,
            operations,
            new InstanceRestarts(operations),
            new InstanceWaits(operations, live, clock.Real),
            queries,
            new InstancePurge(operations, queries, clock.Real),
            _stopping.Token);
    }

    private async Task Stop()
    {
        await _stopping.CancelAsync();
        _address.TrySetCanceled();
        _client.TrySetCanceled();
        if (_sidecar is { } sidecar)
        {
            await sidecar.DisposeAsync();
        }

        try
        {
            await _work.WaitAsync(s_stopLimit, clock.Real);
        }
        catch (TimeoutException)
        {
            DurableLogs.StoppedUnderWay(logger);
        }
    }

    private Task Work(HubStore store, LiveInstances live, InstanceStarts starts, InstanceGates gates, DurableFunctions functions, IFunctionInvoker invoker)
    {
        var turns = new TurnDispatcher(
            store, live, gates, _queues, new HistoryCache(HistoryCacheBytes), functions, new OrchestratorCaller(invoker),
            new HistoryRecorder(RecordHistories, logger), Chaos, clock, logger);
        var activities = new ActivityDispatcher(
            store, live, gates, _queues, new ActivityCaller(invoker, functions, clock), Chaos, logger);
        return Task.WhenAll(
            _queues.Turns.Run(turns.Run, _stopping.Token),
            _queues.Activities.Run(activities.Run, _stopping.Token),
            _queues.Sends.Run(new SendDispatcher(store, live, starts, gates, _queues, clock, logger).Run, _stopping.Token),
            _queues.DueTimers.Run(new TimerDispatcher(live, gates, _queues, clock).Run, _stopping.Token),
            _queues.Timers.Run(_stopping.Token));
    }
}
