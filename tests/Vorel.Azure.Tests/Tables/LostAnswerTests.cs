using Azure;
using Vorel.Azure.Stores;
using Vorel.Azure.Tables;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Testing;
using Vorel.Testing.Faults;

namespace Vorel.Azure.Tests.Tables;

[Collection(AzuriteCollection.Name)]
public sealed class LostAnswerTests : IAsyncLifetime
{
    private readonly FaultProxy _proxy;
    private readonly TableClient _table;
    private readonly TableClient _direct;

    public LostAnswerTests(AzuriteFixture azurite)
    {
        var name = $"T{Guid.NewGuid():N}";
        _proxy = new FaultProxy(azurite.ConnectionString);
        _table = new TableServiceClient(_proxy.ConnectionString).GetTableClient(name);
        _direct = new TableServiceClient(azurite.ConnectionString).GetTableClient(name);
    }

    public Task InitializeAsync() => _table.CreateIfNotExistsAsync();

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Fact]
    public async Task An_insert_recognises_its_own_row()
    {
        using var lost = LoseAnswers(1);
        var response = await _table.AddEntityAsync(Entity("a", 1));

        Assert.Equal(1, lost.Hits);
        var row = Assert.Single(await _direct.QueryAsync(default).ToListAsync());
        Assert.Equal(1L, row["n"]);
        Assert.Equal(row.ETag, response.Headers.ETag);
    }

    [Fact]
    public async Task An_insert_recognises_its_own_row_after_two_lost_answers()
    {
        using var lost = LoseAnswers(2);
        await _table.AddEntityAsync(Entity("a", 1));

        Assert.Equal(2, lost.Hits);
        Assert.Single(await _direct.QueryAsync(default).ToListAsync());
    }

    [Fact]
    public async Task An_insert_after_a_lost_request_still_conflicts_with_the_row_of_another()
    {
        await _direct.AddEntityAsync(Entity("a", 7));
        using var lost = _proxy.Add(new Fault(FaultKind.LoseRequest) { Count = 1 });

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => _table.AddEntityAsync(Entity("a", 1)));

        Assert.Equal(1, lost.Hits);
        Assert.Equal((409, "EntityAlreadyExists"), (refused.Status, refused.ErrorCode));
        Assert.Equal(7L, (await Read("a"))!["n"]);
    }

    [Fact]
    public async Task An_insert_whose_row_another_has_replaced_meanwhile_is_a_conflict()
    {
        using var lost = _proxy.Add(new Fault(FaultKind.LoseAnswer)
        {
            Count = 1,
            AfterLoss = () => _direct.UpdateEntityAsync(Entity("a", 7), ETag.All, TableUpdateMode.Replace),
        });

        await Assert.ThrowsAsync<RequestFailedException>(() => _table.AddEntityAsync(Entity("a", 1)));

        Assert.Equal(7L, (await Read("a"))!["n"]);
    }

    [Theory]
    [InlineData(TableUpdateMode.Replace)]
    [InlineData(TableUpdateMode.Merge)]
    public async Task An_update_recognises_its_own_version(TableUpdateMode mode)
    {
        await _direct.AddEntityAsync(Entity("a", 1));
        var read = (await Read("a"))!;
        using var lost = LoseAnswers(1);

        var response = await _table.UpdateEntityAsync(Entity("a", 2), read.ETag, mode);

        Assert.Equal(1, lost.Hits);
        var row = (await Read("a"))!;
        Assert.Equal(2L, row["n"]);
        Assert.Equal(row.ETag, response.Headers.ETag);
    }

    [Fact]
    public async Task An_update_after_a_lost_request_still_conflicts_with_the_version_of_another()
    {
        await _direct.AddEntityAsync(Entity("a", 1));
        var stale = (await Read("a"))!.ETag;
        await _direct.UpdateEntityAsync(Entity("a", 7), stale, TableUpdateMode.Replace);
        using var lost = _proxy.Add(new Fault(FaultKind.LoseRequest) { Count = 1 });

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => _table.UpdateEntityAsync(Entity("a", 2), stale, TableUpdateMode.Replace));

        Assert.Equal(1, lost.Hits);
        Assert.Equal(412, refused.Status);
    }

    [Fact]
    public async Task A_delete_recognises_that_its_row_is_gone()
    {
        await _direct.AddEntityAsync(Entity("a", 1));
        var etag = (await _table.GetEntityAsync("p", "a")).Value.ETag;
        using var lost = LoseAnswers(1);

        var response = await _table.DeleteEntityAsync("p", "a", etag);

        Assert.Equal(1, lost.Hits);
        Assert.Equal(204, response.Status);
        Assert.Null(await Read("a"));
    }

    [Fact]
    public async Task A_delete_without_a_retry_says_that_there_was_nothing() =>
        Assert.Equal(404, (await _table.DeleteEntityAsync("p", "a")).Status);

    [Fact]
    public async Task A_transaction_recognises_its_own_rows()
    {
        await _direct.AddEntityAsync(Entity("gone", 1));
        using var lost = LoseAnswers(1);

        var parts = (await _table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Delete, new TableEntity("p", "gone")),
            new(TableTransactionActionType.Add, Entity("a", 1)),
            new(TableTransactionActionType.UpsertReplace, Entity("b", 2)),
        ])).Value;

        Assert.Equal(1, lost.Hits);
        var rows = await _direct.QueryAsync(default).ToListAsync();
        Assert.Equal(["a", "b"], rows.Select(row => row.RowKey));
        Assert.Equal([null, rows[0].ETag, rows[1].ETag], parts.Select(part => part.Headers.ETag));
    }

    [Fact]
    public async Task A_transaction_of_deletes_recognises_that_its_rows_are_gone()
    {
        await _direct.AddEntityAsync(Entity("a", 1));
        await _direct.AddEntityAsync(Entity("b", 1));
        using var lost = LoseAnswers(1);

        await _table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Delete, new TableEntity("p", "a")),
            new(TableTransactionActionType.Delete, new TableEntity("p", "b")),
        ]);

        Assert.Equal(1, lost.Hits);
        Assert.Empty(await _direct.QueryAsync(default).ToListAsync());
    }

    [Fact]
    public async Task A_transaction_after_a_lost_request_still_conflicts_with_the_row_of_another()
    {
        await _direct.AddEntityAsync(Entity("b", 7));
        using var lost = _proxy.Add(new Fault(FaultKind.LoseRequest) { Count = 1 });

        var refused = await Assert.ThrowsAsync<TableTransactionFailedException>(() => _table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, Entity("a", 1)),
            new(TableTransactionActionType.Add, Entity("b", 2)),
        ]));

        Assert.Equal(1, lost.Hits);
        Assert.Equal(1, refused.FailedTransactionActionIndex);
        Assert.Null(await Read("a"));
    }

    [Fact]
    public async Task A_store_whose_every_answer_is_lost_is_unavailable()
    {
        var store = new TableRowStore(new TableServiceClient(_proxy.ConnectionString));
        var tenant = Partition.Of(TenantId.New(TimeProvider.System));
        using var lost = LoseAnswers(int.MaxValue);

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.Commit(_table.Name, tenant, [new RowWrite.Insert("a", new Dictionary<string, object> { ["n"] = 1L })], CancellationToken.None));
        Assert.Equal(4, lost.Hits);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Get(_table.Name, tenant, "a", CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await store.Query(_table.Name, tenant, RowRange.All, CancellationToken.None).ToListAsync());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadHints(HintTable.Due, RowRange.All, 1, CancellationToken.None));
    }

    private ActiveFault LoseAnswers(int count) => _proxy.Add(new Fault(FaultKind.LoseAnswer) { Count = count });

    private static TableEntity Entity(string key, long n) => new("p", key) { ["n"] = n };

    private async Task<TableEntity?> Read(string key)
    {
        var found = await _direct.GetEntityIfExistsAsync("p", key);
        return found.HasValue ? found.Value : null;
    }
}
