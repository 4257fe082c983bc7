using System.Text.Json.Nodes;
using Vorel.Azure.Queues;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Referees;

/// <summary><c>@azure/storage-queue</c> on the emulator that our client talks to.</summary>
public sealed class QueueReferee(AzuriteFixture azurite) : Referee("tests/referees/queues.mjs")
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Arguments => [azurite.QueueEndpoint.ToString(), AzuriteFixture.AccountName, AzuriteFixture.AccountKey];

    /// <summary>Our client's account, in an encoding.</summary>
    public QueueServiceClient Ours(QueueMessageEncoding encoding = QueueMessageEncoding.Base64) =>
        new(azurite.ConnectionString, new QueueClientOptions { MessageEncoding = encoding });

    /// <summary>A queue of its own for a test.</summary>
    public async Task<QueueClient> NewQueue(QueueMessageEncoding encoding = QueueMessageEncoding.Base64)
    {
        var queue = Ours(encoding).GetQueueClient($"q-{Guid.NewGuid():N}");
        await queue.CreateIfNotExistsAsync();
        return queue;
    }

    /// <summary>Puts a text as it shall lie on the wire.</summary>
    public async Task<(string Id, string Receipt)> Send(QueueClient queue, string text, int? hidden = null, int? life = null)
    {
        var sent = await Call("send", new JsonObject { ["queue"] = queue.Name, ["text"] = text, ["hidden"] = hidden, ["life"] = life });
        return (sent!["id"]!.GetValue<string>(), sent["receipt"]!.GetValue<string>());
    }

    public Task<IReadOnlyList<RefereeMessage>> Receive(QueueClient queue, int hidden) => Messages("receive", queue, hidden);

    public Task<IReadOnlyList<RefereeMessage>> Peek(QueueClient queue) => Messages("peek", queue, hidden: null);

    /// <summary>Changes a message and gives its new receipt.</summary>
    public async Task<string> Update(QueueClient queue, string id, string receipt, string? text, int hidden) => (await Call(
        "update", new JsonObject { ["queue"] = queue.Name, ["id"] = id, ["receipt"] = receipt, ["text"] = text, ["hidden"] = hidden }))!.GetValue<string>();

    public Task Remove(QueueClient queue, string id, string receipt) =>
        Call("remove", new JsonObject { ["queue"] = queue.Name, ["id"] = id, ["receipt"] = receipt });

    private async Task<IReadOnlyList<RefereeMessage>> Messages(string operation, QueueClient queue, int? hidden)
    {
        var messages = await Call(operation, new JsonObject { ["queue"] = queue.Name, ["hidden"] = hidden });
        return [.. messages!.AsArray().Select(message => new RefereeMessage(
            message!["id"]!.GetValue<string>(),
            message["receipt"]?.GetValue<string>(),
            message["text"]!.GetValue<string>(),
            message["dequeueCount"]!.GetValue<long>(),
            message["expires"]!.GetValue<DateTimeOffset>()))];
    }
}
