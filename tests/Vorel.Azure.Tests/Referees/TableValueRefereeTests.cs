using Azure;
using Vorel.Azure.Tables;

namespace Vorel.Azure.Tests.Referees;

/// <summary>Values, names and keys: what one client writes, the other reads as it was.</summary>
[Collection(AzuriteCollection.Name)]
[Trait("Area", "host")]
public sealed class TableValueRefereeTests(TableReferee referee) : IClassFixture<TableReferee>
{
    public static TheoryData<string, object> Values { get; } = new()
    {
        { "zero", 0 },
        { "least int", int.MinValue },
        { "greatest int", int.MaxValue },
        { "a long that fits an int", 5L },
        { "the first long that a double cannot hold", 9_007_199_254_740_993L },
        { "least long", long.MinValue },
        { "greatest long", long.MaxValue },
        { "half", 0.5 },
        { "a double that is whole", 5.0 },
        { "a tenth", 0.1 },
        { "least double", double.MinValue },
        { "greatest double", double.MaxValue },
        { "least denormal", double.Epsilon },
        { "least normal", 2.2250738585072014E-308 },
        { "a double beyond all longs", 1e300 },
        { "not a number", double.NaN },
        { "infinity", double.PositiveInfinity },
        { "negative infinity", double.NegativeInfinity },
        { "true", true },
        { "false", false },
        { "a time with ticks", new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero).AddTicks(1_234_567) },
        { "a time of one tick", new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(1) },
        { "the first time", new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero) },
        { "the last time", DateTimeOffset.MaxValue },
        { "no guid", Guid.Empty },
        { "a guid", Guid.Parse("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0") },
        { "no bytes", Array.Empty<byte>() },
        { "every byte", Enumerable.Range(0, 256).Select(value => (byte)value).ToArray() },
        { "64 KiB", new byte[64 * 1024] },
        { "no text", "" },
        { "a blank", " " },
        { "line separators", "a\u2028b\u2029c\u0085d" },
        { "surrogate pairs", "😀𝄞\U0010FFFF" },
        { "white space", "\t\r\n" },
        { "the last of the plane", "\uFFFD\uFEFF\u200B" },
        { "quotes and syntax", "'\"\\/<&>%20+{}[]$`" },
        { "looks like a number", "007" },
        { "looks like a time", "2026-01-01T00:00:00Z" },
        { "looks like an annotation", "Edm.Int64" },
        { "the longest text", new string('x', 32_767) },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_that_we_wrote_is_read_as_it_was(string what, object value)
    {
        var table = await referee.NewTable();
        await table.AddEntityAsync(new TableEntity("p", what) { ["Value"] = value });
        await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "batch") { ["Value"] = value })]);

        Assert.Equal(value, Same((await referee.Get(table, "p", what))["Value"], value));
        Assert.Equal(value, Same((await referee.Get(table, "p", "batch"))["Value"], value));
        Assert.Equal(value, (await table.GetEntityAsync("p", what)).Value["Value"]);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_that_they_wrote_is_read_as_it_was(string what, object value)
    {
        var table = await referee.NewTable();
        await referee.Write("create", table, new TableEntity("p", what) { ["Value"] = value });

        Assert.Equal(value, (await table.GetEntityAsync("p", what)).Value["Value"]);
        Assert.Equal(value, Assert.Single(await table.QueryAsync($"PartitionKey eq {"p"}").ToListAsync())["Value"]);
    }

    /// <summary>Ours alone: the emulator spoils characters that fall between two packets, and only our client sends ASCII whatever the text.</summary>
    [Fact]
    public async Task The_longest_text_beyond_ascii_that_we_wrote_is_read_as_it_was()
    {
        var table = await referee.NewTable();
        var text = new string('ä', 32_767);
        await table.AddEntityAsync(new TableEntity("p", "a") { ["Value"] = text });

        Assert.Equal(text, (await referee.Get(table, "p", "a"))["Value"]);
    }

    [Theory]
    [InlineData("A")]
    [InlineData("_")]
    [InlineData("odata")]
    [InlineData("Straße_ſ_名前")]
    [InlineData("a1_")]
    public async Task A_property_name_is_the_same_to_both(string name)
    {
        var table = await referee.NewTable();
        await table.AddEntityAsync(new TableEntity("p", "ours") { [name] = 1L });
        await referee.Write("create", table, new TableEntity("p", "theirs") { [name] = 2L });

        Assert.Equal(1L, (await referee.Get(table, "p", "ours"))[name]);
        Assert.Equal(2L, (await table.GetEntityAsync("p", "theirs")).Value[name]);
        Assert.Equal([1L, 2L], (await table.QueryAsync(default, select: [name]).ToListAsync()).Select(row => row[name]));
    }

    [Fact]
    public async Task A_row_of_252_properties_with_long_names_is_the_same_to_both()
    {
        var table = await referee.NewTable();
        var names = Enumerable.Range(0, 251).Select(number => $"p{number:D3}".PadRight(255, 'x')).ToList();
        var columns = names.ToDictionary(name => name, name => (object)name, StringComparer.Ordinal);
        await table.AddEntityAsync(new TableEntity("p", "ours", columns));
        await referee.Write("create", table, new TableEntity("p", "theirs", columns));

        Assert.Equal(columns, await Columns(referee.Get(table, "p", "ours")));
        Assert.Equal(columns, await Columns(Ours(table, "p", "theirs")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b ")]
    [InlineData("it's ''quoted''")]
    [InlineData("100%")]
    [InlineData("%2F%27")]
    [InlineData("a+b")]
    [InlineData("a&b=c;d,e")]
    [InlineData("(x)='y'")]
    [InlineData("..")]
    [InlineData("!@$^*~`|{}[]<>\":_-")]
    [InlineData("ünïcödé 名前")]
    [InlineData("😀\U0010FFFF")]
    [InlineData("\u00A0\u3000")]
    [InlineData("e\u0301")]
    public async Task A_key_of_special_characters_names_the_same_row_to_both(string key)
    {
        var table = await referee.NewTable();
        await table.AddEntityAsync(new TableEntity(key, key) { ["n"] = 1L });
        await referee.Write("create", table, new TableEntity(key, $"{key}2") { ["n"] = 2L });
        await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity(key, $"{key}3") { ["n"] = 3L })]);
        await referee.Transact(table, ("create", new TableEntity(key, $"{key}4") { ["n"] = 4L }, null, null));

        Assert.Equal(1L, (await referee.Get(table, key, key))["n"]);
        Assert.Equal(2L, (await table.GetEntityAsync(key, $"{key}2")).Value["n"]);
        Assert.Equal(3L, (await referee.Get(table, key, $"{key}3"))["n"]);
        Assert.Equal(4L, (await table.GetEntityAsync(key, $"{key}4")).Value["n"]);
        var second = $"{key}2";
        var filtered = await table.QueryAsync($"PartitionKey eq {key} and RowKey ge {second}").ToListAsync();
        Assert.Equal([2L, 3L, 4L], filtered.Select(row => row["n"]));

        await table.UpdateEntityAsync(new TableEntity(key, $"{key}2") { ["n"] = 5L }, ETag.All, TableUpdateMode.Replace);
        await referee.Write("update", table, new TableEntity(key, key) { ["n"] = 6L }, "Replace", "*");
        Assert.Equal(5L, (await referee.Get(table, key, $"{key}2"))["n"]);
        Assert.Equal(6L, (await table.GetEntityAsync(key, key)).Value["n"]);
        await table.DeleteEntityAsync(key, $"{key}4");
        await referee.Delete(table, key, $"{key}3", "*");
        Assert.Equal(2, (await referee.Query(table)).Sum(page => page.Count));
    }

    /// <summary>What the referee cannot say itself: a double that is whole has no mark of its type in its answers.</summary>
    private static object? Same(object? read, object written) => (read, written) switch
    {
        (int whole, double) => (double)whole,
        _ => read,
    };

    private static async Task<TableEntity> Ours(TableClient table, string partitionKey, string rowKey) => (await table.GetEntityAsync(partitionKey, rowKey)).Value;

    private static async Task<Dictionary<string, object>> Columns(Task<TableEntity> entity) => new(await entity, StringComparer.Ordinal);
}
