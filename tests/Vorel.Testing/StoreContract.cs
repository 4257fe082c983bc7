using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Xunit;

namespace Vorel.Testing;

/// <summary>What every <see cref="IRowStore"/> promises; each store's test class derives from this.</summary>
public abstract partial class StoreContract
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private readonly Partition _tenant = Partition.Of(TenantId.New(TimeProvider.System));
    private readonly string _table = $"T{Guid.NewGuid():N}";

    /// <summary>The store under test.</summary>
    protected abstract IRowStore Store { get; }

    [Fact]
    public async Task Every_type_of_column_comes_back_as_it_was_written()
    {
        var columns = new Dictionary<string, object>
        {
            ["text"] = "Zoë 'quoted' \"twice\" \\ / \u2028 \U0001F600 {\"a\":1}\r\nPOST http://x HTTP/1.1",
            ["empty"] = string.Empty,
            ["yes"] = true,
            ["no"] = false,
            ["big"] = long.MaxValue,
            ["small"] = -1L,
            ["fraction"] = 0.1,
            ["whole"] = 3.0,
            ["huge"] = 1e300,
            ["time"] = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero).AddTicks(1234567),
            ["id"] = Guid.Parse("0198c2f0-1111-7222-8333-444455556666"),
            ["bytes"] = new byte[] { 0, 1, 254, 255 },
            ["none"] = Array.Empty<byte>(),
        };

        await Commit(new RowWrite.Insert("one", columns));
        await Commit(new RowWrite.Insert("two", columns), new RowWrite.Insert("three", columns));

        foreach (var row in await All())
        {
            Assert.Equal(columns.OrderBy(column => column.Key, StringComparer.Ordinal), row.Columns.OrderBy(column => column.Key, StringComparer.Ordinal));
            Assert.NotEmpty(row.ETag);
        }

        Assert.Equal(3, (await All()).Count);
    }

    [Fact]
    public async Task Times_are_kept_in_utc()
    {
        var time = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));
        await Commit(new RowWrite.Insert("a", Columns("at", time)));

        var read = (DateTimeOffset)(await Get("a"))!.Columns["at"];

        Assert.Equal(time, read);
        Assert.Equal(TimeSpan.Zero, read.Offset);
    }

    [Theory]
    [InlineData("lead|0f", "with space")]
    [InlineData("it's", "''")]
    [InlineData("100%25", "a+b&c=d;e,f")]
    [InlineData("zoë", "(x)")]
    [InlineData("x' or PartitionKey ne '", "..")]
    public async Task Keys_of_every_kind_name_their_row(string first, string second)
    {
        await Commit(new RowWrite.Insert(first, Columns("n", 1L)));
        await Commit(new RowWrite.Insert(second, Columns("n", 2L)), new RowWrite.Upsert("other", Columns("n", 3L)));
        await Commit(new RowWrite.Replace(first, (await Get(first))!.ETag, Columns("n", 4L)), new RowWrite.Delete("other", "*"));

        Assert.Equal(4L, (await Get(first))!.Columns["n"]);
        Assert.Equal(2L, (await Get(second))!.Columns["n"]);
        Assert.Equal(new[] { first, second }.Order(StringComparer.Ordinal), (await All()).Select(row => row.Key));
    }

    [Fact]
    public async Task A_missing_table_reads_as_empty()
    {
        Assert.Null(await Get("a"));
        Assert.Empty(await All());
        Assert.Empty(await Store.ReadHints(HintTable.PurgeIndex, new RowRange(null, "/"), 10, s_none));
    }

    [Fact]
    public async Task A_missing_row_is_null() => await AfterInsert(async () => Assert.Null(await Get("b")));

    [Fact]
    public async Task A_conflict_anywhere_undoes_the_whole_transaction_and_names_the_write()
    {
        await Commit(new RowWrite.Insert("c", Columns("n", 1L)));

        await Conflicts(2, RowConflict.AlreadyExists,
            new RowWrite.Insert("a", Columns("n", 1L)), new RowWrite.Upsert("b", Columns("n", 1L)), new RowWrite.Insert("c", Columns("n", 2L)));
        await Conflicts(1, RowConflict.NotFound,
            new RowWrite.Delete("c", "*"), new RowWrite.Replace("a", "*", Columns("n", 1L)), new RowWrite.Insert("d", Columns("n", 1L)));

        Assert.Equal("c", Assert.Single(await All()).Key);
    }

    [Fact]
    public async Task A_hundred_rows_commit_in_one_transaction()
    {
        await Commit([.. Enumerable.Range(0, 100).Select(i => new RowWrite.Insert($"r{i:D3}", Columns("n", (long)i)))]);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"r{i:D3}"), (await All()).Select(row => row.Key));
    }

    [Fact]
    public async Task A_range_is_half_open_and_ordinal()
    {
        await Commit([.. new[] { "B", "a", "b", "b|1", "b|2", "b}", "c" }.Select(key => new RowWrite.Insert(key, Columns("n", 1L)))]);

        Assert.Equal(["b", "b|1", "b|2", "b}"], await Keys(new RowRange("b", "c")));
        Assert.Equal(["b|1", "b|2"], await Keys(RowRange.Prefix("b|")));
        Assert.Equal(["b|2"], await Keys(RowRange.Prefix("b|").After("b|1")));
        Assert.Equal(["b|1", "b|2", "b}", "c"], await Keys(RowRange.All.After("b")));
        Assert.Equal(["B", "a"], await Keys(new RowRange(null, "b")));
        Assert.Empty(await Keys(new RowRange("d", null)));
        Assert.Empty(await Keys(new RowRange("d", "e")));
    }

    [Fact]
    public async Task A_query_goes_on_over_pages_and_may_be_left_early()
    {
        for (var hundred = 0; hundred < 11; hundred++)
        {
            await Commit([.. Enumerable.Range(hundred * 100, 100).Select(i => new RowWrite.Insert($"r{i:D4}", Columns("n", (long)i)))]);
        }

        Assert.Equal(Enumerable.Range(0, 1100).Select(i => $"r{i:D4}"), await Keys(RowRange.All));
        Assert.Equal("r0007", (await Store.Query(_table, _tenant, RowRange.All, s_none).Skip(7).FirstAsync()).Key);
    }

    [Fact]
    public async Task A_tenant_never_sees_the_rows_of_another()
    {
        var other = Partition.Of(TenantId.New(TimeProvider.System));
        await Commit(new RowWrite.Insert("a", Columns("n", 1L)));
        await Store.Commit(_table, other, [new RowWrite.Insert("a", Columns("n", 2L)), new RowWrite.Insert("b", Columns("n", 3L))], s_none);

        Assert.Equal(1L, Assert.Single(await All()).Columns["n"]);
        Assert.Null(await Get("b"));
        await Conflicts(0, RowConflict.NotFound, new RowWrite.Delete("b", "*"));
    }

    [Fact]
    public async Task Hints_are_read_across_the_partitions_of_a_range_oldest_first()
    {
        foreach (var (bucket, key) in new[] { ("2026-01-02|0", "b"), ("2026-01-01|3", "a"), ("2026-01-02|1", "c"), ("2026-01-03|0", "d") })
        {
            await Store.Commit(nameof(HintTable.Due), Partition.Due(bucket), [new RowWrite.Insert(key, Columns("n", 1L))], s_none);
        }

        var until = RowRange.Prefix("2026-01-02") with { From = null };
        Assert.Equal([("2026-01-01|3", "a"), ("2026-01-02|0", "b"), ("2026-01-02|1", "c")], await Read(until, 10));
        Assert.Equal([("2026-01-01|3", "a"), ("2026-01-02|0", "b")], await Read(until, 2));
        Assert.Equal([("2026-01-02|0", "b"), ("2026-01-02|1", "c")], await Read(RowRange.Prefix("2026-01-02"), 10));
        Assert.Equal([("2026-01-02|1", "c"), ("2026-01-03|0", "d")], await Read(new RowRange("2026-01-02|1", "2026-01-04"), 10));
        Assert.Equal([("2026-01-01|3", "a")], await Read(RowRange.All, 1));

        async Task<IEnumerable<(string, string)>> Read(RowRange partitions, int take) =>
            (await Store.ReadHints(HintTable.Due, partitions, take, s_none)).Select(hint => (hint.Partition.Value, hint.Row.Key));
    }

    [Fact]
    public async Task A_familys_tables_are_listed_and_one_is_dropped_with_all_its_rows()
    {
        var family = $"F{Guid.NewGuid():N}";
        foreach (var table in (string[])[family + "20260102", family + "20260101", "x" + family])
        {
            await Store.Commit(table, _tenant, [new RowWrite.Insert("a", Columns("n", 1L))], s_none);
        }

        Assert.Equal([family + "20260101", family + "20260102"], await Store.ListTables(family, s_none));
        await Store.DropTable(family + "20260101", s_none);
        await Store.DropTable(family + "20260101", s_none);

        Assert.Equal([family + "20260102"], await Store.ListTables(family, s_none));
        Assert.Null(await Store.Get(family + "20260101", _tenant, "a", s_none));
        Assert.NotNull(await Store.Get(family + "20260102", _tenant, "a", s_none));
    }

    [Fact]
    public async Task A_late_change_brings_no_dropped_table_back()
    {
        var table = $"F{Guid.NewGuid():N}";
        await Store.Commit(table, _tenant, [new RowWrite.Insert("a", Columns("n", 1L))], s_none);
        await Store.DropTable(table, s_none);
        RowWrite[] late = [new RowWrite.Replace("a", "*", Columns("n", 2L)), new RowWrite.Delete("a", "*"), new RowWrite.Require("a")];
        foreach (var write in late)
        {
            await Assert.ThrowsAsync<RowConflictException>(() => Store.Commit(table, _tenant, [write], s_none));
            await Assert.ThrowsAsync<RowConflictException>(() => Store.Commit(table, _tenant, [new RowWrite.Upsert("b", Columns("n", 3L)), write], s_none));
        }

        Assert.Empty(await Store.ListTables(table, s_none));
    }

    [Fact]
    public async Task What_the_caller_changes_afterwards_does_not_change_the_row()
    {
        var bytes = new byte[] { 1, 2, 3 };
        var columns = new Dictionary<string, object> { ["bytes"] = bytes };
        await Commit(new RowWrite.Insert("a", columns));
        bytes[0] = 9;
        columns["more"] = "x";

        Assert.Equal([1, 2, 3], (byte[])Assert.Single((await Get("a"))!.Columns).Value);
    }

    [Fact]
    public async Task Of_many_inserts_of_one_key_at_once_one_wins()
    {
        await Commit(new RowWrite.Insert("first", Columns("n", 0L)));
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            try
            {
                await Commit(new RowWrite.Insert("a", Columns("n", (long)i)), new RowWrite.Insert($"own{i}", Columns("n", (long)i)));
                return true;
            }
            catch (RowConflictException conflict)
            {
                Assert.Equal((0, RowConflict.AlreadyExists), (conflict.Index, conflict.Conflict));
                return false;
            }
        }));

        Assert.Single(results, won => won);
        Assert.Equal(3, (await All()).Count);
    }

    [Fact]
    public async Task What_no_table_can_hold_is_refused_and_nothing_is_written()
    {
        await Refused();
        await Refused([.. Enumerable.Range(0, 101).Select(i => new RowWrite.Insert($"r{i}", Columns("n", 1L)))]);
        await Refused(new RowWrite.Insert("a", Columns("n", 1L)), new RowWrite.Delete("a", "*"));
        await Refused(new RowWrite.Insert("a/b", Columns("n", 1L)));
        await Refused(new RowWrite.Insert("a", Columns("n", new string('x', 32_768))));
        await Refused(new RowWrite.Insert("a", Columns("n", new byte[65_537])));
        await Refused(new RowWrite.Insert("a", Columns("n", 1)));
        await Refused(new RowWrite.Insert("a", Columns("n", DateTime.UtcNow)));
        await Refused(new RowWrite.Insert("a", Columns("_w", "x")));
        await Refused(new RowWrite.Delete("a", string.Empty));
        await Refused([.. Enumerable.Range(0, 8).Select(i => new RowWrite.Insert(
            $"r{i}", Enumerable.Range(0, 8).ToDictionary(column => $"c{column}", object (_) => new byte[60 * 1024])))]);
        await Refused([.. Enumerable.Range(0, 50).Select(i => new RowWrite.Insert($"r{i}", Columns("n", new string('\u00e9', 20_000))))]);

        Assert.Empty(await All());

        Task Refused(params RowWrite[] writes) => Assert.ThrowsAnyAsync<ArgumentException>(() => Commit(writes));
    }

    [Fact]
    public async Task A_cancelled_call_throws_that_it_was_cancelled() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.Commit(_table, _tenant, [new RowWrite.Insert("a", Columns("n", 1L))], new CancellationToken(canceled: true)));

    private static Dictionary<string, object> Columns(string name, object value) => new() { [name] = value };

    private Task<Row?> Get(string key) => Store.Get(_table, _tenant, key, s_none);

    private async Task<IReadOnlyList<Row>> All() => await Store.Query(_table, _tenant, RowRange.All, s_none).ToListAsync();

    private async Task<IReadOnlyList<string>> Keys(RowRange range) =>
        await Store.Query(_table, _tenant, range, s_none).Select(row => row.Key).ToListAsync();

    private Task Commit(params RowWrite[] writes) => Store.Commit(_table, _tenant, writes, s_none);

    private async Task Conflicts(int index, RowConflict conflict, params RowWrite[] writes)
    {
        var refused = await Assert.ThrowsAsync<RowConflictException>(() => Commit(writes));
        Assert.Equal((index, conflict), (refused.Index, refused.Conflict));
    }

    private async Task AfterInsert(Func<Task> then)
    {
        await Commit(new RowWrite.Insert("a", Columns("n", 1L)));
        await then();
    }
}
