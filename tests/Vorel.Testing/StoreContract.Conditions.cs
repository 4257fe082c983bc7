using Vorel.Core.Storage;
using Xunit;

namespace Vorel.Testing;

/// <content>What a single write asks of the row that is there.</content>
public abstract partial class StoreContract
{
    [Fact]
    public async Task An_insert_of_a_taken_key_conflicts() => await AfterInsert(() =>
        Conflicts(0, RowConflict.AlreadyExists, new RowWrite.Insert("a", Columns("n", 2L))));

    [Fact]
    public async Task A_replace_drops_the_columns_it_does_not_name_and_changes_the_etag()
    {
        await Commit(new RowWrite.Insert("a", new Dictionary<string, object> { ["x"] = "1", ["y"] = "2" }));
        var before = (await Get("a"))!;

        await Commit(new RowWrite.Replace("a", before.ETag, Columns("y", "3")));

        var after = (await Get("a"))!;
        Assert.Equal([new("y", "3")], after.Columns);
        Assert.NotEqual(before.ETag, after.ETag);
        await Conflicts(0, RowConflict.Changed, new RowWrite.Replace("a", before.ETag, Columns("y", "4")));
        await Conflicts(0, RowConflict.Changed, new RowWrite.Delete("a", before.ETag));
    }

    [Fact]
    public async Task A_replace_with_a_star_asks_only_that_the_row_exists()
    {
        await Conflicts(0, RowConflict.NotFound, new RowWrite.Replace("a", "*", Columns("n", 1L)));
        await Commit(new RowWrite.Insert("a", Columns("n", 1L)));
        await Commit(new RowWrite.Replace("a", "*", Columns("n", 2L)));

        Assert.Equal(2L, (await Get("a"))!.Columns["n"]);
    }

    [Fact]
    public async Task An_upsert_adds_and_then_replaces_whole_rows()
    {
        await Commit(new RowWrite.Upsert("a", new Dictionary<string, object> { ["x"] = "1", ["y"] = "2" }));
        await Commit(new RowWrite.Upsert("a", Columns("y", "3")));

        Assert.Equal([new("y", "3")], (await Get("a"))!.Columns);
    }

    [Fact]
    public async Task A_delete_removes_the_row_and_a_second_one_finds_nothing()
    {
        await Commit(new RowWrite.Insert("a", Columns("n", 1L)));
        await Commit(new RowWrite.Delete("a", (await Get("a"))!.ETag));

        Assert.Null(await Get("a"));
        await Conflicts(0, RowConflict.NotFound, new RowWrite.Delete("a", "*"));
        await Conflicts(0, RowConflict.NotFound, new RowWrite.Delete("a", "*"), new RowWrite.Insert("b", Columns("n", 1L)));
    }

    [Fact]
    public async Task A_required_row_keeps_what_it_holds_and_must_be_there()
    {
        await Conflicts(0, RowConflict.NotFound, new RowWrite.Require("a"));
        await Commit(new RowWrite.Insert("a", Columns("n", 1L)));
        var before = (await Get("a"))!;
        await Commit(new RowWrite.Require("a"));
        await Commit(new RowWrite.Require("a"), new RowWrite.Upsert("b", Columns("n", 2L)));

        Assert.Equal(before.Columns, (await Get("a"))!.Columns);
        await Conflicts(0, RowConflict.Changed, new RowWrite.Delete("a", before.ETag));
        await Conflicts(1, RowConflict.NotFound, new RowWrite.Upsert("b", Columns("n", 3L)), new RowWrite.Require("c"));
        Assert.Equal(2L, (await Get("b"))!.Columns["n"]);
    }
}
