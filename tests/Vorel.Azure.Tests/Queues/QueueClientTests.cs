using Azure;
using Vorel.Azure.Queues;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Queues;

[Collection(AzuriteCollection.Name)]
public sealed class QueueClientTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _name = $"q-{Guid.NewGuid():N}";

    private QueueClient Queue => field ??= new QueueClient(azurite.ConnectionString, _name);

    public Task InitializeAsync() => Queue.CreateIfNotExistsAsync();

    public Task DisposeAsync() => Queue.DeleteIfExistsAsync();

    [Theory]
    [InlineData("{\"v\":1}")]
    [InlineData("Zoë <b>&amp;</b> \u2028 \U0001F600 \r\n\t ")]
    [InlineData("")]
    public async Task A_message_comes_back_as_it_was_put(string text)
    {
        SendReceipt put = await Queue.SendMessageAsync(text);
        var message = Assert.Single((await Queue.ReceiveMessagesAsync()).Value);

        Assert.Equal(text, message.MessageText);
        Assert.Equal(put.MessageId, message.MessageId);
        Assert.Equal(1, message.DequeueCount);
    }

    [Fact]
    public async Task Text_goes_as_base64_and_a_foreign_text_is_refused_when_it_is_read()
    {
        var plain = new QueueClient(azurite.ConnectionString, _name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        await Queue.SendMessageAsync("{}");
        Assert.Equal("e30=", Assert.Single((await plain.ReceiveMessagesAsync()).Value).MessageText);

        await plain.SendMessageAsync("not base64 <&>");
        var foreign = Assert.Single((await Queue.PeekMessagesAsync()).Value);
        Assert.Equal("not base64 <&>", foreign.EncodedText);
        Assert.Throws<FormatException>(() => foreign.MessageText);
    }

    [Fact]
    public async Task A_delayed_message_is_invisible_until_it_is_shown_and_never_expires()
    {
        SendReceipt put = await Queue.SendMessageAsync("later", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(-1));
        Assert.Equal(9999, put.ExpirationTime.Year);
        Assert.InRange(put.TimeNextVisible - put.InsertionTime, TimeSpan.FromSeconds(299), TimeSpan.FromSeconds(301));
        Assert.Empty((await Queue.ReceiveMessagesAsync()).Value);

        await Queue.UpdateMessageAsync(put.MessageId, put.PopReceipt);

        Assert.Equal("later", Assert.Single((await Queue.ReceiveMessagesAsync()).Value).MessageText);
    }

    [Fact]
    public async Task A_received_message_is_hidden_and_the_update_can_hide_it_longer_or_change_its_text()
    {
        await Queue.SendMessageAsync("one");
        var first = Assert.Single((await Queue.ReceiveMessagesAsync(visibilityTimeout: TimeSpan.FromMinutes(1))).Value);
        Assert.Empty((await Queue.PeekMessagesAsync()).Value);

        UpdateReceipt hidden = await Queue.UpdateMessageAsync(first.MessageId, first.PopReceipt, visibilityTimeout: TimeSpan.FromMinutes(2));
        await Queue.UpdateMessageAsync(first.MessageId, hidden.PopReceipt, "two");

        var second = Assert.Single((await Queue.ReceiveMessagesAsync()).Value);
        Assert.Equal(("two", 2L), (second.MessageText, second.DequeueCount));
    }

    [Fact]
    public async Task A_spent_receipt_is_refused()
    {
        SendReceipt put = await Queue.SendMessageAsync("one");
        var taken = Assert.Single((await Queue.ReceiveMessagesAsync()).Value);

        await Assert.ThrowsAsync<RequestFailedException>(() => Queue.DeleteMessageAsync(put.MessageId, put.PopReceipt));
        await Queue.DeleteMessageAsync(taken.MessageId, taken.PopReceipt);

        var gone = await Assert.ThrowsAsync<RequestFailedException>(() => Queue.DeleteMessageAsync(taken.MessageId, taken.PopReceipt));
        Assert.Equal((404, "MessageNotFound"), (gone.Status, gone.ErrorCode));
    }

    [Fact]
    public async Task Up_to_32_messages_are_received_at_once_and_a_peek_takes_none()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Queue.SendMessageAsync($"m{i}")));

        Assert.Equal(32, (await Queue.PeekMessagesAsync(32)).Value.Length);
        Assert.Equal(32, (await Queue.ReceiveMessagesAsync(32)).Value.Length);
        Assert.Equal(8, (await Queue.ReceiveMessagesAsync(32)).Value.Length);
        Assert.Equal(40, (await Queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task Clearing_removes_every_message_and_deleting_the_queue()
    {
        await Queue.SendMessageAsync("one");
        await Queue.ClearMessagesAsync();
        Assert.Equal(0, (await Queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);

        var service = new QueueServiceClient(azurite.ConnectionString);
        Assert.Contains(_name, await service.GetQueueNamesAsync());
        await Queue.DeleteIfExistsAsync();
        Assert.DoesNotContain(_name, await service.GetQueueNamesAsync());
        Assert.Equal(404, (await Queue.DeleteIfExistsAsync()).Status);
        var missing = await Assert.ThrowsAsync<RequestFailedException>(() => Queue.SendMessageAsync("one"));
        Assert.Equal("QueueNotFound", missing.ErrorCode);
    }

    [Fact]
    public async Task Making_a_queue_twice_is_no_error() => await Queue.CreateIfNotExistsAsync();

    [Fact]
    public async Task A_message_over_the_limit_is_refused_before_it_is_sent()
    {
        var transport = new RecordingTransport();
        var queue = new QueueClient(azurite.ConnectionString, _name, new QueueClientOptions { Transport = transport });

        await Assert.ThrowsAsync<ArgumentException>(() => queue.SendMessageAsync(new string('x', (48 * 1024) + 1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => queue.SendMessageAsync("x", TimeSpan.FromDays(7.1)));
        Assert.Empty(transport.Sent);

        await Queue.SendMessageAsync(new string('x', 48 * 1024));
        Assert.Equal(48 * 1024, Assert.Single((await Queue.ReceiveMessagesAsync()).Value).MessageText.Length);
    }
}
