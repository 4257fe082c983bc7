using System.Text;
using Vorel.Core.Alerts;
using Vorel.Core.Messaging;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Hostile;

/// <summary>Whoever can put messages on our queue gets nothing sent, shown or changed that the rows do not say.</summary>
[Trait("Area", "hostile")]
public sealed class QueueAttackTests
{
    private const string Id = "0198c0de-0000-7000-8000-000000000000";

    private readonly World _world = new();

    public static TheoryData<string> Unreadable { get; } = new(
        "",
        "{",
        "null",
        "[]",
        "7",
        "\"intent\"",
        "nonsense",
        "<QueueMessage/>",
        "{}",
        "{\"v\":0}",
        "{\"v\":-1}",
        "{\"v\":\"1\"}",
        "{\"v\":1.5}",
        "{\"v\":99999999999999999999}",
        "{\"v\":1,\"kind\":\"purge\",\"tenant\":\"T\"}",
        "{\"v\":1,\"kind\":\"redrive\",\"id\":\"T\",\"tenant\":\"T\",\"tenant\":\"T\"}",
        "{\"v\":1,\"kind\":\"redrive\",\"id\":\"T\",\"tenant\":\"*\"}",
        "{\"v\":1,\"kind\":\"redrive\",\"id\":\"T\",\"tenant\":\"0198C0DE-0000-7000-8000-000000000000\"}",
        "{\"v\":1,\"kind\":\"redrive\",\"tenant\":\"T\"}",
        "{\"v\":1,\"kind\":\"redrive\",\"tenant\":\"T\",\"id\":\"*\"}",
        "{\"v\":1,\"kind\":\"redrive\",\"tenant\":\"T\",\"id\":\"T\",\"after\":\"lead|0\"}",
        "{\"v\":1,\"kind\":\"redrive\",\"tenant\":\"T\",\"id\":\"T\",\"rate\":1000}",
        "{\"v\":1,\"kind\":\"check\",\"tenant\":\"T\",\"id\":\"T\",\"record\":\"lead:T\"}",
        "{\"v\":1,\"kind\":\"intent\",\"tenant\":\"T\",\"row\":\"lead|00000000000000000000000000000000\"}",
        "{\"v\":1,\"kind\":\"intent\",\"tenant\":\"T\",\"row\":\"outbox|' or PartitionKey ne '\"}",
        "{\"v\":1,\"kind\":\"intent\",\"tenant\":\"T\",\"row\":\"outbox|../../\"}",
        "{\"\\ud800\":1}",
        "{\"v\":1,\"kind\":\"\\ud800\"}",
        "{\"v\":1,\"kind\":\"check\",\"tenant\":\"T\",\"record\":\"Nothing:T\"}",
        "{\"v\":1,\"kind\":\"check\",\"tenant\":\"T\",\"record\":\":T\"}",
        "{\"v\":1,\"kind\":\"check\",\"tenant\":\"T\",\"record\":\"nothing:x\"}",
        "{\"v\":1,\"kind\":\"check\",\"tenant\":\"x\",\"record\":\"nothing:T\"}",
        "{\"v\":1,\"kind\":\"check\",\"tenant\":\"T\",\"record\":\"nothing:T\",\"after\":\"yesterday\"}",
        "{\"v\":1,\"kind\":\"check\",\"tenant\":\"T\",\"record\":\"lead:T:T\"}",
        "{\"v\":1,\"kind\":\"check\",\"tenant\":\"T\",\"record\":\"lead:T\",\"url\":\"https://evil.example/\"}",
        "{\"v\":2,\"padding\":\"" + new string('x', 40_000) + "\"}",
        new string('[', 20_000),
        new string('\uFFFD', 16_000)); // what 48 KiB of bytes that are no UTF-8 are read as

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_message_that_is_none_is_set_aside_at_first_sight_and_starts_nothing(string body)
    {
        foreach (var queue in World.Queues)
        {
            await _world.Handle(queue, Fill(body));

            Assert.Single(_world.Queue.Inner.Messages($"{queue}-unreadable"));
            Assert.Equal(new Alert(AlertCode.UnknownWork, default, queue, "unreadable"), _world.Alerts.Raised.Last());
        }

        Assert.Equal(World.Queues.Count, _world.Alerts.Raised.Count);
        Assert.Empty(_world.Store.Inner.Dump());
        Assert.Empty(_world.Orchestrations.Starts);
        Assert.All(World.Queues, queue => Assert.Empty(_world.Queue.Inner.Messages(queue)));
    }

