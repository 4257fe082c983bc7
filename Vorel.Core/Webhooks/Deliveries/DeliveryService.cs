using Vorel.Core.Alerts;
using Vorel.Core.Ids;
using Vorel.Core.Payloads;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Webhooks.Subscriptions;

namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>
/// The steps of a delivery. Both are safe to repeat: an attempt is claimed by version, and a claim that is not honoured
/// in time is taken over under the same number, so a POST may repeat but is never forgotten.
/// </summary>
public sealed class DeliveryService(
    IRowStore store,
    SubscriptionService subscriptions,
    SubscriptionPermits permits,
    PayloadVault vault,
    IWebhookSender sender,
    Clocks clocks,
    Timings timings,
    IAlerts alerts)
{
    private const int Gone = 410;

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>What the delivery needs now.</summary>
    public async Task<DeliveryStep> Load(TenantId tenant, Guid delivery, CancellationToken cancellationToken) =>
        await Find(tenant, delivery, cancellationToken) is { } stored ? StepOf(stored.Row) : new DeliveryStep.Done();

    /// <summary>Makes one attempt if one is due, and says what the delivery needs then.</summary>
    public async Task<DeliveryStep> Attempt(TenantId tenant, Guid delivery, CancellationToken cancellationToken)
    {
        if (await Find(tenant, delivery, cancellationToken) is not { } stored)
        {
            return new DeliveryStep.Done();
        }

        if (StepOf(stored.Row) is var step and not DeliveryStep.Attempt)
        {
            return step;
        }

        if (await subscriptions.OpenTarget(tenant, stored.Row.Subscription, cancellationToken) is not { } target)
        {
            return await Record(tenant, stored, Ended(stored.Row, DeliveryState.Cancelled) with { CancelReason = "subscription_gone" }, cancellationToken);
        }

        using var permit = permits.TryTake(stored.Row.Subscription);
        if (permit is null)
        {
            return new DeliveryStep.Busy(s_soon);
        }

        var claim = stored.Row with { State = DeliveryState.Attempting, ClaimedAt = clocks.Real.GetUtcNow(), Claim = Guid.NewGuid() };
        return await store.TryReplace(DeliveryIds.TableOf(delivery), Partition.Of(tenant), stored with { Row = claim }, cancellationToken)
            && await Find(tenant, delivery, cancellationToken) is { } claimed && claimed.Row.Claim == claim.Claim
            ? await Send(tenant, claimed, target, cancellationToken)
            : new DeliveryStep.Busy(s_soon);
    }

    private static DeliveryRow After(DeliveryRow row, AttemptOutcome outcome, DateTimeOffset end)
    {
        var number = row.NextRung + 1;
        var tried = row with
        {
            NextRung = number,
            ClaimedAt = null,
            Claim = null,
            Attempts = [.. row.Attempts, new DeliveryAttempt(number, end, outcome.Status, outcome.Error, outcome.Latency)],
        };
        return RetryLadder.Webhooks.After(number, outcome) switch
        {
            LadderStep.Delivered => tried with { State = DeliveryState.Delivered, EndedAt = end },
            LadderStep.PermanentFail => tried with { State = DeliveryState.PermanentFail, EndedAt = end },
            LadderStep.DeadLetter => tried with { State = DeliveryState.DeadLetter, EndedAt = end },
            LadderStep.Retry retry => tried with { State = DeliveryState.Pending, NextAttemptAt = end + retry.Delay },
            var other => throw new InvalidOperationException($"The ladder has a step that deliveries do not know: {other}."),
        };
    }

    private async Task<DeliveryStep> Send(TenantId tenant, Stored<DeliveryRow> claimed, SubscriptionTarget target, CancellationToken cancellationToken)
    {
        var row = claimed.Row;
        if (await vault.Read(tenant, row.EventId, cancellationToken) is not { } body)
        {
            return await Record(tenant, claimed, Ended(row, DeliveryState.Cancelled) with { CancelReason = "payload_gone" }, cancellationToken);
        }

        var outcome = await sender.Send(new WebhookRequest(target.TargetUrl, target.Secret, body), cancellationToken);
        Failpoints.Reach("after-post");
        await KeepExcerpt(tenant, row, outcome, cancellationToken);
        return await Record(tenant, claimed, After(row, outcome, clocks.Domain.GetUtcNow()), cancellationToken);
    }

    private async Task KeepExcerpt(TenantId tenant, DeliveryRow row, AttemptOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.Excerpt.IsEmpty)
        {
            return;
        }

        try
        {
            await vault.PutExcerpt(tenant, row.EventId, row.Id, row.NextRung + 1, outcome.Excerpt, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // What the receiver said is worth less than that it was asked: record the attempt without.
            alerts.Raise(new Alert(AlertCode.ExcerptNotStored, tenant, row.Id.ToString("D")));
        }
    }

    private async Task<DeliveryStep> Record(TenantId tenant, Stored<DeliveryRow> before, DeliveryRow after, CancellationToken cancellationToken)
    {
        if (!await store.TryReplace(DeliveryIds.TableOf(after.Id), Partition.Of(tenant), before with { Row = after }, cancellationToken))
        {
            // The claim was taken over; whoever did goes on.
            return new DeliveryStep.Busy(s_soon);
        }

        // After the record, so that a crash in between costs an alert or a 410 more, never the delivery's true end.
        if (after.State == DeliveryState.DeadLetter)
        {
            await subscriptions.AlertDeadLetter(tenant, after.Subscription, cancellationToken);
        }
        else if (after is { State: DeliveryState.PermanentFail, Attempts: [.., { Status: Gone }] })
        {
            await subscriptions.Disable(tenant, after.Subscription, "gone", cancellationToken);
        }

        return StepOf(after);
    }

    private DeliveryRow Ended(DeliveryRow row, DeliveryState state) =>
        row with { State = state, ClaimedAt = null, Claim = null, EndedAt = clocks.Domain.GetUtcNow() };

    private DeliveryStep StepOf(DeliveryRow row)
    {
        if (row.State.IsTerminal())
        {
            return new DeliveryStep.Done();
        }

        if (row is { State: DeliveryState.Attempting, ClaimedAt: { } claimedAt })
        {
            // A claim from a clock that runs ahead of ours is treated as made just now.
            var age = clocks.Real.GetUtcNow() - claimedAt;
            var left = timings.AttemptClaim - (age < TimeSpan.Zero ? TimeSpan.Zero : age);
            return left > TimeSpan.Zero ? new DeliveryStep.Busy(left) : new DeliveryStep.Attempt();
        }

        return row.NextAttemptAt > clocks.Domain.GetUtcNow() ? new DeliveryStep.Wait(row.NextAttemptAt) : new DeliveryStep.Attempt();
    }

    private Task<Stored<DeliveryRow>?> Find(TenantId tenant, Guid delivery, CancellationToken cancellationToken) =>
        store.Get<DeliveryRow>(DeliveryIds.TableOf(delivery), Partition.Of(tenant), Uuid7.ToKey(delivery), cancellationToken);
}
