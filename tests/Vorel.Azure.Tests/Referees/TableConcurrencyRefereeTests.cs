using Azure;
using Vorel.Azure.Tables;

namespace Vorel.Azure.Tests.Referees;

/// <summary>Versions, merges and transactions between two clients of different make.</summary>
[Collection(AzuriteCollection.Name)]
[Trait("Area", "host")]
public sealed class TableConcurrencyRefereeTests(TableReferee referee) : IClassFixture<TableReferee>
{
    [Fact]
    public async Task Our_etag_serves_them_and_theirs_serves_us()
    {
        var table = await referee.NewTable();
        var ours = (await table.AddEntityAsync(Row("a", 1))).Headers.ETag!.Value;
        Assert.Equal(ours, (await referee.Get(table, "p", "a")).ETag);

        var theirs = new ETag(await referee.Write("update", table, Row("a", 2), "Replace", ours.ToString("H")));
        Assert.Equal(theirs, (await table.GetEntityAsync("p", "a")).Value.ETag);
        var again = (await table.UpdateEntityAsync(Row("a", 3), theirs, TableUpdateMode.Replace)).Headers.ETag!.Value;

        await Refused(412, () => referee.Write("update", table, Row("a", 4), "Replace", ours.ToString("H")));
        await Refused(412, () => referee.Delete(table, "p", "a", theirs.ToString("H")));
        await Refused(412, () => table.UpdateEntityAsync(Row("a", 4), theirs, TableUpdateMode.Merge));
        await Refused(412, () => table.DeleteEntityAsync("p", "a", ours));
        await referee.Delete(table, "p", "a", again.ToString("H"));
        Assert.Equal(404, (await table.DeleteEntityAsync("p", "a")).Status);
    }

