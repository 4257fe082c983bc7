using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Records;
using Vorel.Core.Security;
using Vorel.Core.Security.ApiKeys;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Security;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Hostile;

/// <summary>Somebody who can write to the tables damages or moves what is sealed in them: it does not open, nothing goes out, and the tenant's other work goes on.</summary>
[Trait("Area", "hostile")]
public sealed class CiphertextAttackTests : IDisposable
{
    private const string Subscriptions = "WebhookSubscriptions";

    private readonly RootSecret _root = TestSecrets.Root();
    private readonly World _world;

    public CiphertextAttackTests() => _world = new World(protector: new LocalEnvelopeProtector(_root));

    public static TheoryData<string> Kinds => ColumnDamage.Kinds;

    public void Dispose() => _root.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_damaged_webhook_secret_sends_nothing_and_leaves_the_other_subscriptions_alone(string kind)
    {
        var damaged = await _world.Subscribe("conversation.created");
        await Damage(kind, Subscriptions, "secret");
        var sound = await _world.Subscribe("conversation.created");
        await _world.Conversation();
        await _world.Dispatch();

        Assert.Equal(2, (await _world.Subscriptions.List(_world.Tenant, default)).Count);
        await AssertHeldUp(damaged.Id);
        var other = (await _world.AllDeliveries()).Single(delivery => delivery.Subscription == sound.Id);
        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, other.Id, default));
        Assert.Single(_world.Sender.Requests);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_damaged_payload_is_not_sent(string kind)
    {
        var subscription = await _world.Subscribe("conversation.created");
        await _world.Conversation();
        await _world.Dispatch();
        await Damage(kind, "Payloads", "sealed");

        await AssertHeldUp(subscription.Id);
        Assert.Empty(_world.Sender.Requests);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_damaged_payload_key_opens_no_payload_and_seals_none(string kind)
    {
        var subscription = await _world.Subscribe("conversation.created");
        await _world.Conversation();
        await _world.Dispatch();
        await Damage(kind, "Payloads", "key");
        _world.Real.Advance(TimeSpan.FromMinutes(5));
        var before = _world.Store.Inner.Dump().Count;

        await Assert.ThrowsAsync<EnvelopeException>(() => _world.Conversation("another"));
        Assert.Equal(before, _world.Store.Inner.Dump().Count);
        await AssertHeldUp(subscription.Id);
        Assert.Empty(_world.Sender.Requests);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Damaged_crm_credentials_write_nothing_and_say_so_once(string kind)
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        await Damage(kind, "TenantCredentials", "sealed");

        await _world.Mirror.Mirror(_world.Tenant, conversation.Kind, conversation.Id, default);
        await _world.Mirror.Mirror(_world.Tenant, conversation.Kind, conversation.Id, default);

        Assert.Empty(_world.Crm.Calls);
        Assert.Equal("auth_error", (await _world.Todo(conversation)).Error);
        for (var minutes = 0; minutes < 12; minutes++)
        {
            _world.Advance(TimeSpan.FromMinutes(1));
            await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        }

        var alert = Assert.Single(_world.Alerts.Raised);
        Assert.Equal((AlertCode.IncidentOpened, "crm_sync_failure"), (alert.Code, alert.Cause));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_damaged_key_hash_lets_nobody_in(string kind)
    {
        var keys = new ApiKeyService(_world.Store, new ApiKeyHasher(_root), _world.Audit, _world.Ids, _world.Clocks);
        var issued = await keys.Issue(_world.Tenant, "n8n", ["read"], AuditActor.System, default);
        await Damage(kind, "ApiKeys", "hash");

        Assert.Null(await keys.Authenticate(issued.Text, default));
    }

    [Theory]
    [InlineData(Subscriptions)]
    [InlineData("TenantCredentials")]
    [InlineData("Payloads")]
    public async Task What_is_sealed_for_one_tenant_does_not_open_for_another_under_the_very_same_keys(string table)
    {
        await _world.Subscribe("conversation.created");
        await _world.Connect();
        var conversation = await _world.Conversation();
        await _world.Dispatch();
        var stranger = TenantId.New(TimeProvider.System);
        foreach (var (name, _, row) in Rows(table))
        {
            await _world.Store.Inner.Commit(name, Partition.Of(stranger), [new RowWrite.Upsert(row.Key, row.Columns)], default);
        }

        switch (table)
        {
            case Subscriptions:
                var id = Assert.Single(await _world.Subscriptions.List(stranger, default)).Id;
                await Assert.ThrowsAsync<EnvelopeException>(() => _world.Subscriptions.OpenTarget(stranger, id, default));
                break;
            case "TenantCredentials":
                var failure = await Assert.ThrowsAsync<Core.Crm.CrmException>(() => _world.Connections.Open(stranger, Core.Crm.CrmObject.Lead, default));
                Assert.Equal(Core.Crm.CrmErrorCode.AuthError, failure.Code);
                break;
            default:
                var eventId = (await _world.OnlyDelivery()).EventId;
                await Assert.ThrowsAsync<EnvelopeException>(() => _world.Vault.Read(stranger, eventId, default));
                await Assert.ThrowsAsync<EnvelopeException>(() => _world.Vault.Seal(stranger, eventId, "x"u8.ToArray(), default));
                break;
        }

        Assert.NotNull(conversation);
    }

    [Fact]
    public async Task Credentials_of_an_earlier_connection_put_in_place_of_the_present_ones_do_not_open()
    {
        await _world.Connect();
        var earlier = Active().Columns;
        await _world.Connect();
        var row = Active();
        var mixed = new Dictionary<string, object>(row.Columns) { ["sealed_0"] = earlier["sealed_0"], ["sealed_length"] = earlier["sealed_length"] };
        await _world.Store.Inner.Commit("TenantCredentials", Partition.Of(_world.Tenant), [new RowWrite.Upsert(row.Key, mixed)], default);

        Assert.Equal(Core.Crm.CrmErrorCode.AuthError, (await Assert.ThrowsAsync<Core.Crm.CrmException>(() => _world.Connections.Open(_world.Tenant, Core.Crm.CrmObject.Lead, default))).Code);
    }

    [Fact]
    public async Task Whole_earlier_rows_put_back_open_which_the_format_cannot_see()
    {
        await _world.Connect();
        var earlier = Rows("TenantCredentials").Select(entry => entry.Row).ToList();
        await _world.Connect();
        foreach (var row in earlier)
        {
            await _world.Store.Inner.Commit("TenantCredentials", Partition.Of(_world.Tenant), [new RowWrite.Upsert(row.Key, row.Columns)], default);
        }

        Assert.NotNull(await _world.Connections.Open(_world.Tenant, Core.Crm.CrmObject.Lead, default));
    }

    private Row Active() => Rows("TenantCredentials").Select(entry => entry.Row).Single(row => row.Columns.GetValueOrDefault("status") is "active");

    private async Task AssertHeldUp(Guid subscription)
    {
        var held = (await _world.AllDeliveries()).Single(delivery => delivery.Subscription == subscription);
        Assert.IsType<DeliveryStep.Wait>(await _world.Deliveries.Attempt(_world.Tenant, held.Id, default));
        Assert.Equal(new Alert(AlertCode.DeliverySealed, _world.Tenant, held.Id.ToString("D")), Assert.Single(_world.Alerts.Raised));
        var after = (await _world.AllDeliveries()).Single(delivery => delivery.Subscription == subscription);
        Assert.Equal(DeliveryState.Pending, after.State);
        Assert.Empty(after.Attempts);
    }

    private async Task Damage(string kind, string table, string column)
    {
        var (name, partition, row) = Rows(table).Single(entry => entry.Row.Columns.ContainsKey(column + "_0"));
        var tenant = partition == _world.Tenant.ToString() ? Partition.Of(_world.Tenant) : Partition.ApiKeyPrefix(partition);
        await _world.Store.Inner.Commit(name, tenant, [new RowWrite.Upsert(row.Key, ColumnDamage.Do(kind, row.Columns, column))], default);
    }

    private List<(string Table, string Partition, Row Row)> Rows(string table) =>
        [.. _world.Store.Inner.Dump().Where(entry => entry.Table.StartsWith(table, StringComparison.Ordinal))];
}
