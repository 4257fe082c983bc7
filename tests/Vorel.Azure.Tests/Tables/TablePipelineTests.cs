using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Azure;
using Azure.Core;
using Azure.Core.Diagnostics;
using Vorel.Azure.Tables;

namespace Vorel.Azure.Tests.Tables;

public sealed class TablePipelineTests
{
    private static readonly Uri s_endpoint = new("https://account.table.core.windows.net");

    [Fact]
    public async Task A_token_credential_sends_its_token_for_the_storage_scope()
    {
        var credential = new FixedToken();
        var transport = new RecordingTransport();
        var table = new TableServiceClient(s_endpoint, credential, new TableClientOptions { Transport = transport }).GetTableClient("Records");

        await table.AddEntityAsync(new TableEntity("p", "a"));

        Assert.Equal("Bearer the-token", transport.Sent[0].Headers["Authorization"]);
        Assert.Equal("https://storage.azure.com/.default", Assert.Single(credential.Scopes));
        Assert.Equal("https://account.table.core.windows.net/Records", transport.Sent[0].Uri);
    }

    [Theory]
    [InlineData("https://account.table.core.windows.net")]
    [InlineData("https://account.table.core.windows.net/")]
    [InlineData("http://127.0.0.1:10002/account")]
    public async Task Addresses_are_the_same_with_and_without_a_trailing_slash(string endpoint)
    {
        var transport = new RecordingTransport();
        var table = new TableServiceClient(
            new Uri(endpoint), new StorageSharedKeyCredential("account", "a2V5"), new TableClientOptions { Transport = transport }).GetTableClient("Records");

        await table.CreateIfNotExistsAsync();
        await table.DeleteEntityAsync("it's", "a|b c");
        await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", "a"))]));

        var root = endpoint.TrimEnd('/');
        Assert.Equal(
            [$"{root}/Tables", $"{root}/Records(PartitionKey='it%27%27s',RowKey='a%7Cb%20c')", $"{root}/$batch"],
            transport.Sent.Select(request => request.Uri));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_failing_service_is_asked_four_times_in_all(int status)
    {
        var transport = new RecordingTransport([.. Enumerable.Repeat<Func<Request, FakeResponse>>(_ => new FakeResponse(status), 9)]);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => Table(transport).AddEntityAsync(new TableEntity("p", "a")));

        Assert.Equal(status, refused.Status);
        Assert.Equal(4, transport.Sent.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(409)]
    [InlineData(412)]
    public async Task A_refusal_is_not_repeated_and_nothing_is_read_back(int status)
    {
        var transport = new RecordingTransport(_ => new FakeResponse(status));

        await Assert.ThrowsAsync<RequestFailedException>(() => Table(transport).AddEntityAsync(new TableEntity("p", "a")));

        Assert.Single(transport.Sent);
    }

    [Fact]
    public async Task Retry_after_is_honoured()
    {
        var transport = new RecordingTransport(_ => new FakeResponse(503, null, ("Retry-After", "1")), _ => new FakeResponse(204));
        var started = TimeProvider.System.GetTimestamp();

        await Table(transport).AddEntityAsync(new TableEntity("p", "a"));

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Each_write_has_an_id_of_its_own_and_a_repeated_write_keeps_it()
    {
        var bodies = new List<string>();
        FakeResponse Take(Request request, int status)
        {
            var body = new MemoryStream();
            request.Content!.WriteTo(body, CancellationToken.None);
            bodies.Add(System.Text.Encoding.UTF8.GetString(body.ToArray()));
            return new FakeResponse(status);
        }

        var table = Table(new RecordingTransport(request => Take(request, 503), request => Take(request, 204), request => Take(request, 204)));
        await table.AddEntityAsync(new TableEntity("p", "a"));
        await table.AddEntityAsync(new TableEntity("p", "a"));

        Assert.Equal(bodies[0], bodies[1]);
        Assert.NotEqual(bodies[0], bodies[2]);
        Assert.Contains("\"_w@odata.type\":\"Edm.Guid\"", bodies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_hold_no_content_no_filter_value_and_no_credential()
    {
        var log = new ConcurrentQueue<string>();
        using var listener = new AzureEventSourceListener((_, message) => log.Enqueue(message), EventLevel.LogAlways);
        var table = Table(new RecordingTransport(_ => new FakeResponse(204), _ => new FakeResponse(200, """{"value":[{"PartitionKey":"p","RowKey":"a","x":"secret-answer"}]}""")));

        await table.AddEntityAsync(new TableEntity("p", "a") { ["x"] = "secret-content" });
        await table.QueryAsync($"x eq {"secret-filter"}").ToListAsync();

        var all = string.Join('\n', log);
        Assert.Contains("Request [", all, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-", all, StringComparison.Ordinal);
        Assert.DoesNotContain("SharedKey account:", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AccountName=a")]
    [InlineData("AccountName=a;AccountKey=super-secret")]
    [InlineData("AccountName=a;AccountKey=c3VwZXItc2VjcmV0;TableEndpoint=super-secret")]
    [InlineData("super-secret")]
    public void A_malformed_connection_string_is_refused_without_repeating_it(string text)
    {
        var refused = Assert.ThrowsAny<Exception>(() => new TableServiceClient(text));

        Assert.True(refused is FormatException or ArgumentException);
        Assert.DoesNotContain("super-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_without_endpoints_names_the_public_cloud() =>
        Assert.Equal(
            "https://acc.table.core.windows.net/",
            new TableServiceClient("DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=a2V5;EndpointSuffix=core.windows.net").Uri.AbsoluteUri);

    private static TableClient Table(RecordingTransport transport) =>
        new TableServiceClient(s_endpoint, new StorageSharedKeyCredential("account", "a2V5"), new TableClientOptions { Transport = transport }).GetTableClient("Records");

    private sealed class FixedToken : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return new AccessToken("the-token", DateTimeOffset.UtcNow.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
