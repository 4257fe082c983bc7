using Azure;
using Vorel.Azure.Tables;

namespace Vorel.Azure.Tests.Tables;

public sealed class TableLimitsTests
{
    private readonly RecordingTransport _transport = new();
    private readonly TableClient _table;

    public TableLimitsTests() => _table = new TableServiceClient(
        new Uri("http://127.0.0.1:1/account"),
        new StorageSharedKeyCredential("account", "a2V5"),
        new TableClientOptions { Transport = _transport }).GetTableClient("Records");

    public static TheoryData<string, TableEntity> TooMuch() => new()
    {
        { "a string of 32,768 characters", With("n", new string('x', 32_768)) },
        { "a binary of 64 KiB and a byte", With("n", new byte[65_537]) },
        { "a partition key over 1 KiB", new TableEntity(new string('k', 513), "r") },
        { "a row key over 1 KiB", new TableEntity("p", new string('k', 513)) },
        { "a key with /", new TableEntity("p", "a/b") },
        { "a key with \\", new TableEntity("p", "a\\b") },
        { "a key with #", new TableEntity("p", "a#b") },
        { "a key with ?", new TableEntity("a?b", "r") },
        { "a key with a control character", new TableEntity("p", "a\u0001") },
        { "a key with a tab", new TableEntity("p", "a\tb") },
        { "a key with U+007F", new TableEntity("p", "a\u007F") },
        { "a key with U+009F", new TableEntity("p", "a\u009F") },
        { "a key with half a surrogate pair", new TableEntity("p", "a\uD800") },
        { "a string with half a surrogate pair", With("n", "\uDC00") },
        { "253 properties, the write id counted", Many(252, _ => "x") },
        { "an entity over 1 MiB", Many(17, _ => new byte[64 * 1024]) },
        { "a time before 1601", With("n", new DateTimeOffset(1600, 12, 31, 0, 0, 0, TimeSpan.Zero)) },
        { "a type that tables do not have", With("n", 1.5m) },
        { "a column name that is no identifier", With("a-b", "x") },
        { "an empty column name", With(string.Empty, "x") },
        { "a column name over 255 characters", With(new string('n', 256), "x") },
        { "a reserved column name", With("RowKey", "x") },
        { "the bookkeeping column", With("_w", Guid.Empty) },
    };

    public static TheoryData<string, TableEntity> JustEnough() => new()
    {
        { "a string of 32,767 characters", With("n", new string('x', 32_767)) },
        { "a binary of 64 KiB", With("n", new byte[65_536]) },
        { "keys of 1 KiB", new TableEntity(new string('k', 512), new string('k', 512)) },
        { "252 properties, the write id counted", Many(251, _ => "x") },
        { "an entity just below 1 MiB", Many(15, _ => new byte[64 * 1024]) },
        { "the year 1601", With("n", new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero)) },
        { "a surrogate pair", With("n", "\U0001F600") },
        { "empty keys", new TableEntity(string.Empty, string.Empty) },
    };

    [Theory]
    [MemberData(nameof(TooMuch))]
    public async Task Refuses_before_anything_is_sent(string what, TableEntity entity)
    {
        await Refused(() => _table.AddEntityAsync(entity));
        await Refused(() => _table.UpsertEntityAsync(entity));
        await Refused(() => _table.UpdateEntityAsync(entity, ETag.All));
        await Refused(() => Submit(new TableTransactionAction(TableTransactionActionType.Add, entity)));

        Assert.True(_transport.Sent.Count == 0, $"{what} was sent");
    }

    [Theory]
    [MemberData(nameof(JustEnough))]
    public async Task Sends_what_fits(string what, TableEntity entity)
    {
        await _table.AddEntityAsync(entity);

        Assert.True(_transport.Sent.Count == 1, $"{what} was not sent");
    }

    [Fact]
    public async Task Refuses_transactions_that_are_empty_too_long_too_large_or_span_partitions()
    {
        await Refused(() => Submit());
        await Refused(() => Submit([.. Enumerable.Range(0, 101).Select(i => Add("p", $"r{i}"))]));
        await Refused(() => Submit(Add("p", "a"), Add("q", "b")));
        await Refused(() => Submit(Add("p", "a"), new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity("p", "a"))));
        await Refused(() => Submit([.. Enumerable.Range(0, 8).Select(i => new TableTransactionAction(
            TableTransactionActionType.Add, Many(8, _ => new byte[60 * 1024], $"r{i}")))]));

        Assert.Empty(_transport.Sent);
    }

    [Fact]
    public async Task Refuses_keys_of_reads_and_deletes_and_names_of_tables_and_columns()
    {
        await Refused(() => _table.GetEntityIfExistsAsync("p", "a/b"));
        await Refused(() => _table.DeleteEntityAsync("p", "a/b"));
        await Refused(() => Submit(new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity("p", "a/b"))));
        await Refused(() => _table.GetEntityIfExistsAsync("p", "a", ["x,y"]));
        Assert.Throws<TableLimitException>(() => new TableServiceClient("UseDevelopmentStorage=true").GetTableClient("Tables('x')"));

        Assert.Empty(_transport.Sent);
    }

    [Fact]
    public async Task A_refusal_never_repeats_a_value()
    {
        var refused = await Assert.ThrowsAsync<TableLimitException>(() => _table.AddEntityAsync(With("phone", "+15550100" + new string('x', 33_000))));

        Assert.Contains("phone", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("+15550100", refused.ToString(), StringComparison.Ordinal);
    }

    private static async Task Refused(Func<Task> call) => await Assert.ThrowsAsync<TableLimitException>(call);

    private static TableEntity With(string name, object value) => new("p", "r") { [name] = value };

    private static TableEntity Many(int count, Func<int, object> value, string rowKey = "r") =>
        new("p", rowKey, Enumerable.Range(0, count).ToDictionary(i => $"c{i}", value));

    private static TableTransactionAction Add(string partition, string row) =>
        new(TableTransactionActionType.Add, new TableEntity(partition, row));

    private Task<Response<IReadOnlyList<Response>>> Submit(params TableTransactionAction[] actions) => _table.SubmitTransactionAsync(actions);
}
