using Azure;
using Vorel.Azure.Tables;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Tables;

[Collection(AzuriteCollection.Name)]
public sealed class TableClientTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly TableServiceClient _service = new(azurite.ConnectionString);
    private readonly string _name = $"T{Guid.NewGuid():N}";

    private TableClient Table => field ??= _service.GetTableClient(_name);

    public Task InitializeAsync() => Table.CreateIfNotExistsAsync();

    public Task DisposeAsync() => Table.DeleteAsync();

    [Fact]
    public async Task A_table_is_made_once_listed_and_deleted()
    {
        Assert.Equal(409, (await Table.CreateIfNotExistsAsync()).Status);
        Assert.Contains(_name, await _service.GetTableNamesAsync());
        Assert.Equal(204, (await Table.DeleteAsync()).Status);
        Assert.Equal(404, (await Table.DeleteAsync()).Status);
        Assert.DoesNotContain(_name, await _service.GetTableNamesAsync());
    }

    [Fact]
    public async Task A_merge_keeps_the_columns_it_does_not_name()
    {
        await Table.AddEntityAsync(new TableEntity("p", "a") { ["x"] = 1, ["y"] = 2 });
        await Table.UpsertEntityAsync(new TableEntity("p", "a") { ["y"] = 3 });
        await Table.UpdateEntityAsync(new TableEntity("p", "a") { ["z"] = 4 }, ETag.All);

        TableEntity row = await Table.GetEntityAsync("p", "a");

        Assert.Equal((1, 3, 4), (row.GetInt32("x"), row.GetInt32("y"), row.GetInt32("z")));
        Assert.Equal(3, row.Count);
        Assert.NotNull(row.Timestamp);
    }

    [Fact]
    public async Task Merges_and_replaces_take_part_in_transactions_with_their_etags()
    {
        await Table.AddEntityAsync(new TableEntity("p", "a") { ["x"] = 1, ["y"] = 2 });
        await Table.AddEntityAsync(new TableEntity("p", "b") { ["x"] = 1, ["y"] = 2 });
        TableEntity a = await Table.GetEntityAsync("p", "a");
        TableEntity b = await Table.GetEntityAsync("p", "b");

        var parts = await Table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "a") { ["x"] = 5 }, a.ETag),
            new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "b") { ["x"] = 6 }, b.ETag),
            new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "c") { ["x"] = 7 }),
        ]);

        TableEntity merged = await Table.GetEntityAsync("p", "a");
        Assert.Equal((5, 2), (merged.GetInt32("x"), merged.GetInt32("y")));
        Assert.Equal(1, (await Table.GetEntityAsync("p", "b")).Value.Count);
        Assert.Equal(merged.ETag, parts.Value[0].Headers.ETag);

        var refused = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "c") { ["x"] = 8 }),
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "a") { ["x"] = 9 }, a.ETag),
        ]));
        Assert.Equal((1, 412, "UpdateConditionNotSatisfied"), (refused.FailedTransactionActionIndex!.Value, refused.Status, refused.ErrorCode));
        Assert.Equal(7, (await Table.GetEntityAsync("p", "c")).Value.GetInt32("x"));
    }

    [Fact]
    public async Task A_read_can_select_columns_and_the_keys_come_along()
    {
        await Table.AddEntityAsync(new TableEntity("p", "a") { ["x"] = "1", ["y"] = "2" });

        foreach (var row in new[] { (await Table.GetEntityAsync("p", "a", ["y"])).Value, await Table.QueryAsync(default, select: ["y"]).SingleAsync() })
        {
            Assert.Equal(("p", "a"), (row.PartitionKey, row.RowKey));
            Assert.Equal([new("y", "2")], row);
            Assert.NotEqual(default, row.ETag);
        }
    }

    [Fact]
    public async Task A_missing_row_is_no_value_or_a_404()
    {
        Assert.False((await Table.GetEntityIfExistsAsync("p", "a")).HasValue);
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestFailedException>(() => Table.GetEntityAsync("p", "a"))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestFailedException>(() => Table.UpdateEntityAsync(new TableEntity("p", "a"), ETag.All))).Status);
    }

    [Fact]
    public async Task A_filter_of_every_type_finds_its_row()
    {
        var id = Guid.NewGuid();
        var time = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        await Table.AddEntityAsync(new TableEntity("p", "a") { ["s"] = "it's", ["l"] = 1L << 40, ["i"] = 7, ["d"] = 1.5, ["b"] = true, ["g"] = id, ["t"] = time });
        await Table.AddEntityAsync(new TableEntity("p", "b") { ["s"] = "other", ["l"] = 2L, ["i"] = 8, ["d"] = 2.5, ["b"] = false, ["g"] = Guid.NewGuid(), ["t"] = time.AddDays(-1) });

        Assert.Equal("a", await Only($"s eq {"it's"}"));
        Assert.Equal("a", await Only($"l gt {1L << 39}"));
        Assert.Equal("a", await Only($"i lt {8}"));
        Assert.Equal("a", await Only($"d lt {2.0}"));
        Assert.Equal("a", await Only($"b eq {true}"));
        Assert.Equal("a", await Only($"g eq {id}"));
        Assert.Equal("a", await Only($"t ge {time}"));
        Assert.Equal("b", await Only($"PartitionKey eq {"p"} and not (s eq {"it's"})"));
    }

    [Fact]
    public async Task An_injection_in_a_filter_finds_only_the_row_that_holds_it()
    {
        const string Attack = "x' or PartitionKey ne '";
        await Table.AddEntityAsync(new TableEntity("p", "a") { ["s"] = Attack });
        await Table.AddEntityAsync(new TableEntity("q", "b") { ["s"] = "x" });

        Assert.Equal("a", await Only($"s eq {Attack}"));
        Assert.Empty(await Table.QueryAsync($"PartitionKey eq {Attack}").ToListAsync());
    }

    [Fact]
    public async Task A_query_goes_on_from_its_token()
    {
        await Table.SubmitTransactionAsync(Enumerable.Range(0, 25).Select(
            i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"zoë {i:D2}"))));

        var pages = await Table.QueryAsync($"PartitionKey eq {"p"}", maxPerPage: 10).AsPages().ToListAsync();
        Assert.Equal([10, 10, 5], pages.Select(page => page.Values.Count));
        Assert.Null(pages[2].ContinuationToken);

        var rest = await Table.QueryAsync($"PartitionKey eq {"p"}", maxPerPage: 10).AsPages(pages[0].ContinuationToken).ToListAsync();
        Assert.Equal("zoë 10", rest[0].Values[0].RowKey);
        Assert.Equal(15, rest.Sum(page => page.Values.Count));
    }

    [Fact]
    public async Task A_wrong_key_is_refused_and_shown_nowhere()
    {
        const string WrongKey = "d3JvbmctYWNjb3VudC1rZXk=";
        var table = new TableServiceClient(azurite.TableEndpoint, new StorageSharedKeyCredential(AzuriteFixture.AccountName, WrongKey)).GetTableClient(_name);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityIfExistsAsync("p", "a"));

        Assert.Equal(403, refused.Status);
        Assert.DoesNotContain(WrongKey, refused.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> Only(TableFilter filter) => (await Table.QueryAsync(filter).SingleAsync()).RowKey;
}