    [Fact]
    public async Task Both_are_refused_what_is_there_and_what_is_gone()
    {
        var table = await referee.NewTable();
        await table.AddEntityAsync(Row("a", 1));

        await Refused(409, () => referee.Write("create", table, Row("a", 2)));
        await referee.Write("create", table, Row("b", 1));
        await Refused(409, () => table.AddEntityAsync(Row("b", 2)));
        await Refused(404, () => referee.Write("update", table, Row("c", 1), "Merge", "*"));
        await Refused(404, () => table.UpdateEntityAsync(Row("c", 1), ETag.All));
        await Refused(404, () => referee.Get(table, "p", "c"));
        await Refused(404, () => table.GetEntityAsync("p", "c"));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge, new[] { "kept", "n" })]
    [InlineData(TableUpdateMode.Replace, new[] { "n" })]
    public async Task A_merge_keeps_the_others_columns_and_a_replace_drops_them(TableUpdateMode mode, string[] left)
    {
        var table = await referee.NewTable();
        foreach (var key in new[] { "their-update", "their-upsert" })
        {
            await table.AddEntityAsync(new TableEntity("p", key) { ["kept"] = "ours", ["n"] = 1L });
        }

        foreach (var key in new[] { "our-update", "our-upsert", "our-batch" })
        {
            await referee.Write("create", table, new TableEntity("p", key) { ["kept"] = "theirs", ["n"] = 1L });
        }

        await referee.Write("update", table, Row("their-update", 2), mode.ToString(), "*");
        await referee.Write("upsert", table, Row("their-upsert", 2), mode.ToString());
        await table.UpdateEntityAsync(Row("our-update", 2), ETag.All, mode);
        await table.UpsertEntityAsync(Row("our-upsert", 2), mode);
        var kind = mode == TableUpdateMode.Merge ? TableTransactionActionType.UpdateMerge : TableTransactionActionType.UpdateReplace;
        await table.SubmitTransactionAsync([new(kind, Row("our-batch", 2), ETag.All)]);

        var theirs = (await referee.Query(table)).SelectMany(page => page).ToList();
        var ours = await table.QueryAsync(default).ToListAsync();
        Assert.Equal((5, 5), (theirs.Count, ours.Count));
        Assert.All(theirs, row => Assert.Equal((string.Join(' ', left), 2L), (string.Join(' ', row.Keys.Order(StringComparer.Ordinal)), row["n"])));
        Assert.All(ours, row => Assert.Equal(left, row.Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_transaction_of_one_is_read_by_the_other_and_its_etags_hold()
    {
        var table = await referee.NewTable();
        await referee.Write("create", table, Row("gone", 1));
        var merged = new ETag(await referee.Write("create", table, Row("merged", 1)));

        var ours = (await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, Row("it's <b>&", 1)),
            new(TableTransactionActionType.UpdateMerge, Row("merged", 2), merged),
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "new") { ["text"] = "a\r\n--changeset\u2028😀" }),
            new(TableTransactionActionType.Delete, new TableEntity("p", "gone")),
        ])).Value;
        var theirs = await referee.Transact(
            table,
            ("update", Row("it's <b>&", 3), "Merge", ours[0].Headers.ETag!.Value.ToString("H")),
            ("upsert", Row("new", 4), "Merge", null),
            ("create", new TableEntity("p", "late") { ["text"] = "a\r\n--batch\t😀" }, null, null),
            ("delete", new TableEntity("p", "merged"), null, null));

        var rows = await table.QueryAsync(default).ToDictionaryAsync(row => row.RowKey, StringComparer.Ordinal);
        Assert.Equal(["it's <b>&", "late", "new"], rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((3L, 4L), (rows["it's <b>&"]["n"], rows["new"]["n"]));
        Assert.Equal("a\r\n--changeset\u2028😀", rows["new"]["text"]);
        Assert.Equal("a\r\n--batch\t😀", rows["late"]["text"]);
        Assert.Equal([theirs[0], theirs[1], theirs[2]], new[] { "it's <b>&", "new", "late" }.Select(key => rows[key].ETag.ToString("H")));
        Assert.Equal("a\r\n--changeset\u2028😀", (await referee.Get(table, "p", "new"))["text"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    public async Task Both_are_told_which_action_of_a_transaction_was_refused_and_nothing_is_written(int index)
    {
        var table = await referee.NewTable();
        await referee.Write("create", table, Row($"{index:D2}", 1));
        var rows = Enumerable.Range(0, 100).Select(number => Row($"{number:D2}", 2)).ToList();

        var ours = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row))));
        var theirs = await Assert.ThrowsAsync<RefereeException>(
            () => referee.Transact(table, [.. rows.Select(row => ("create", row, (string?)null, (string?)null))]));

        Assert.Equal((409, "EntityAlreadyExists", index), (ours.Status, ours.ErrorCode, ours.FailedTransactionActionIndex));
        Assert.Equal((409, "EntityAlreadyExists"), (theirs.Status, theirs.Code));
        Assert.Contains($"{index}:", theirs.Message, StringComparison.Ordinal);
        Assert.Equal(1L, Assert.Single((await referee.Query(table)).SelectMany(page => page))["n"]);
    }

    [Fact]
    public async Task A_transaction_with_a_stale_etag_is_refused_to_both()
    {
        var table = await referee.NewTable();
        var stale = (await table.AddEntityAsync(Row("a", 1))).Headers.ETag!.Value;
        await referee.Write("update", table, Row("a", 2), "Merge", stale.ToString("H"));

        var ours = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, Row("b", 1)), new(TableTransactionActionType.UpdateReplace, Row("a", 3), stale)]));
        await Refused(412, () => referee.Transact(table, ("create", Row("b", 1), null, null), ("update", Row("a", 3), "Replace", stale.ToString("H"))));

        Assert.Equal((412, 1), (ours.Status, ours.FailedTransactionActionIndex));
        Assert.Equal(2L, Assert.Single(await table.QueryAsync(default).ToListAsync())["n"]);
    }

    private static TableEntity Row(string key, long n) => new("p", key) { ["n"] = n };

    /// <summary>Either client's refusal.</summary>
    private static async Task Refused(int status, Func<Task> call)
    {
        var refused = await Record.ExceptionAsync(call);
        Assert.Equal(status, refused switch
        {
            RequestFailedException ours => ours.Status,
            RefereeException theirs => theirs.Status,
            _ => throw new InvalidOperationException("It was not refused by the service.", refused),
        });
    }
}
