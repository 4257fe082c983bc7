using System.Runtime.CompilerServices;
using Vorel.Core.Incidents;
using Vorel.Core.Outbox;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Testing;

namespace Vorel.Core.Tests.Incidents;

/// <summary>A look over more than anybody should hold at once.</summary>
public sealed class LookMemoryTests
{
    private const int Rows = 20_000;

    [Fact]
    public async Task A_look_ends_behind_100_000_rows_and_closes_nothing_that_may_lie_behind_them()
    {
        var world = new World();
        await world.Connect();
        await world.Incidents.Report(
            world.Tenant, now => Stuck.Hint(world.Tenant, now), IncidentType.CrmObjectUnsupported, "custom_webhook", row => row, default);
        var store = new StreamedTodos(world.Store.Inner, CrmIncidents.MostRead + 500);
        var incidents = new CrmIncidents(store, world.Reader, world.Connections, world.Incidents, world.Queue, world.Clocks);

        Assert.NotNull(await incidents.Look(world.Tenant, default));

        Assert.Equal(CrmIncidents.MostRead + 1, store.Read);
        Assert.NotNull(await world.Incidents.Find(world.Tenant, IncidentType.CrmObjectUnsupported, "custom_webhook", default));
        Assert.Equal(CrmIncidents.MostRead, (await world.Incidents.Find(world.Tenant, IncidentType.CrmSyncFailure, "custom_webhook", default))!.Row.Counts["lead"]);
    }

    [Fact]
    public async Task A_look_over_20_000_stuck_rows_keeps_none_of_them()
    {
        var world = new World();
        await world.Connect();
        var store = new StreamedTodos(world.Store.Inner, Rows);
        var incidents = new CrmIncidents(store, world.Reader, world.Connections, world.Incidents, world.Queue, world.Clocks);

        Assert.NotNull(await incidents.Look(world.Tenant, default));

        Assert.Equal(Rows, store.Read);
        Assert.Equal(Rows / StreamedTodos.Every, store.Alive.Count);
        Assert.All(store.Alive, alive => Assert.InRange(alive, 0, 50));
        var open = await world.Incidents.Find(world.Tenant, IncidentType.CrmSyncFailure, "custom_webhook", default);
        Assert.Equal((Rows, 5), (open!.Row.Counts["lead"], open.Row.Examples.Count));
    }

    /// <summary>Makes the todo rows as they are asked for, and counts how many of them are still held by somebody.</summary>
    private sealed class StreamedTodos(InMemoryRowStore inner, int rows) : IRowStore
    {
        public const int Every = 4_000;

        private readonly List<WeakReference> _made = [];

        public int Read => _made.Count;

        /// <summary>How many of the rows made so far were alive, each time that was counted.</summary>
        public List<int> Alive { get; } = [];

        public Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken) =>
            inner.Get(table, partition, key, cancellationToken);

        public IAsyncEnumerable<Row> Query(string table, Partition partition, RowRange range, CancellationToken cancellationToken) =>
            table == TodoRow.Table ? Stream(cancellationToken) : inner.Query(table, partition, range, cancellationToken);

        public Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken) =>
            inner.Commit(table, partition, writes, cancellationToken);

        public Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(HintTable table, RowRange partitions, int take, CancellationToken cancellationToken) =>
            inner.ReadHints(table, partitions, take, cancellationToken);

        public Task<IReadOnlyList<string>> ListTables(string family, CancellationToken cancellationToken) => inner.ListTables(family, cancellationToken);

        public Task DropTable(string table, CancellationToken cancellationToken) => inner.DropTable(table, cancellationToken);

        private async IAsyncEnumerable<Row> Stream([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var number = 0; number < rows; number++)
            {
                await Task.CompletedTask;
                cancellationToken.ThrowIfCancellationRequested();
                if (number % Every == Every - 1)
                {
                    GC.Collect();
                    Alive.Add(_made.Count(reference => reference.IsAlive));
                }

                yield return Make();
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private Row Make()
        {
            var todo = new TodoRow("lead", Guid.CreateVersion7(), 1, DateTimeOffset.UnixEpoch) { FailedAt = DateTimeOffset.UnixEpoch, Error = "validation_error" };
            var row = new Row(todo.RowKey, "1", todo.ToColumns().Values);
            _made.Add(new WeakReference(row));
            return row;
        }
    }
}
