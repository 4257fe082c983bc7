using System.Collections.Immutable;
using Vorel.Azure.Stores;
using Vorel.Azure.Tables;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;
using Vorel.Testing;
using Vorel.Testing.Faults;
using Xunit.Abstractions;

namespace Vorel.Azure.Tests.Domain;

/// <summary>The sweep over real tables, at volume: its work is that of what is due, not of what is there.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class RetentionVolumeTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Tenants = 20;
    private const int Each = 500;
    private const int DueEach = 50;

    [Fact]
    public async Task Of_ten_thousand_records_of_twenty_tenants_the_thousand_that_are_due_go_in_few_requests()
    {
        await using var proxy = new FaultProxy(azurite.ConnectionString);
        var world = new World(new TableRowStore(new TableServiceClient(proxy.ConnectionString)));
        var index = new RecordIndex(world.Store, world.Reader, world.Digests);
        var tenants = Enumerable.Range(0, Tenants).Select(_ => TenantId.New(TimeProvider.System)).ToList();
        await Parallel.ForEachAsync(tenants, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (tenant, _) => await Fill(world, index, tenant));
        world.Advance(TimeSpan.FromDays(30) + TimeSpan.FromHours(1));

        var before = proxy.Requests;
        var report = await world.Sweep.Run(default);
        var requests = proxy.Requests - before;

        output.WriteLine($"{requests} requests for {report.Purged} records with their index rows: {(double)requests / (2 * report.Purged):F3} for each purged row");
        // What other tests left in the account may be due as well; the tenants' own rows are counted below.
        Assert.False(report.More);
        Assert.Equal(0, report.Failed);
        Assert.True(report.Purged >= Tenants * DueEach, $"{report}");
        Assert.True(requests <= 0.2 * report.Purged, $"{requests} requests");
        foreach (var tenant in tenants)
        {
            Assert.Equal(Each - DueEach, await Count(world, tenant, "conversation|"));
            Assert.Equal(Each - DueEach, await Count(world, tenant, "ix|"));
        }
    }

    /// <summary>Records made and mirrored a second apart; one of ten now, so that its window ends, the others a day later.</summary>
    private static async Task Fill(World world, RecordIndex index, TenantId tenant)
    {
        var hints = new PurgeHints(world.Store);
        var now = world.Domain.GetUtcNow();
        var due = new List<RecordRow>();
        for (var batch = 0; batch < Each / DueEach; batch++)
        {
            var writes = new List<RowWrite>();
            for (var number = 0; number < DueEach; number++)
            {
                var isDue = number % (Each / DueEach) == 0;
                var record = RecordKinds.Conversation.Empty with
                {
                    Id = world.Ids.Next(),
                    UpdatedAt = now,
                    Values = ImmutableDictionary<string, object>.Empty.Add("channel", "voice").Add("customer_identifier", $"{batch}-{number}").Add("status", "active"),
                    Sync = new RecordSync("custom_webhook:x", "crm", null, 1, isDue ? now : now.AddDays(1)),
                };
                writes.Add(new RowWrite.Insert(record.RowKey, RecordColumns.Write(record)));
                writes.AddRange(index.RowsOf(tenant, record).Select(TypedRows.Insert));
                if (isDue)
                {
                    due.Add(record);
                }
            }

            await world.Store.Commit(RecordRow.Table, Partition.Of(tenant), writes, default);
        }

        foreach (var record in due)
        {
            await hints.File(tenant, record.Kind, record.Id, now + RecordKinds.Conversation.Window, default);
        }
    }

    private static async Task<int> Count(World world, TenantId tenant, string prefix) =>
        await world.Store.Query(RecordRow.Table, Partition.Of(tenant), RowRange.Prefix(prefix), default).CountAsync();
}
