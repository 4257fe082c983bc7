using System.Text.Json.Nodes;
using Vorel.Azure.Tables;
using Xunit.Abstractions;

namespace Vorel.Azure.Tests.Referees;

/// <summary>Queries, pages and the tables themselves: both clients find the same.</summary>
[Collection(AzuriteCollection.Name)]
[Trait("Area", "host")]
public sealed class TableQueryRefereeTests(TableReferee referee, ITestOutputHelper output) : IClassFixture<TableReferee>
{
    [Fact]
    public async Task More_rows_than_a_page_holds_are_found_by_both_in_the_same_order()
    {
        var table = await referee.NewTable();
        string[] partitions = ["a'b", "ünï 😀"];
        foreach (var partition in partitions)
        {
            foreach (var rows in Enumerable.Range(0, 600).Select(number => new TableEntity(partition, $"{number:D4} %+&é") { ["n"] = (long)number }).Chunk(100))
            {
                await table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));
            }
        }

        var theirs = await referee.Query(table);
        Assert.Equal([1000, 200], theirs.Select(page => page.Count));
        Assert.Equal(Keys(theirs.SelectMany(page => page)), Keys(await table.QueryAsync(default).ToListAsync()));

        var theirPages = await referee.Query(table, pageSize: 450);
        var ourPages = await table.QueryAsync(default, maxPerPage: 450).AsPages().ToListAsync();
        Assert.Equal(theirPages.Select(page => Keys(page)), ourPages.Select(page => Keys(page.Values)));
        var resumed = await table.QueryAsync(default, maxPerPage: 450).AsPages(ourPages[0].ContinuationToken).ToListAsync();
        Assert.Equal(Keys(ourPages[1].Values), Keys(resumed[0].Values));
    }

    [Fact]
    public async Task A_selection_gives_both_the_same_columns()
    {
        var table = await referee.NewTable();
        await table.AddEntityAsync(new TableEntity("p", "a") { ["x"] = 1L, ["y"] = 2L, ["z"] = 3L });
        await referee.Write("create", table, new TableEntity("p", "b") { ["x"] = 4L, ["y"] = 5L });

        var ours = await table.QueryAsync(default, select: ["x", "z"]).ToListAsync();
        var theirs = (await referee.Query(table, select: ["partitionKey", "rowKey", "x", "z"])).SelectMany(page => page).ToList();

        Assert.Equal(Keys(theirs), Keys(ours));
        Assert.Equal([1L, 4L], ours.Select(row => row["x"]));
        Assert.Equal([3L, null], ours.Select(row => row["z"]));
        Assert.All(ours, row => Assert.False(row.ContainsKey("y")));
        Assert.Equal([1L, 4L], theirs.Select(row => row["x"]));
    }

    [Fact]
    public async Task Random_filters_find_the_same_rows_for_both_and_for_plain_comparison()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new FilterSource(seed);
        var table = await referee.NewTable();
        var rows = Enumerable.Range(0, 60).Select(number => random.Row($"{number:D2}")).ToList();
        await table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));

        for (var i = 0; i < 150; i++)
        {
            var filter = random.Filter(depth: 2);
            var expected = rows.Where(filter.Holds).Select(row => row.RowKey);
            var text = filter.ToOurs();
            var ours = (await table.QueryAsync(text).ToListAsync()).Select(row => row.RowKey);
            var theirs = (await referee.Query(table, filter.ToTheirs())).SelectMany(page => page).Select(row => row.RowKey);

            Assert.True(expected.SequenceEqual(ours, StringComparer.Ordinal), $"seed {seed}, ours: {text}");
            Assert.True(expected.SequenceEqual(theirs, StringComparer.Ordinal), $"seed {seed}, theirs: {filter.ToTheirs().ToJsonString()}");
        }
    }

    [Fact]
    public async Task Tables_that_one_made_are_listed_and_deleted_by_the_other()
    {
        var ours = await referee.NewTable();
        var theirs = referee.Ours.GetTableClient($"T{Guid.NewGuid():N}");
        await referee.Call("createTable", new JsonObject { ["table"] = theirs.Name });
        await referee.Call("createTable", new JsonObject { ["table"] = ours.Name });
        await theirs.CreateIfNotExistsAsync();

        var list = (await referee.Call("listTables", []))!.AsArray().Select(name => name!.GetValue<string>()).Order(StringComparer.Ordinal);
        Assert.Equal(list, await referee.Ours.GetTableNamesAsync());
        Assert.Contains(ours.Name, list);

        await referee.Call("deleteTable", new JsonObject { ["table"] = ours.Name });
        await theirs.DeleteAsync();
        Assert.Empty(new[] { ours.Name, theirs.Name }.Intersect(await referee.Ours.GetTableNamesAsync(), StringComparer.Ordinal));
    }

    private static IEnumerable<(string, string)> Keys(IEnumerable<TableEntity> rows) => rows.Select(row => (row.PartitionKey, row.RowKey));
}
