using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Vorel.Azure.Stores;
using Vorel.Azure.Tables;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Azure.Tests.Stores;

public sealed class TableRowStoreOutageTests
{
    private static readonly RowWrite[] s_writes = [new RowWrite.Insert("a", new Dictionary<string, object> { ["phone"] = "+15550100" })];
    private readonly Partition _tenant = Partition.Of(TenantId.New(TimeProvider.System));

    [Fact]
    public async Task A_service_that_hangs_is_unavailable()
    {
        var hanging = new HangingTransport();
        var options = new TableClientOptions { Transport = hanging, Retry = { NetworkTimeout = TimeSpan.FromMilliseconds(20), Delay = TimeSpan.FromMilliseconds(1) } };

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Store(options).Commit("Records", _tenant, s_writes, CancellationToken.None));

        Assert.Equal(4, hanging.Calls);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        using var caller = new CancellationTokenSource();
        var hanging = new HangingTransport();
        var commit = Store(new TableClientOptions { Transport = hanging }).Commit("Records", _tenant, s_writes, caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        Assert.Equal(1, hanging.Calls);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_service_that_sheds_calls_is_unavailable_and_the_exception_holds_no_content(int status)
    {
        var transport = new RecordingTransport([.. Enumerable.Repeat<Func<Request, FakeResponse>>(_ => new FakeResponse(status), 4)]);

        var unavailable = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => Store(new TableClientOptions { Transport = transport }).Commit("Records", _tenant, s_writes, CancellationToken.None));

        Assert.DoesNotContain("+15550100", unavailable.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    public async Task A_refusal_is_no_outage(int status)
    {
        var transport = new RecordingTransport(_ => new FakeResponse(status));

        var refused = await Assert.ThrowsAsync<RequestFailedException>(
            () => Store(new TableClientOptions { Transport = transport }).Commit("Records", _tenant, s_writes, CancellationToken.None));

        Assert.Equal(status, refused.Status);
    }

    [Fact]
    public async Task A_table_that_is_being_deleted_is_unavailable()
    {
        var transport = new RecordingTransport(_ => new FakeResponse(409, null, ("x-ms-error-code", "TableBeingDeleted")));

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => Store(new TableClientOptions { Transport = transport }).Commit("Records", _tenant, s_writes, CancellationToken.None));
    }

    private static TableRowStore Store(TableClientOptions options) => new(new TableServiceClient(
        new Uri("http://127.0.0.1:1/account"), new StorageSharedKeyCredential("account", "a2V5"), options));

    /// <summary>Never answers; ends when the pipeline gives the try up.</summary>
    private sealed class HangingTransport : HttpPipelineTransport
    {
        public int Calls { get; private set; }

        public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

        public override void Process(HttpMessage message) => throw new NotSupportedException("Only asynchronous calls are made.");

        public override async ValueTask ProcessAsync(HttpMessage message)
        {
            Calls++;
            await Task.Delay(Timeout.Infinite, message.CancellationToken);
        }
    }
}
