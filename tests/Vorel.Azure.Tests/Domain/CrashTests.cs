using Vorel.Core.Crm.Mirror;
using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Domain;

/// <summary>
/// The way of a lead on real tables and a real queue, whole and with every thirteenth call killed after its effect: the
/// domain's own sweep breaks every call, but over stores in memory.
/// </summary>
[Collection(AzuriteCollection.Name)]
public sealed class CrashTests(AzuriteFixture azurite)
{
    private readonly RealWorld _real = new(azurite);

    private World Domain => _real.Domain;

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(29)]
    [InlineData(42)]
    [InlineData(55)]
    public async Task Whichever_call_dies_the_lead_is_stored_delivered_and_mirrored_once(int? breaksAt)
    {
        await Domain.Subscribe("lead.created", "lead.qualified");
        await Domain.Connect();
        await _real.Dispatch();
        Domain.Plan.BreaksAt = Domain.Plan.Calls + breaksAt;
        Domain.Plan.AfterEffect = true;
        Domain.Plan.Fault = () => new KilledException();

        var conversation = await Insist(() => Domain.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"1"}""", "key-1"));
        var lead = await Insist(() => Domain.Create(
            RecordKinds.Lead, $$"""{"conversation_id":"{{conversation.Id:D}}","status":"qualified"}""", "key-2"));
        await Eventually.True(Ended, "the lead is delivered and mirrored", TimeSpan.FromSeconds(60));

        Domain.Plan.BreaksAt = null;
        Assert.Equal([lead.RowKey], await _real.Keys(RecordRow.Table, "lead|"));
        Assert.Equal(["lead.created", "lead.qualified"], (await Domain.AllDeliveries()).Select(delivery => delivery.Event).Order());
        Assert.All(await Domain.AllDeliveries(), delivery => Assert.Single(delivery.Attempts));
        Assert.Equal(2, Domain.Crm.Records);
        Assert.Equal(1, (await Domain.Reader.Get(Domain.Tenant, RecordKinds.Lead, lead.Id.ToString("D"), default)).Sync?.Version);
    }

    private static async Task<RecordRow> Insist(Func<Task<RecordAnswer>> request)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return (await request()).Record;
            }
            catch (Exception exception) when (exception is UnavailableException or KilledException && tries < 3)
            {
            }
        }
    }

    /// <summary>One turn of the platform; whether there is nothing left to do.</summary>
    private async Task<bool> Ended()
    {
        // A minute of both clocks a turn; the queue's own delays are real.
        Domain.Advance(TimeSpan.FromMinutes(1));
        await _real.DispatchVisible();
        await Survives(() => Domain.Tick.Run(Domain.Domain.GetUtcNow(), default));
        while (Domain.Orchestrations.Starts.TryDequeue(out var started))
        {
            var id = Guid.Parse(started.Instance[(started.Instance.LastIndexOf(':') + 1)..]);
            await Survives(() => started.Name == "WebhookDelivery"
                ? Domain.Deliveries.Attempt(Domain.Tenant, id, default)
                : Mirror(RecordKinds.Find(started.Instance.Split(':')[2])!, id));
        }

        return (await _real.Keys(RecordRow.Table, "todo|")).Count == 0
            && (await _real.Keys(RecordRow.Table, "outbox|")).Count == 0
            && await Domain.AllDeliveries() is { Count: 2 } deliveries
            && deliveries.All(delivery => delivery.State == DeliveryState.Delivered);
    }

    private async Task Mirror(RecordKind kind, Guid id)
    {
        while (await Domain.Mirror.Mirror(Domain.Tenant, kind, id, default) is MirrorStep.Again)
        {
        }
    }

    private static async Task Survives(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or KilledException)
        {
            // What was under way comes again.
        }
    }
}
