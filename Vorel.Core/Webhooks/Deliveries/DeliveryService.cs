using Vorel.Core.Alerts;
using Vorel.Core.Ids;
using Vorel.Core.Incidents;
using Vorel.Core.Payloads;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Webhooks.Subscriptions;

namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>
/// The steps of a delivery. Both are safe to repeat: an attempt is claimed by version, and a claim that is not honoured
/// in time is taken over under the same number, so a POST may repeat but is never forgotten. After five takeovers the
/// attempt counts as failed.
/// </summary>
public sealed class DeliveryService(
    IRowStore store,
    SubscriptionService subscriptions,
    AttemptPermits permits,
    PayloadVault vault,
    IWebhookSender sender,
    WebhookIncidents incidents,
    Clocks clocks,
    Timings timings,
    IAlerts alerts)
{
    /// <summary>How often one attempt is made again because nobody recorded how it ended. What dies with its process each time must not go on for ever.</summary>
    private const int MostTakeovers = 5;

    private static readonly AttemptOutcome s_interrupted = new(null, AttemptError.Interrupted, TimeSpan.Zero, default);

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    // For a secret or a body that does not open: nobody but an operator can mend that.
    private static readonly TimeSpan s_sealedPause = TimeSpan.FromMinutes(15);

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

        if (stored.Row.State.IsTerminal())
        {
            return await FollowUp(tenant, stored, cancellationToken);
        }

        if (StepOf(stored.Row) is var step and not DeliveryStep.Attempt)
        {
            return step;
        }

        var takeovers = stored.Row.State == DeliveryState.Attempting ? stored.Row.Takeovers + 1 : 0;
        if (takeovers > MostTakeovers)
        {
            return await Record(tenant, stored, After(stored.Row, s_interrupted, clocks.Domain.GetUtcNow()), cancellationToken);
        }

        using var permit = permits.TryTake(tenant, stored.Row.Subscription);
        if (permit is null)
        {
            return new DeliveryStep.Busy(s_soon);
        }

        SubscriptionTarget? target;
        byte[]? body;
        try
        {
            target = await subscriptions.OpenTarget(tenant, stored.Row.Subscription, cancellationToken);
            body = target is null ? null : await vault.Read(tenant, stored.Row.EventId, cancellationToken);
        }
        catch (EnvelopeException)
        {
            return await PutOff(tenant, stored, cancellationToken);
        }

        if (target is null || body is null)
        {
            var reason = target is null ? "subscription_gone" : "payload_gone";
            return await Record(tenant, stored, Ended(stored.Row, DeliveryState.Cancelled) with { CancelReason = reason }, cancellationToken);
        }

        var claim = stored.Row with
        {
            State = DeliveryState.Attempting,
            ClaimedAt = clocks.Real.GetUtcNow(),
            Claim = Guid.NewGuid(),
            Takeovers = takeovers,
        };
        return await store.TryReplace(DeliveryIds.TableOf(delivery), Partition.Of(tenant), stored with { Row = claim }, cancellationToken)
            && await Find(tenant, delivery, cancellationToken) is { } claimed && claimed.Row.Claim == claim.Claim
            ? await Send(tenant, claimed, target, body, cancellationToken)
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
            LadderStep.PermanentFail permanent =>
                tried with { State = DeliveryState.PermanentFail, EndedAt = end, OwesFollowUp = permanent.DisablesSubscription },
            LadderStep.DeadLetter => tried with { State = DeliveryState.DeadLetter, EndedAt = end, OwesFollowUp = true },
            LadderStep.Retry retry => tried with { State = DeliveryState.Pending, NextAttemptAt = end + retry.Delay },
            var other => throw new InvalidOperationException($"The ladder has a step that deliveries do not know: {other}."),
        };
    }

    private async Task<DeliveryStep> Send(TenantId tenant, Stored<DeliveryRow> claimed, SubscriptionTarget target, byte[] body, CancellationToken cancellationToken)
    {
        var row = claimed.Row;
        var outcome = await sender.Send(new WebhookRequest(target.TargetUrl, target.Secret, body), cancellationToken);
        Failpoints.Reach("after-post");
        await KeepExcerpt(tenant, row, outcome, cancellationToken);
        var after = After(row, outcome, clocks.Domain.GetUtcNow());
        after = after.State == DeliveryState.Delivered && target.IsFailing ? after with { OwesFollowUp = true } : after;
        return await Record(tenant, claimed, after, cancellationToken);
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

        return after.OwesFollowUp ? await Attempt(tenant, after.Id, cancellationToken) : StepOf(after);
    }

    /// <summary>
    /// What an end leads to, safe to repeat. After the record, so that the delivery's true end is never lost; what the record
    /// says to be owed is done by whoever comes next, the tick at the latest.
    /// </summary>
    private async Task<DeliveryStep> FollowUp(TenantId tenant, Stored<DeliveryRow> ended, CancellationToken cancellationToken)
    {
        var row = ended.Row;
        if (row.OwesFollowUp)
        {
            await (row.State switch
            {
                DeliveryState.DeadLetter => incidents.Fail(tenant, row, cancellationToken),
                DeliveryState.Delivered => incidents.Recover(tenant, row, cancellationToken),
                _ => subscriptions.DisableGone(tenant, row.Subscription, row.Id, cancellationToken),
            });

            // Where this is refused, another one has done the same.
            await store.TryReplace(DeliveryIds.TableOf(row.Id), Partition.Of(tenant), ended with { Row = row with { OwesFollowUp = false } }, cancellationToken);
        }

        return new DeliveryStep.Done();
    }

    /// <summary>Waits, not counted as an attempt, until somebody mends what does not open; at most as long as the event itself is kept.</summary>
    private async Task<DeliveryStep> PutOff(TenantId tenant, Stored<DeliveryRow> stored, CancellationToken cancellationToken)
    {
        var now = clocks.Domain.GetUtcNow();
        alerts.Raise(new Alert(AlertCode.DeliverySealed, tenant, stored.Row.Id.ToString("D")));
        return await Record(
            tenant,
            stored,
            PayloadTables.IsOver(stored.Row.EventId, now)
                ? Ended(stored.Row, DeliveryState.Cancelled) with { CancelReason = "payload_gone" }
                : stored.Row with { State = DeliveryState.Pending, ClaimedAt = null, Claim = null, NextAttemptAt = now + s_sealedPause },
            cancellationToken);
    }

    private DeliveryRow Ended(DeliveryRow row, DeliveryState state) =>
        row with { State = state, ClaimedAt = null, Claim = null, EndedAt = clocks.Domain.GetUtcNow() };

    private DeliveryStep StepOf(DeliveryRow row)
    {
        if (row.State.IsTerminal())
        {
            return row.OwesFollowUp ? new DeliveryStep.Attempt() : new DeliveryStep.Done();
        }

        if (row is { State: DeliveryState.Attempting, ClaimedAt: { } claimedAt })
        {
            // A claim from a clock that runs ahead of ours is treated as made just now; from further ahead than a claim lasts, it
            // is one that our clock was set back behind, and nobody can tell for how long to wait.
            var age = clocks.Real.GetUtcNow() - claimedAt;
            var left = timings.AttemptClaim - (age < TimeSpan.Zero ? TimeSpan.Zero : age);
            return left > TimeSpan.Zero && age >= -timings.AttemptClaim ? new DeliveryStep.Busy(left) : new DeliveryStep.Attempt();
        }

        return row.NextAttemptAt > clocks.Domain.GetUtcNow() ? new DeliveryStep.Wait(row.NextAttemptAt) : new DeliveryStep.Attempt();
    }

    private Task<Stored<DeliveryRow>?> Find(TenantId tenant, Guid delivery, CancellationToken cancellationToken) =>
        store.Get<DeliveryRow>(DeliveryIds.TableOf(delivery), Partition.Of(tenant), Uuid7.ToKey(delivery), cancellationToken);
}