    [Fact]
    public async Task What_was_set_aside_may_be_anything_and_is_gone_after_seven_days()
    {
        foreach (var queue in World.Queues)
        {
            await _world.Handle(queue, "whatever somebody put");
        }

        _world.Real.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.All(World.Queues, queue => Assert.Single(_world.Queue.Inner.Messages($"{queue}-unreadable")));
        _world.Real.Advance(TimeSpan.FromSeconds(1));
        Assert.All(World.Queues, queue => Assert.Empty(_world.Queue.Inner.Messages($"{queue}-unreadable")));
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_was_given_up_is_set_aside_and_holds_nothing_up_if_it_is_no_message(string body)
    {
        const string Good = $$"""{"v":1,"kind":"redrive","tenant":"{{Id}}","id":"{{Id}}"}""";
        await _world.Queue.Inner.Put("live-poison", Fill(body), TimeSpan.Zero, default);
        await _world.Queue.Inner.Put("live-poison", Good, TimeSpan.Zero, default);

        Assert.Equal(1, await new PoisonQueues(_world.Queue, new UnreadableMessages(_world.Queue, _world.Alerts), new Timings()).Drain("live", default));

        Assert.Equal(Good, Assert.Single(_world.Queue.Inner.Messages("live")).Body);
        Assert.True(Encoding.UTF8.GetByteCount(Assert.Single(_world.Queue.Inner.Messages("live-unreadable")).Body) <= 16 * 1024);
        Assert.Empty(_world.Queue.Inner.Messages("live-poison"));
    }

    [Theory]
    [InlineData("""{"v":2,"kind":"anything"}""")]
    [InlineData("""{"v":1,"kind":"check","tenant":"T","record":"invoice:T"}""")]
    [InlineData("""{"v":1,"kind":"check","tenant":"T","record":"invoice:T","after":"2026-01-05T09:00:00.0000000+00:00"}""")]
    public async Task A_message_that_a_newer_version_may_have_put_comes_again_and_is_not_set_aside(string body)
    {
        foreach (var queue in World.Queues)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => _world.Handle(queue, Fill(body)));
            Assert.Empty(_world.Queue.Inner.Messages($"{queue}-unreadable"));
        }

        Assert.Empty(_world.Alerts.Raised);
    }

    [Fact]
    public async Task A_message_that_names_another_tenant_or_a_row_that_is_not_there_sends_nothing()
    {
        await _world.Subscribe("conversation.created");
        await _world.Connect();
        var conversation = await _world.Conversation();
        var (row, todo) = (_world.Keys("outbox|").Single(), _world.Keys("todo|").Single());
        var redrive = Assert.Single((await _world.Redrives.List(_world.Tenant, 10, null, default)).Redrives);
        var before = Rows();
        var stranger = Core.Tenants.TenantId.New(TimeProvider.System);
        WorkMessage[] forged =
        [
            new WorkMessage.Intent(stranger, row),
            new WorkMessage.Intent(_world.Tenant, "outbox|" + new string('0', 32)),
            new WorkMessage.Check(stranger, conversation.Kind, conversation.Id),
            new WorkMessage.Check(_world.Tenant, conversation.Kind, stranger.Value),
            new WorkMessage.Redrive(stranger, redrive.Id, null),
            new WorkMessage.Redrive(_world.Tenant, stranger.Value, null),
            new WorkMessage.Redrive(_world.Tenant, redrive.Id, todo),
        ];
        foreach (var message in forged)
        {
            await _world.Handle(message is WorkMessage.Redrive ? WorkQueues.Commands : WorkQueues.Live, message.ToJson());
        }

        Assert.Empty(_world.Orchestrations.Starts);
        Assert.Empty(await _world.AllDeliveries());
        Assert.Equal(before, Rows().Intersect(before));
        Assert.All(Rows().Except(before), added => Assert.Contains("tombstone", added, StringComparison.OrdinalIgnoreCase));

        string[] Rows() => [.. _world.Store.Inner.Dump().Select(entry =>
            $"{entry.Table} {entry.Partition} {entry.Row.Key} {string.Join(' ', entry.Row.Columns.Select(column => $"{column.Key}={column.Value}"))}")];
    }

    private static string Fill(string body) =>
        body.Replace("\"T\"", $"\"{Id}\"", StringComparison.Ordinal).Replace(":T", ":" + Id, StringComparison.Ordinal);
}
