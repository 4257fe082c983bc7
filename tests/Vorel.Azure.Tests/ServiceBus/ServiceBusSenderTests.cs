using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Security.Cryptography.X509Certificates;
using Azure;
using Azure.Core.Diagnostics;
using Azure.Core.Pipeline;
using Vorel.Azure.ServiceBus;
using Vorel.Fakes;
using Vorel.Testing;

namespace Vorel.Azure.Tests.ServiceBus;

public sealed class ServiceBusSenderTests : IAsyncLifetime
{
    private readonly FakeServiceBus _bus = new();

    public Task InitializeAsync() => _bus.Start();

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task A_message_arrives_whole_with_a_shared_access_signature()
    {
        var message = Message("m-1");
        message.Subject = "Größe \"1\"\r\nX: y";
        message.CorrelationId = "c";
        message.SessionId = "s";
        message.ContentType = "application/json";
        message.ApplicationProperties["tenant"] = "a b; c=d";
        message.ApplicationProperties["truth"] = true;
        message.ApplicationProperties["count"] = -7L;

        await Sender().SendMessageAsync(message);

        var held = Assert.Single(_bus.Messages);
        Assert.Equal(("m-1", "Größe \"1\"\r\nX: y", "c", "s", "application/json"), (held.MessageId, held.Label, held.CorrelationId, held.SessionId, held.ContentType));
        Assert.Equal("body"u8.ToArray(), held.Body);
        Assert.Equal([("count", -7L), ("tenant", "a b; c=d"), ("truth", (object)true)], held.Properties.OrderBy(property => property.Key, StringComparer.Ordinal).Select(property => (property.Key, property.Value)));
    }

    [Fact]
    public async Task A_message_arrives_with_a_token_of_the_bus_scope()
    {
        var tokens = new CountingTokens(TimeSpan.FromHours(1), token => _bus.Access.Accept(token.Token, token.ExpiresOn));

        await Sender(tokens).SendMessageAsync(Message("m-1"));

        Assert.Equal("m-1", Assert.Single(_bus.Messages).MessageId);
        Assert.Equal("https://servicebus.azure.net/.default", Assert.Single(tokens.Scopes));
    }

    [Fact]
    public async Task A_token_that_has_expired_is_replaced()
    {
        var expiry = DateTimeOffset.MaxValue;
        var tokens = new CountingTokens(TimeSpan.FromSeconds(1), token =>
        {
            expiry = token.ExpiresOn < expiry ? token.ExpiresOn : expiry;
            _bus.Access.Accept(token.Token, token.ExpiresOn);
        });
        var sender = Sender(tokens);
        await sender.SendMessageAsync(Message("m-1"));
        await Eventually.True(() => DateTimeOffset.UtcNow > expiry, "the first token expires");

        await sender.SendMessageAsync(Message("m-2"));

        Assert.Equal(["m-1", "m-2"], _bus.Messages.Select(message => message.MessageId));
        Assert.Equal(2, _bus.Requests);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_and_not_repeated()
    {
        var wrong = _bus.ConnectionString.Replace(_bus.Access.Key, "c2VjcmV0LWtleQ==", StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => Sender(wrong).SendMessageAsync(Message("m-1")));

        Assert.Equal(401, refused.Status);
        Assert.Equal(1, _bus.Requests);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_refusal_is_not_repeated(int status)
    {
        _bus.Standing = BusFault.Answer(status);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => Sender().SendMessageAsync(Message("m-1")));

        Assert.Equal(status, refused.Status);
        Assert.Equal(1, _bus.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_outage_is_met_four_times_and_told(int status)
    {
        _bus.Standing = BusFault.Answer(status);

        var failed = await Assert.ThrowsAsync<RequestFailedException>(() => Sender().SendMessageAsync(Message("m-1")));

        Assert.Equal(status, failed.Status);
        Assert.Equal(4, _bus.Requests);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_told()
    {
        var sender = new ServiceBusClient(_bus.ConnectionString).CreateSender("other");

        Assert.Equal(410, (await Assert.ThrowsAsync<RequestFailedException>(() => sender.SendMessageAsync(Message("m-1")))).Status);
        Assert.Empty(_bus.Messages);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_throttled_message_waits_as_long_as_it_is_told_to(int status)
    {
        _bus.Faults.Enqueue(BusFault.Answer(status, retryAfter: 1));

        await Sender().SendMessageAsync(Message("m-1"));

        Assert.Single(_bus.Messages);
        var arrivals = _bus.Arrivals.ToArray();
        Assert.InRange(arrivals[1] - arrivals[0], TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_repeated_and_there_once()
    {
        _bus.Faults.Enqueue(new BusFault(BusFaultKind.LoseAnswer));
        _bus.Faults.Enqueue(new BusFault(BusFaultKind.Reset));

        await Sender().SendMessageAsync(Message("m-1"));

        Assert.Equal(3, _bus.Requests);
        Assert.Single(_bus.Messages);
    }

    [Fact]
    public async Task A_caller_who_goes_away_ends_the_call()
    {
        _bus.Standing = new BusFault(BusFaultKind.Hang);
        using var caller = new CancellationTokenSource();
        var sending = Sender().SendMessageAsync(Message("m-1"), caller.Token);
        await Eventually.True(() => _bus.Requests == 1, "the request arrives");

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(1, _bus.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_secret_is_in_an_exception_or_a_log(bool withToken)
    {
        _bus.Standing = BusFault.Answer(500);
        var log = new ConcurrentQueue<string>();
        using var listener = new AzureEventSourceListener((_, message) => log.Enqueue(message), EventLevel.LogAlways);
        var sender = withToken ? Sender(new CountingTokens(TimeSpan.FromHours(1), token => _bus.Access.Accept(token.Token, token.ExpiresOn))) : Sender();
        var message = Message("m-1");
        message.ApplicationProperties["tenant"] = "secret-property";

        var failed = await Assert.ThrowsAsync<RequestFailedException>(() => sender.SendMessageAsync(message));

        var all = failed + string.Join('\n', log);
        Assert.Contains("Request [", all, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-", all, StringComparison.Ordinal);
        Assert.DoesNotContain(_bus.Access.Key, all, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", all, StringComparison.Ordinal);
    }

    private static ServiceBusMessage Message(string id) => new(new BinaryData("body"u8.ToArray())) { MessageId = id };

    private ServiceBusSender Sender(string? connection = null) => new ServiceBusClient(connection ?? _bus.ConnectionString).CreateSender(FakeServiceBus.Topic);

    private ServiceBusSender Sender(CountingTokens tokens)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(_bus.Certificate);
        var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } };
        var options = new ServiceBusClientOptions { Transport = new HttpClientTransport(new HttpClient(handler)) };
        return new ServiceBusClient(_bus.FullyQualifiedNamespace, tokens, options).CreateSender(FakeServiceBus.Topic);
    }
}
