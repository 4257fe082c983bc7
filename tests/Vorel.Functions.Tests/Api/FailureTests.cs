using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Storage;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api;

public sealed class FailureTests
{
    [Fact]
    public async Task While_the_store_is_down_every_call_is_503_with_a_time_to_come_back()
    {
        await using var api = await ApiHarness.Start(services => services.AddSingleton<IRowStore>(new BrokenStore(new StoreUnavailableException("Table X did not answer."))));

        var answer = await api.As("vapk_live_" + new string('0', 48)).Get("/v1/leads");

        Assert.Equal((503, "unavailable"), (answer.Status, answer.Code));
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.DoesNotContain("Table X", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_ours_is_500_and_tells_nothing()
    {
        await using var api = await ApiHarness.Start(services => services.AddSingleton<IRowStore>(new BrokenStore(new InvalidOperationException("AccountKey=secret"))));

        var answer = await api.Operator.Post("/api/tenant", """{"name":"Test"}""");

        Assert.Equal((500, "internal_error"), (answer.Status, answer.Code));
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Body, StringComparison.Ordinal);
    }

    private sealed class BrokenStore(Exception failure) : IRowStore
    {
        public Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken) => throw failure;

        public IAsyncEnumerable<Row> Query(string table, Partition partition, RowRange range, CancellationToken cancellationToken) => throw failure;

        public Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken) => throw failure;

        public Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(
            HintTable table, string lastPartitionPrefix, int take, CancellationToken cancellationToken) => throw failure;
    }
}
