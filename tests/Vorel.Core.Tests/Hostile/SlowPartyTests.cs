using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Hostile;

/// <summary>Receivers and CRMs of one tenant that hold on to every call: other tenants' calls go on.</summary>
[Trait("Area", "hostile")]
public sealed class SlowPartyTests
{
    private const string Conversation = """{"channel":"whatsapp","customer_identifier":"+971500000001"}""";

    private readonly World _world = new();
    private readonly TenantId _other = TenantId.New(TimeProvider.System);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_tenant_whose_receivers_all_hang_has_24_attempts_at_once_and_another_tenants_goes_out()
    {
        for (var number = 0; number < 30; number++)
        {
            await _world.Subscribe("conversation.created");
        }

        await _world.Subscriptions.Create(_other, World.TargetUrl, ["conversation.created"], null, AuditActor.System, default);
        await _world.Conversation();
        await _world.Create(RecordKinds.Conversation, Conversation, tenant: _other);
        await _world.Dispatch();
        _world.Sender.During = () => _release.Task;

        var attempts = (await _world.AllDeliveries()).Select(delivery => _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default)).ToList();
        Assert.Equal(24, _world.Sender.Requests.Count);
        Assert.Equal(6, attempts.Count(attempt => attempt is { IsCompletedSuccessfully: true, Result: DeliveryStep.Busy }));

        _world.Sender.During = null;
        var theirs = Assert.Single((await new DeliveryReader(_world.Store, _world.Clocks).List(_other, 10, null, default)).Deliveries);
        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_other, theirs.Id, default));

        _release.SetResult();
        await Task.WhenAll(attempts);
        Assert.Equal(24, (await _world.AllDeliveries()).Count(delivery => delivery.State == DeliveryState.Delivered));
        Assert.All((await _world.AllDeliveries()).Where(delivery => delivery.State == DeliveryState.Pending), delivery => Assert.Empty(delivery.Attempts));
    }

    [Fact]
    public async Task A_tenant_whose_crm_hangs_has_16_writes_at_once_and_another_tenants_is_written()
    {
        await _world.Connect();
        await _world.Connecting.ConnectCustomWebhook(_other, CrmRole.Main, "https://crm.example.com/in", null, AuditActor.System, default);
        var records = new List<RecordRow>();
        for (var number = 0; number < 20; number++)
        {
            records.Add(await _world.Conversation($"customer {number}"));
        }

        var theirs = (await _world.Create(RecordKinds.Conversation, Conversation, tenant: _other)).Record;
        _world.Crm.AfterWrite = () => _release.Task;

        var writes = records.Select(record => _world.Mirror.Mirror(_world.Tenant, record.Kind, record.Id, default)).ToList();
        Assert.Equal(16, _world.Crm.Calls.Count);
        Assert.Equal(4, writes.Count(write => write is { IsCompletedSuccessfully: true, Result: MirrorStep.Retry { After.TotalSeconds: >= 1 and < 3, Busy: true } }));

        _world.Crm.AfterWrite = null;
        Assert.IsType<MirrorStep.Done>(await _world.Mirror.Mirror(_other, theirs.Kind, theirs.Id, default));

        _release.SetResult();
        await Task.WhenAll(writes);
        Assert.IsType<MirrorStep.Done>(await _world.Mirror.Mirror(_world.Tenant, records[^1].Kind, records[^1].Id, default));
    }
}
