using Azure;
using Vorel.Azure.Queues;
using Vorel.Azure.Tables;
using Vorel.Testing;
using Vorel.Testing.Faults;

namespace Vorel.Azure.Tests.Testing;

[Collection(AzuriteCollection.Name)]
[Trait("Area", "host")]
public sealed class FaultProxyTests : IAsyncLifetime
{
    private readonly FaultProxy _proxy;
    private readonly TableClient _direct;
    private readonly TableClient _table;
    private readonly QueueClient _queue;

    public FaultProxyTests(AzuriteFixture azurite)
    {
        var name = $"T{Guid.NewGuid():N}";
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        var queues = new QueueClientOptions();
        queues.Retry.MaxRetries = 0;
        _proxy = new FaultProxy(azurite.ConnectionString);
        _direct = new TableServiceClient(azurite.ConnectionString).GetTableClient(name);
        _table = new TableServiceClient(_proxy.ConnectionString, options).GetTableClient(name);
        _queue = new QueueClient(_proxy.ConnectionString, name.ToLowerInvariant(), queues);
    }

    public Task InitializeAsync() => _direct.CreateIfNotExistsAsync();

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Fact]
    public async Task What_no_fault_hits_passes_unchanged_with_its_signature()
    {
        const string Key = "it's 100% & +ünï 😀";
        await _table.AddEntityAsync(new TableEntity("p", Key) { ["b"] = new byte[64 * 1024] });
        await _table.SubmitTransactionAsync([.. Enumerable.Range(0, 99).Select(i => new TableTransactionAction(TableTransactionActionType.Add, Row($"{i:D2}")))]);
        await _queue.CreateIfNotExistsAsync();
        await _queue.SendMessageAsync("<ünï & 😀>");

        Assert.Equal(64 * 1024, (await _table.GetEntityAsync("p", Key)).Value.GetBinary("b")!.Length);
        Assert.Equal(100, (await _table.QueryAsync(default, maxPerPage: 7).ToListAsync()).Count);
        Assert.Equal("<ünï & 😀>", Assert.Single((await _queue.PeekMessagesAsync()).Value).MessageText);
        Assert.Equal(1 + 1 + 2 + 1 + 15 + 1, _proxy.Requests);
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.Equal(0, _proxy.Hits(kind)));
    }

    [Fact]
    public async Task A_busy_service_says_so_as_Azure_does_and_does_nothing()
    {
        await _queue.CreateIfNotExistsAsync();
        using (_proxy.Add(new Fault(FaultKind.Busy) { RetryAfter = TimeSpan.FromSeconds(7) }))
        {
            var table = await Assert.ThrowsAsync<RequestFailedException>(() => _table.AddEntityAsync(Row("a")));
            var batch = await Assert.ThrowsAsync<TableTransactionFailedException>(
                () => _table.SubmitTransactionAsync([new(TableTransactionActionType.Add, Row("b"))]));
            var queue = await Assert.ThrowsAsync<RequestFailedException>(() => _queue.SendMessageAsync("x"));

            Assert.All([table, batch, queue], busy => Assert.Equal((503, "ServerBusy"), (busy.Status, busy.ErrorCode)));
            Assert.All([table, queue], busy => Assert.Equal("7", busy.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var wait) ? wait : null));
        }

        Assert.Equal(3, _proxy.Hits(FaultKind.Busy));
        Assert.Empty(await _direct.QueryAsync(default).ToListAsync());
        Assert.Empty((await _queue.PeekMessagesAsync()).Value);
    }

    [Fact]
    public async Task A_lost_request_is_not_carried_out_and_a_lost_answer_is()
    {
        using var request = _proxy.Add(new Fault(FaultKind.LoseRequest) { Count = 1 });
        Assert.Equal(0, (await Assert.ThrowsAsync<RequestFailedException>(() => _table.AddEntityAsync(Row("a")))).Status);
        using var answer = _proxy.Add(new Fault(FaultKind.LoseAnswer) { Count = 1 });
        Assert.Equal(0, (await Assert.ThrowsAsync<RequestFailedException>(() => _table.AddEntityAsync(Row("b")))).Status);

        Assert.Equal((1, 1), (request.Hits, answer.Hits));
        Assert.Equal(["b"], (await _direct.QueryAsync(default).ToListAsync()).Select(row => row.RowKey));
    }

    [Fact]
    public async Task A_delayed_request_is_carried_out_although_its_sender_gave_up()
    {
        using var fault = _proxy.Add(new Fault(FaultKind.Delay) { Count = 1, Lateness = TimeSpan.FromSeconds(2) });
        using var patience = new CancellationTokenSource();
        var call = _table.AddEntityAsync(Row("a"), patience.Token);
        await Eventually.True(() => fault.Hits == 1, "the request is held");

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.False((await _direct.GetEntityIfExistsAsync("p", "a")).HasValue);
        await Eventually.True(async () => (await _direct.GetEntityIfExistsAsync("p", "a")).HasValue, "the late request was carried out");
    }

    [Fact]
    public async Task A_rule_chooses_by_service_method_and_content_and_counts()
    {
        using var fault = _proxy.Add(new Fault(FaultKind.Busy)
        {
            Service = StorageService.Table,
            Matches = request => request is { Method: "POST", IsWrite: true } && request.Path.EndsWith("/$batch", StringComparison.Ordinal)
                && request.Content.Contains("\"RowKey\":\"b\"", StringComparison.Ordinal),
            Skip = 1,
            Count = 2,
        });

        await _queue.CreateIfNotExistsAsync();
        await _table.AddEntityAsync(Row("b"));
        await Batch("a");
        await Batch("b");
        await Assert.ThrowsAsync<TableTransactionFailedException>(() => Batch("b"));
        await Batch("a");
        await Assert.ThrowsAsync<TableTransactionFailedException>(() => Batch("b"));
        await Batch("b");

        Assert.Equal(2, fault.Hits);
    }

    [Fact]
    public async Task The_same_seed_hits_the_same_requests()
    {
        var first = await Draw();
        Assert.Equal(first, await Draw());
        Assert.Contains(true, first);
        Assert.Contains(false, first);

        async Task<IReadOnlyList<bool>> Draw()
        {
            using var fault = _proxy.Add(new Fault(FaultKind.Busy) { Probability = 0.5, Seed = 1 });
            var hits = new List<bool>();
            for (var i = 0; i < 12; i++)
            {
                var before = fault.Hits;
                await Record.ExceptionAsync(() => _table.GetEntityIfExistsAsync("p", "a"));
                hits.Add(fault.Hits > before);
            }

            Assert.Contains("seed 1:", fault.ToString(), StringComparison.Ordinal);
            return hits;
        }
    }

    [Fact]
    public async Task A_rule_ends_when_its_time_is_over_or_all_are_lifted()
    {
        using var over = _proxy.Add(new Fault(FaultKind.Busy) { Lasts = TimeSpan.Zero });
        Assert.False((await _table.GetEntityIfExistsAsync("p", "a")).HasValue);
        Assert.Equal(0, over.Hits);

        var lasting = _proxy.Add(new Fault(FaultKind.Busy) { Lasts = TimeSpan.FromMinutes(10) });
        await Assert.ThrowsAsync<RequestFailedException>(() => _table.GetEntityIfExistsAsync("p", "a"));
        Assert.Equal(1, lasting.Hits);
        _proxy.LiftAll();
        Assert.False((await _table.GetEntityIfExistsAsync("p", "a")).HasValue);
    }

    private static TableEntity Row(string key) => new("p", key) { ["n"] = 1L };

    private async Task Batch(string key) => await _table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertReplace, Row(key))]);
}
