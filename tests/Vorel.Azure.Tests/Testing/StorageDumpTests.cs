using Vorel.Azure.Queues;
using Vorel.Azure.Tables;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Testing;

[Collection(AzuriteCollection.Name)]
public sealed class StorageDumpTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Shows_keys_columns_bytes_and_messages()
    {
        var name = $"d{Guid.NewGuid():N}";
        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient(name);
        await table.CreateIfNotExistsAsync();
        await table.AddEntityAsync(new TableEntity("p", "a") { ["x"] = "text", ["y"] = "inside"u8.ToArray() });
        var queue = new QueueClient(azurite.ConnectionString, name);
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync("{\"v\":1}");
        await queue.SendMessageAsync("hidden", TimeSpan.FromMinutes(1));

        var lines = (await StorageDump.Take(azurite.ConnectionString)).Where(line => line.Contains(name, StringComparison.Ordinal)).ToList();

        Assert.Equal([$"{name} p a", $"{name} p a x = text", $"{name} p a y = inside"], lines.Take(3));
        Assert.Contains($"queue {name} holds 2", lines);
        Assert.EndsWith("{\"v\":1}", Assert.Single(lines, line => line.Contains('{')), StringComparison.Ordinal);
        Assert.Equal(5, lines.Count);
    }
}
