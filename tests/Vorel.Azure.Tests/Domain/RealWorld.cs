using Vorel.Azure.Queues;
using Vorel.Azure.Stores;
using Vorel.Azure.Tables;
using Vorel.Core;
using Vorel.Core.Messaging;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Testing;
using Vorel.Testing.Faults;

namespace Vorel.Azure.Tests.Domain;

/// <summary>The domain over the tables and queues of Azurite. The queues' time is real, so their delays are short; commits are timed by the test's clock.</summary>
internal sealed class RealWorld
{
    private readonly OwnQueues _queues;
    private readonly string _connectionString;
    private readonly string _mark;

    /// <summary>A world over storage that is reached by way of <paramref name="proxy"/>, if there is one.</summary>
    public RealWorld(AzuriteFixture azurite, FaultProxy? proxy = null)
        : this(proxy?.ConnectionString ?? azurite.ConnectionString, $"{Guid.NewGuid():N}")
    {
    }

    private RealWorld(string connectionString, string mark)
    {
        _connectionString = connectionString;
        _mark = mark;
        _queues = new OwnQueues(new StorageWorkQueue(new QueueServiceClient(connectionString)), mark);
        Domain = new World(
            new TableRowStore(new TableServiceClient(connectionString)),
            _queues,
            new Timings { IntentDelay = TimeSpan.FromSeconds(2), CommitBudget = TimeSpan.FromSeconds(1), MirrorCheckDelay = TimeSpan.FromSeconds(1) });
    }

    public World Domain { get; }

    /// <summary>Another process on the same storage and the same queues: it shares no memory with this one.</summary>
    public RealWorld Another() => new(_connectionString, _mark);

    /// <summary>Handles messages as the queue trigger would, until one was handled; what fails comes again after its visibility.</summary>
    public Task Dispatch() => Eventually.True(async () => await DispatchVisible() > 0, "a message appears", TimeSpan.FromSeconds(30));

    /// <summary>Handles what is visible, so many at once; how many messages that was. Each is hidden for a second.</summary>
    public async Task<int> DispatchVisible(int atOnce = 1)
    {
        var handled = 0;
        foreach (var queue in World.Queues)
        {
            var messages = await _queues.Take(queue, 32, TimeSpan.FromSeconds(1), default);
            await Parallel.ForEachAsync(messages, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (message, _) => await Handle(queue, message));
            handled += messages.Count;
        }

        return handled;
    }

    /// <summary>How many messages the queue of live traffic holds, hidden ones included.</summary>
    public async Task<int> Messages() =>
        (await new QueueServiceClient(_connectionString).GetQueueClient(OwnQueues.NameOf(WorkQueues.Live, _mark)).GetPropertiesAsync()).Value.ApproximateMessagesCount;

    /// <summary>The keys of the tenant's rows of a table.</summary>
    public async Task<IReadOnlyList<string>> Keys(string table, string prefix = "")
    {
        var keys = new List<string>();
        await foreach (var row in Domain.Store.Query(table, Partition.Of(Domain.Tenant), prefix.Length == 0 ? RowRange.All : RowRange.Prefix(prefix), default))
        {
            keys.Add(row.Key);
        }

        return keys;
    }

    private async Task Handle(string queue, QueuedMessage message)
    {
        try
        {
            await Domain.Handle(queue, message.Body);
            await _queues.Remove(queue, message.Receipt, default);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or KilledException)
        {
            // It is not removed, so it comes again.
        }
    }

    /// <summary>Gives each test queues of its own behind the names that the domain uses.</summary>
    private sealed class OwnQueues(IWorkQueue queues, string mark) : IWorkQueue
    {
        public static string NameOf(string queue, string mark) => $"{queue}-{mark}";

        public Task<QueueReceipt> Put(string queue, string body, TimeSpan delay, CancellationToken cancellationToken) =>
            queues.Put(NameOf(queue, mark), body, delay, cancellationToken);

        public Task Keep(string queue, string body, TimeSpan life, CancellationToken cancellationToken) =>
            queues.Keep(NameOf(queue, mark), body, life, cancellationToken);

        public Task<bool> Show(string queue, QueueReceipt receipt, CancellationToken cancellationToken) =>
            queues.Show(NameOf(queue, mark), receipt, cancellationToken);

        public Task<bool> Remove(string queue, QueueReceipt receipt, CancellationToken cancellationToken) =>
            queues.Remove(NameOf(queue, mark), receipt, cancellationToken);

        public Task<IReadOnlyList<QueuedMessage>> Take(string queue, int count, TimeSpan hideFor, CancellationToken cancellationToken) =>
            queues.Take(NameOf(queue, mark), count, hideFor, cancellationToken);
    }
}
