using Vorel.Core.Ids;
using Vorel.Core.Incidents;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Core.Webhooks.Subscriptions;

namespace Vorel.Core.Tests.Incidents;

/// <summary>A world with one subscription, whose receiver fails until a test says otherwise.</summary>
internal sealed class WebhookIncidentStage
{
    private WebhookIncidentStage(Subscription subscription) => Subscription = subscription;

    public World World { get; private init; } = null!;

    public Subscription Subscription { get; }

    public static async Task<WebhookIncidentStage> Start()
    {
        var world = new World();
        world.Sender.Always(Outcomes.Timeout);
        return new WebhookIncidentStage(await world.Subscribe("conversation.created")) { World = world };
    }

    /// <summary>A new delivery that nobody has attempted.</summary>
    public async Task<Delivery> Pending(string customer)
    {
        World.Advance(TimeSpan.FromSeconds(1));
        await World.Conversation(customer);
        await World.Dispatch();
        return (await World.AllDeliveries())[0];
    }

    /// <summary>Attempts on every rung but the last, and comes to the time of that.</summary>
    public async Task Climb(Delivery delivery)
    {
        var rungs = RetryLadder.Webhooks.Delays;
        foreach (var rung in rungs.Take(rungs.Count - 1))
        {
            World.Advance(rung);
            await World.Deliveries.Attempt(World.Tenant, delivery.Id, default);
        }

        World.Advance(rungs[^1]);
    }

    public async Task<Delivery> DeadLetter(string customer)
    {
        World.Sender.Always(Outcomes.Timeout);
        var delivery = await Pending(customer);
        await Climb(delivery);
        await World.Deliveries.Attempt(World.Tenant, delivery.Id, default);
        return delivery;
    }

    public async Task<Delivery> GetsThrough(string customer)
    {
        World.Sender.Always(Outcomes.Ok);
        var delivery = await Pending(customer);
        await World.Deliveries.Attempt(World.Tenant, delivery.Id, default);
        return delivery;
    }

    /// <summary>Lets minutes pass, with the tick of each.</summary>
    public async Task Pass(int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            World.Advance(TimeSpan.FromMinutes(1));
            await World.Tick.Run(World.Domain.GetUtcNow(), default);
        }
    }

    public async Task<SubscriptionRow> Row() =>
        (await World.Store.Inner.Get<SubscriptionRow>(Partition.Of(World.Tenant), Uuid7.ToKey(Subscription.Id), default))!.Row;

    public async Task<IReadOnlyList<IncidentRow>> Incidents()
    {
        var rows = new List<IncidentRow>();
        await foreach (var stored in World.Store.Inner.Query<IncidentRow>(Partition.Of(World.Tenant), RowRange.All, default))
        {
            rows.Add(stored.Row);
        }

        return rows;
    }

    public async Task<IncidentRow> Only() => Assert.Single(await Incidents());

    /// <summary>How many looks are on file.</summary>
    public int Hints() => World.Store.Inner.Dump().Count(entry => entry.Table == "Due" && entry.Row.Key.Contains("|subscription|", StringComparison.Ordinal));
}
