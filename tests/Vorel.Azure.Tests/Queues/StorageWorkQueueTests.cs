using Vorel.Azure.Queues;
using Vorel.Core.Messaging;
using Vorel.Core.Storage;
using Vorel.Testing;
using Vorel.Testing.Faults;

namespace Vorel.Azure.Tests.Queues;

[Collection(AzuriteCollection.Name)]
public sealed class StorageWorkQueueTests(AzuriteFixture azurite)
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly string _name = $"q-{Guid.NewGuid():N}";
    private readonly StorageWorkQueue _work = new(new QueueServiceClient(azurite.ConnectionString));

    private QueueClient Queue => field ??= new QueueClient(azurite.ConnectionString, _name);

    [Fact]
    public async Task A_put_makes_the_queue_and_a_show_makes_the_message_visible_once()
    {
        var receipt = await _work.Put(_name, "{\"v\":1}", TimeSpan.FromMinutes(1), s_none);
        Assert.Empty((await Queue.PeekMessagesAsync()).Value);

        Assert.True(await _work.Show(_name, receipt, s_none));
        Assert.False(await _work.Show(_name, receipt, s_none));

        var message = Assert.Single((await Queue.PeekMessagesAsync()).Value);
        Assert.Equal("{\"v\":1}", message.MessageText);
        Assert.Equal(9999, message.ExpiresOn?.Year);
    }

    [Fact]
    public async Task What_is_kept_for_people_can_be_seen_at_once_and_ends_by_itself()
    {
        await _work.Keep(_name, "what was it", TimeSpan.FromDays(7), s_none);

        var message = Assert.Single((await Queue.PeekMessagesAsync()).Value);
        Assert.Equal("what was it", message.MessageText);
        Assert.Equal(TimeSpan.FromDays(7), message.ExpiresOn - message.InsertedOn);
    }

    [Fact]
    public async Task A_message_can_be_taken_back_until_it_was_taken()
    {
        var first = await _work.Put(_name, "first", TimeSpan.FromMinutes(1), s_none);
        Assert.True(await _work.Remove(_name, first, s_none));
        Assert.False(await _work.Remove(_name, first, s_none));

        var second = await _work.Put(_name, "second", TimeSpan.Zero, s_none);
        Assert.Single((await Queue.ReceiveMessagesAsync()).Value);
        Assert.False(await _work.Remove(_name, second, s_none));
        Assert.False(await _work.Show(_name, second, s_none));
    }

    [Fact]
    public async Task What_is_taken_is_hidden_and_can_be_removed()
    {
        Assert.Empty(await _work.Take(_name, 32, TimeSpan.FromMinutes(1), s_none));
        await _work.Put(_name, "first", TimeSpan.Zero, s_none);
        await _work.Put(_name, "second", TimeSpan.Zero, s_none);

        var taken = await _work.Take(_name, 32, TimeSpan.FromMinutes(1), s_none);

        Assert.Equal(["first", "second"], taken.Select(message => message.Body).Order(StringComparer.Ordinal));
        Assert.Empty(await _work.Take(_name, 32, TimeSpan.FromMinutes(1), s_none));
        Assert.All(await Task.WhenAll(taken.Select(message => _work.Remove(_name, message.Receipt, s_none))), Assert.True);
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("eA")]
    [InlineData("/////")]
    public async Task A_text_that_somebody_else_put_and_that_is_not_base64_is_taken_as_it_is_and_the_others_with_it(string text)
    {
        await _work.Put(_name, "ours", TimeSpan.Zero, s_none);
        await new QueueClient(azurite.ConnectionString, _name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }).SendMessageAsync(text);

        var taken = await _work.Take(_name, 32, TimeSpan.FromMinutes(1), s_none);

        Assert.Equal(["ours", text], taken.Select(message => message.Body).OrderByDescending(body => body == "ours"));
        Assert.All(await Task.WhenAll(taken.Select(message => _work.Remove(_name, message.Receipt, s_none))), Assert.True);
    }

    [Fact]
    public async Task A_receipt_for_a_queue_that_is_not_there_is_gone() =>
        Assert.False(await _work.Show(_name, new QueueReceipt(Guid.NewGuid().ToString(), "x"), s_none));

    [Fact]
    public async Task A_queue_that_does_not_answer_is_unavailable()
    {
        await using var proxy = new FaultProxy(azurite.ConnectionString);
        var work = new StorageWorkQueue(new QueueServiceClient(proxy.ConnectionString));
        using var fault = proxy.Add(new Fault(FaultKind.LoseRequest));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => work.Put(_name, "x", TimeSpan.Zero, s_none));
        Assert.Equal(4, fault.Hits);
    }

    [Fact]
    public async Task A_put_whose_answer_is_lost_is_there_at_least_once()
    {
        await Queue.CreateIfNotExistsAsync();
        await using var proxy = new FaultProxy(azurite.ConnectionString);
        var work = new StorageWorkQueue(new QueueServiceClient(proxy.ConnectionString));
        using var fault = proxy.Add(new Fault(FaultKind.LoseAnswer) { Count = 1 });

        await work.Put(_name, "x", TimeSpan.Zero, s_none);

        Assert.Equal(1, fault.Hits);
        Assert.All((await Queue.PeekMessagesAsync(32)).Value, message => Assert.Equal("x", message.MessageText));
        Assert.NotEmpty((await Queue.PeekMessagesAsync(32)).Value);
    }
}
