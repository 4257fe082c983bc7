using Vorel.LocalHost.Development;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Tests.Support;

namespace Vorel.LocalHost.Tests.Handler;

public sealed class ReadinessProbeTests
{
    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData(null)]
    public async Task Any_answer_is_ready_even_one_that_is_cut_or_no_http(string? answer)
    {
        await using var handler = new RawHandler { Answer = _ => answer };
        using var client = new HttpClient();
        await new ReadinessProbe(client).Ready(handler.Endpoint.Address, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("GET / HTTP/1.1", handler.Requests.First().Line);
    }

    [Fact]
    public async Task Only_a_socket_error_keeps_it_asking()
    {
        using var client = new HttpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new ReadinessProbe(client).Ready(new Uri($"http://127.0.0.1:{LoopbackPorts.Free()}"), limit.Token));
    }
}
