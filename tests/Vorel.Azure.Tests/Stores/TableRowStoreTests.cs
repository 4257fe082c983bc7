using Vorel.Azure.Stores;
using Vorel.Azure.Tables;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Stores;

[Collection(AzuriteCollection.Name)]
public sealed class TableRowStoreTests(AzuriteFixture azurite) : StoreContract
{
    protected override IRowStore Store { get; } = new TableRowStore(new TableServiceClient(azurite.ConnectionString));

    [Fact]
    public async Task A_dropped_table_is_made_again_by_what_adds_and_not_by_what_presupposes_a_row()
    {
        var tenant = Partition.Of(TenantId.New(TimeProvider.System));
        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient($"D{Guid.NewGuid():N}");
        var columns = new Dictionary<string, object> { ["n"] = 1L };
        RowWrite[] presupposing = [new RowWrite.Replace("a", "*", columns), new RowWrite.Delete("a", "*"), new RowWrite.Require("a")];
        foreach (var write in presupposing)
        {
            foreach (RowWrite[] writes in (RowWrite[][])[[write], [new RowWrite.Upsert("b", columns), write]])
            {
                var refused = await Assert.ThrowsAsync<RowConflictException>(() => Store.Commit(table.Name, tenant, writes, default));
                Assert.Equal((writes.Length - 1, RowConflict.NotFound), (refused.Index, refused.Conflict));
            }
        }

        Assert.Equal(404, (await table.DeleteAsync()).Status);
        await Store.Commit(table.Name, tenant, [new RowWrite.Insert("a", columns), new RowWrite.Upsert("b", columns)], default);
        Assert.Equal(204, (await table.DeleteAsync()).Status);
    }
}
