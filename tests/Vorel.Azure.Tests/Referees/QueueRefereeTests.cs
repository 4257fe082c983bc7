using System.Text;
using System.Text.Json.Nodes;
using Azure;
using Vorel.Azure.Queues;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Referees;

/// <summary>Messages, their visibility and the queues themselves, between two clients of different make.</summary>
[Collection(AzuriteCollection.Name)]
[Trait("Area", "host")]
public sealed class QueueRefereeTests(QueueReferee referee) : IClassFixture<QueueReferee>
{
    public static TheoryData<string> Texts { get; } = new()
    {
        """{"v":1,"tenant":"t","row":"outbox|1"}""",
        "<a b=\"c\">&amp;'\"</a><![CDATA[x]]>",
        "ünï 名前 😀\U0010FFFF\u2028",
        " \ta\nb ",
        " ",
        "AAAA",
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_text_is_the_same_to_both_in_base64(string text)
    {
        var queue = await referee.NewQueue();
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        await queue.SendMessageAsync(text);
        Assert.Equal(encoded, Assert.Single(await referee.Peek(queue)).Text);
        await referee.Send(queue, encoded);

        Assert.Equal([text, text], (await queue.PeekMessagesAsync(32)).Value.Select(message => message.MessageText));
        Assert.Equal([text, text], (await queue.ReceiveMessagesAsync(32)).Value.Select(message => message.MessageText));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_text_is_the_same_to_both_as_it_is(string text)
    {
        var queue = await referee.NewQueue(QueueMessageEncoding.None);
        await queue.SendMessageAsync(text);
        Assert.Equal(text, Assert.Single(await referee.Peek(queue)).Text);
        await referee.Send(queue, text);

        Assert.Equal([text, text], (await queue.PeekMessagesAsync(32)).Value.Select(message => message.MessageText));
        Assert.Equal([text, text], (await queue.ReceiveMessagesAsync(32)).Value.Select(message => message.MessageText));
    }

    /// <summary>Ours alone: their client gives a carriage return as the reference that XML writes it as.</summary>
    [Fact]
    public async Task Line_ends_that_we_wrote_as_they_are_come_back()
    {
        var queue = await referee.NewQueue(QueueMessageEncoding.None);
        await queue.SendMessageAsync("a\r\nb\rc");

        Assert.Equal("a&#xD;\nb&#xD;c", Assert.Single(await referee.Peek(queue)).Text);
        Assert.Equal("a\r\nb\rc", Assert.Single((await queue.PeekMessagesAsync()).Value).MessageText);
    }

    [Fact]
    public async Task The_largest_message_passes_in_both_directions_and_one_byte_more_in_none()
    {
        const int MaxEncoded = 64 * 1024;
        var base64 = await referee.NewQueue();
        var text = new string('x', 48 * 1024);
        await base64.SendMessageAsync(text);
        Assert.Equal(MaxEncoded, Assert.Single(await referee.Peek(base64)).Text.Length);
        await Assert.ThrowsAsync<ArgumentException>(() => base64.SendMessageAsync(text + "x"));

        var plain = await referee.NewQueue(QueueMessageEncoding.None);
        await referee.Send(plain, new string('x', MaxEncoded));
        Assert.Equal(MaxEncoded, Assert.Single((await plain.PeekMessagesAsync()).Value).MessageText.Length);
        await Assert.ThrowsAsync<ArgumentException>(() => plain.SendMessageAsync(new string('x', MaxEncoded + 1)));
        Assert.Equal(413, (await Assert.ThrowsAsync<RefereeException>(() => referee.Send(plain, new string('x', MaxEncoded + 1)))).Status);
    }

    [Fact]
    public async Task A_receipt_of_one_serves_the_other_until_it_is_spent()
    {
        var queue = await referee.NewQueue();
        await queue.SendMessageAsync("first");
        var ours = Assert.Single((await queue.ReceiveMessagesAsync(1, TimeSpan.FromMinutes(1))).Value);
        Assert.Empty(await referee.Receive(queue, hidden: 60));

        var theirs = await referee.Update(queue, ours.MessageId, ours.PopReceipt, Encode("second"), hidden: 0);
        Assert.Equal("second", Assert.Single((await queue.PeekMessagesAsync()).Value).MessageText);
        await Refused(() => queue.DeleteMessageAsync(ours.MessageId, ours.PopReceipt));
        var again = (await queue.UpdateMessageAsync(ours.MessageId, theirs, visibilityTimeout: TimeSpan.FromMinutes(1))).Value.PopReceipt;
        await Refused(() => referee.Remove(queue, ours.MessageId, theirs));
        Assert.Empty(await referee.Peek(queue));
        await referee.Remove(queue, ours.MessageId, again);
        await Refused(() => queue.UpdateMessageAsync(ours.MessageId, again));
    }

    [Fact]
    public async Task A_receipt_of_the_put_serves_the_other()
    {
        var queue = await referee.NewQueue();
        var put = (await queue.SendMessageAsync("ours", TimeSpan.FromMinutes(1))).Value;
        var (id, receipt) = await referee.Send(queue, Encode("theirs"), hidden: 60);
        Assert.Empty((await queue.PeekMessagesAsync(32)).Value);

        await referee.Update(queue, put.MessageId, put.PopReceipt, text: null, hidden: 0);
        await queue.UpdateMessageAsync(id, receipt, visibilityTimeout: TimeSpan.Zero);

        Assert.Equal(["ours", "theirs"], (await queue.PeekMessagesAsync(32)).Value.Select(message => message.MessageText).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Both_count_the_receptions_and_looking_is_none()
    {
        var queue = await referee.NewQueue();
        await queue.SendMessageAsync("x");
        for (var count = 1; count <= 4; count += 2)
        {
            var ours = Assert.Single((await queue.ReceiveMessagesAsync(1, TimeSpan.FromMinutes(1))).Value);
            Assert.Equal(count, ours.DequeueCount);
            await queue.UpdateMessageAsync(ours.MessageId, ours.PopReceipt);
            var theirs = Assert.Single(await referee.Receive(queue, hidden: 60));
            Assert.Equal(count + 1, theirs.DequeueCount);
            await referee.Update(queue, theirs.Id, theirs.Receipt!, text: null, hidden: 0);
        }

        Assert.Equal(4, Assert.Single(await referee.Peek(queue)).DequeueCount);
        Assert.Equal(4, Assert.Single((await queue.PeekMessagesAsync()).Value).DequeueCount);
    }

    [Fact]
    public async Task What_becomes_invisible_for_a_second_is_found_by_the_other_afterwards()
    {
        var queue = await referee.NewQueue();
        await queue.SendMessageAsync("ours", TimeSpan.FromSeconds(1));
        await referee.Send(queue, Encode("theirs"), hidden: 1);

        await Eventually.True(async () => (await referee.Peek(queue)).Count == 2, "both messages became visible");
    }

    [Fact]
    public async Task Never_is_the_same_to_both_and_a_message_that_is_too_old_is_gone()
    {
        var queue = await referee.NewQueue();
        await queue.SendMessageAsync("ours", timeToLive: TimeSpan.FromSeconds(-1));
        await referee.Send(queue, Encode("theirs"), life: -1);
        await queue.SendMessageAsync("mortal", timeToLive: TimeSpan.FromSeconds(1));
        await referee.Send(queue, Encode("mortal"), life: 1);

        await Eventually.True(async () => (await queue.PeekMessagesAsync(32)).Value.Length == 2, "the mortal ones are gone");
        Assert.All(await referee.Peek(queue), message => Assert.Equal(9999, message.Expires.Year));
        Assert.All((await queue.PeekMessagesAsync(32)).Value, message => Assert.Equal(9999, message.ExpiresOn?.Year));
    }

    [Fact]
    public async Task Both_count_visible_and_invisible_messages_and_clear_them()
    {
        var queue = await referee.NewQueue();
        await queue.SendMessageAsync("a");
        await queue.SendMessageAsync("b", TimeSpan.FromMinutes(1));
        await referee.Send(queue, Encode("c"));

        Assert.Equal(3, (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
        Assert.Equal(3, (await referee.Call("count", Named(queue)))!.GetValue<int>());
        await queue.ClearMessagesAsync();
        Assert.Equal(0, (await referee.Call("count", Named(queue)))!.GetValue<int>());
        await referee.Send(queue, Encode("d"));
        await referee.Call("clear", Named(queue));
        Assert.Equal(0, (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task Queues_that_one_made_are_listed_and_deleted_by_the_other()
    {
        var ours = await referee.NewQueue();
        var theirs = referee.Ours().GetQueueClient($"q-{Guid.NewGuid():N}");
        await referee.Call("create", Named(theirs));
        await theirs.CreateIfNotExistsAsync();

        var list = (await referee.Call("list", []))!.AsArray().Select(name => name!.GetValue<string>()).Order(StringComparer.Ordinal);
        Assert.Equal(list, await referee.Ours().GetQueueNamesAsync());
        Assert.Contains(ours.Name, list);

        await referee.Call("delete", Named(ours));
        await theirs.DeleteIfExistsAsync();
        Assert.Equal(404, (await ours.DeleteIfExistsAsync()).Status);
        Assert.Empty(new[] { ours.Name, theirs.Name }.Intersect(await referee.Ours().GetQueueNamesAsync(), StringComparer.Ordinal));
        Assert.Equal("QueueNotFound", (await Assert.ThrowsAsync<RequestFailedException>(() => ours.PeekMessagesAsync())).ErrorCode);
        Assert.Equal("QueueNotFound", (await Assert.ThrowsAsync<RefereeException>(() => referee.Peek(theirs))).Code);
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static JsonObject Named(QueueClient queue) => new() { ["queue"] = queue.Name };

    /// <summary>Either client's refusal of a spent receipt.</summary>
    private static async Task Refused(Func<Task> call)
    {
        var code = await Record.ExceptionAsync(call) switch
        {
            RequestFailedException ours => ours.ErrorCode,
            RefereeException theirs => theirs.Code,
            var other => throw new InvalidOperationException("It was not refused by the service.", other),
        };
        Assert.Contains(code, new[] { "PopReceiptMismatch", "MessageNotFound" });
    }
}
