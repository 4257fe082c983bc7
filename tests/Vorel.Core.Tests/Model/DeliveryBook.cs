using System.Text.Json;
using Vorel.Core.Alerts;
using Vorel.Core.Ids;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model;

/// <summary>Which events must go where, and the ladder that each delivery climbs.</summary>
internal sealed class DeliveryBook(Truth truth)
{
    private const int MostTakeovers = 5;

    private static readonly TimeSpan s_claim = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_burst = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] s_delays =
        [TimeSpan.Zero, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(12)];

    private readonly Dictionary<Guid, ModelSubscription> _subscriptions = [];
    private readonly Dictionary<(Guid Event, Guid Subscription), ModelDelivery> _deliveries = [];
    private readonly Dictionary<Guid, byte[]> _bodies = [];
    private readonly Dictionary<ModelSubscription, DateTimeOffset> _alerted = [];

    /// <summary>How many deliveries have not come to their end.</summary>
    public int Open => _deliveries.Values.Count(delivery => delivery.IsOpen);

    /// <summary>The subscriptions that are sent to, with their ids.</summary>
    public IReadOnlyList<(Guid Id, ModelSubscription Subscription)> Active =>
        [.. _subscriptions.Where(entry => entry.Value.GoneAt is null).Select(entry => (entry.Key, entry.Value))];

    /// <summary>Whether a subscription is sent to and its deliveries run out of attempts.</summary>
    public bool IsFailing(Guid subscription) => _subscriptions[subscription] is { GoneAt: null, IsFailing: true };

    public void SubscriptionWritten(int tenant, RowWrite write)
    {
        var id = Uuid7.FromKey(write.Key);
        switch (write)
        {
            case RowWrite.Insert insert:
                _subscriptions.Add(id, new ModelSubscription(tenant, (string)insert.Columns["target_url"], ((string)insert.Columns["events"]).Split(' '), truth.Now));
                break;
            case RowWrite.Replace replace:
                Changed(_subscriptions[id], replace);
                break;
            case RowWrite.Delete:
                _subscriptions[id].GoneAt ??= truth.Now;
                _subscriptions[id].IsDeleted = true;
                break;
        }
    }

    /// <summary>Takes note of a delivery's row.</summary>
    public void Written(Flight flight, int tenant, RowWrite write)
    {
        var columns = write switch
        {
            RowWrite.Insert insert => insert.Columns,
            RowWrite.Replace replace => replace.Columns,
            _ => throw new InvalidOperationException($"A delivery was written by a {write.GetType().Name}."),
        };
        var key = ((Guid)columns["event_id"], (Guid)columns["subscription"]);
        if (write is RowWrite.Insert)
        {
            Start(flight, tenant, key);
        }
        else if (_deliveries.TryGetValue(key, out var delivery))
        {
            Move(flight, delivery, (string)columns["state"], (int)(long)columns["next_rung"], (string?)columns.GetValueOrDefault("attempts"), columns);
        }
    }

    /// <summary>Takes note of a POST that reached its receiver.</summary>
    public void Posted(Flight flight, string url, byte[] body, Receivers.Answer answer)
    {
        truth.Next();
        truth.Tally.Count("a receiver answered: " + answer);
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var id = root.GetProperty("id").GetGuid();
        var (subscriptionId, subscription) = _subscriptions.Single(entry => entry.Value.Url == url);
        if (!_deliveries.TryGetValue((id, subscriptionId), out var delivery))
        {
            truth.Violate($"{flight.Name}: POSTed what was no delivery: {root.GetProperty("event")} to {url}");
            return;
        }

        _bodies.TryAdd(id, body);
        var data = root.GetProperty("data");
        truth.Require(_bodies[id].AsSpan().SequenceEqual(body), $"{flight.Name}: the bytes of an event changed between attempts");
        truth.Require(root.GetProperty("event").GetString() == delivery.Write.Events[id], $"{flight.Name}: the envelope's event is another");
        truth.Require(Machinery.TenantOf(root.GetProperty("tenant_id").GetString()!) == subscription.Tenant, $"{flight.Name}: another tenant's event");
        truth.Require(
            data.GetProperty("id").GetGuid() == delivery.Write.Record.Id
                && delivery.Write.Record.Versions[delivery.Write.Version - 1].All(field => data.GetProperty(field.Key).GetString() == field.Value),
            $"{flight.Name}: the envelope's data is not version {delivery.Write.Version}");
        truth.Require(subscription.GoneAt is not { } gone || flight.BegunAt < gone, $"{flight.Name}: POSTed to a subscription that is gone");
        truth.Require(flight.Claimed == delivery && flight.Post is null, $"{flight.Name}: POSTed without a claim of its own");
        delivery.Posts++;
        flight.Post = new ModelPost(answer, truth.Domain);
    }

    /// <summary>The running attempt got no answer, whether its POST arrived or not.</summary>
    public void Unanswered()
    {
        if (truth.Running is { Claimed: { } delivery } flight)
        {
            delivery.Posts += flight.Post is null ? 1 : 0;
            flight.Post = new ModelPost(Receivers.Answer.Reset, truth.Domain);
        }
    }

    public void Alerted(Alert alert)
    {
        if (alert.Code == AlertCode.DeliveriesDeadLettered)
        {
            truth.Tally.Count("an alert of dead letters");
            _subscriptions[Guid.Parse(alert.Subject)].Alerts++;
        }
    }

    /// <summary>The webhooks leg of a write was marked: whoever was subscribed all the while has its delivery.</summary>
    public void RequireAllOf(ModelWrite write)
    {
        foreach (var (id, name) in write.Events)
        {
            foreach (var (subscriptionId, subscription) in _subscriptions)
            {
                truth.Require(
                    !Matches(subscription, write, name) || subscription.Since > write.CommittedAt || subscription.GoneAt is not null || _deliveries.ContainsKey((id, subscriptionId)),
                    $"the webhooks leg of {name} was marked without the delivery to {subscription.Url}");
            }
        }
    }

    public void Settled()
    {
        foreach (var delivery in _deliveries.Values)
        {
            var what = $"{delivery.Write.Events[delivery.EventId]} to {delivery.Subscription.Url}";
            truth.Require(!delivery.IsOpen, $"the delivery of {what} has not come to its end");
            truth.Require(delivery.Recorded <= delivery.Posts, $"the delivery of {what} records more attempts than were made");
            truth.Require(delivery is not { End: "gone", Subscription.GoneAt: null }, $"a receiver answered 410 to {what} and is still subscribed");
            truth.Require(
                delivery is not { End: "dead_letter", Subscription: { IsDeleted: false, Alerts: 0 } }, $"nobody was told of the dead letter of {what}");
            truth.Require(
                delivery is not { End: "dead_letter", Subscription: { GoneAt: null, Delivered: 0, IsFailing: false } }, $"nothing got through since the dead letter of {what}, and all seems well");
        }

        foreach (var (id, subscription) in _subscriptions)
        {
            truth.Require(
                truth.Incidents.IsOpen(id) == IsFailing(id), $"{subscription.Url} fails: {IsFailing(id)}, and has an open incident: {truth.Incidents.IsOpen(id)}");
        }
    }

    private static bool Matches(ModelSubscription subscription, ModelWrite write, string name) =>
        subscription.Tenant == write.Record.Tenant && subscription.Events.Contains(name);

    private void Changed(ModelSubscription subscription, RowWrite.Replace row)
    {
        if (row.Columns.ContainsKey("disabled_reason"))
        {
            subscription.GoneAt ??= truth.Now;
        }

        subscription.IsFailing = row.Columns.ContainsKey("failing_since");
        if (row.Columns.GetValueOrDefault("alerted_at") is DateTimeOffset alertedAt)
        {
            truth.Require(
                !_alerted.TryGetValue(subscription, out var before) || before == alertedAt || alertedAt - before >= s_burst, "two alerts were raised for one burst");
            _alerted[subscription] = alertedAt;
        }
    }

    private void Start(Flight flight, int tenant, (Guid Event, Guid Subscription) key)
    {
        if (!truth.Writes.ByEvent.TryGetValue(key.Event, out var write) || !_subscriptions.TryGetValue(key.Subscription, out var subscription))
        {
            truth.Violate($"{flight.Name}: a delivery of an event that no write owes, or to a subscription that never was");
            return;
        }

        truth.Require(tenant == subscription.Tenant && Matches(subscription, write, write.Events[key.Event]), $"{flight.Name}: a delivery to a subscription that does not match");
        truth.Require(subscription.GoneAt is not { } gone || gone > flight.BegunAt, $"{flight.Name}: a delivery to a subscription that was gone");
        truth.Require(write.GoneAt is not { } sent || sent > flight.BegunAt, $"{flight.Name}: a delivery of a write that was sent out already");
        truth.Require(_deliveries.TryAdd(key, new ModelDelivery(write, key.Event, subscription) { CameLate = truth.IsLate }), $"{flight.Name}: a second delivery of one event to one subscription");
    }

    private void Move(Flight flight, ModelDelivery delivery, string state, int recorded, string? attempts, IReadOnlyDictionary<string, object> columns)
    {
        var numbers = attempts?.Split(' ').Select(attempt => int.Parse(attempt.Split(',')[0])).ToList() ?? [];
        truth.Require(numbers.SequenceEqual(Enumerable.Range(1, recorded)), $"{flight.Name}: attempts are numbered {string.Join(' ', numbers)}, the rung is {recorded}");
        if (delivery.End is not null)
        {
            truth.Require(
                recorded == delivery.Recorded && !columns.ContainsKey("owes_follow_up") && state == (delivery.End == "gone" ? "permanent_fail" : delivery.End),
                $"{flight.Name}: a delivery moved after its end");
        }
        else if (state == "attempting")
        {
            Claim(flight, delivery, recorded, (DateTimeOffset)columns["claimed_at"]);
        }
        else if (state == "cancelled")
        {
            truth.Require(recorded == delivery.Recorded && delivery.Subscription.GoneAt is not null, $"{flight.Name}: a delivery was cancelled whose subscription is there");
            End(delivery, state);
        }
        else
        {
            Record(flight, delivery, state, recorded, columns);
        }
    }

    private void Claim(Flight flight, ModelDelivery delivery, int recorded, DateTimeOffset claimedAt)
    {
        truth.Tally.Count(delivery.ClaimedAt is null ? $"attempt {recorded + 1} was claimed" : "a claim was taken over");
        delivery.Takeovers = delivery.ClaimedAt is null ? 0 : delivery.Takeovers + 1;
        truth.Require(delivery.Takeovers <= MostTakeovers, $"{flight.Name}: a claim was taken over once too often");
        truth.Require(recorded == delivery.Recorded, $"{flight.Name}: a claim counted as an attempt");
        truth.Require(recorded < s_delays.Length, $"{flight.Name}: a seventh attempt");
        truth.Require(delivery.ClaimedAt is not { } before || truth.Real - before >= s_claim, $"{flight.Name}: claimed what another has claimed");
        truth.Require(
            truth.Domain >= delivery.NotBefore || flight.LatestDomain >= delivery.NotBefore,
            $"{flight.Name}: attempt {recorded + 1} at {truth.Domain:T}, before its time {delivery.NotBefore:T}");
        truth.Require(claimedAt <= truth.Real, $"{flight.Name}: a claim of a time to come");
        delivery.ClaimedAt = claimedAt;
        flight.Claimed = delivery;
        flight.Post = null;
    }

    private void Record(Flight flight, ModelDelivery delivery, string state, int recorded, IReadOnlyDictionary<string, object> columns)
    {
        var post = flight.Claimed == delivery ? flight.Post : GivenUp(flight, delivery);
        if (post is null || recorded != delivery.Recorded + 1)
        {
            truth.Violate($"{flight.Name}: records attempt {recorded} of {delivery.Recorded + 1}, or one that was not made");
            return;
        }

        delivery.Recorded = recorded;
        delivery.ClaimedAt = null;
        var expected = post.Answer switch
        {
            Receivers.Answer.Ok => "delivered",
            Receivers.Answer.BadRequest or Receivers.Answer.Gone => "permanent_fail",
            _ => recorded < s_delays.Length ? "pending" : "dead_letter",
        };
        truth.Require(state == expected, $"{flight.Name}: attempt {recorded} ended with {post.Answer} and left the delivery {state}");
        if (state != "pending")
        {
            End(delivery, post.Answer == Receivers.Answer.Gone ? "gone" : state);
            return;
        }

        delivery.NotBefore = post.EndedAt + s_delays[recorded];
        var latest = (truth.Domain > flight.LatestDomain ? truth.Domain : flight.LatestDomain) + s_delays[recorded];
        truth.Require(
            columns["next_attempt_at"] is DateTimeOffset next && next >= delivery.NotBefore && next <= latest,
            $"{flight.Name}: attempt {recorded + 1} is set for {columns["next_attempt_at"]}, not {delivery.NotBefore}");
    }

    /// <summary>An attempt that was begun six times and never recorded ends without another POST.</summary>
    private ModelPost? GivenUp(Flight flight, ModelDelivery delivery)
    {
        if (delivery is not { Takeovers: MostTakeovers, ClaimedAt: { } claimedAt } || truth.Real - claimedAt < s_claim)
        {
            return null;
        }

        truth.Tally.Count("an attempt was given up after five takeovers");
        delivery.Posts++;
        return flight.Post = new ModelPost(Receivers.Answer.Reset, DateTimeOffset.MinValue);
    }

    private void End(ModelDelivery delivery, string end)
    {
        delivery.End = end;
        delivery.Subscription.Delivered += end == "delivered" ? 1 : 0;
        truth.Tally.Count("a delivery ended: " + end);
    }
}
