using System.Text;
using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Core.Webhooks.Subscriptions;

namespace Vorel.Core.Tests.Webhooks.Deliveries;

public sealed class DeliveryServiceTests
{
    private readonly World _world = new();

    [Fact]
    public async Task The_whole_ladder_is_climbed_at_its_moments_and_the_body_never_changes()
    {
        var delivery = await OneDelivery();
        _world.Sender.Answers(Outcomes.Status(500, AttemptError.Server));
        var start = _world.Domain.GetUtcNow();
        var attemptedAt = new List<TimeSpan>();
        while (await _world.Deliveries.Load(_world.Tenant, delivery.Id, default) is not DeliveryStep.Done)
        {
            attemptedAt.Add(_world.Domain.GetUtcNow() - start);
            if (await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default) is DeliveryStep.Wait wait)
            {
                Assert.Equal(wait, await _world.Deliveries.Load(_world.Tenant, delivery.Id, default));
                _world.Advance(wait.Until - _world.Domain.GetUtcNow());
            }
        }

        Assert.Equal(
            ["00:00:00", "00:01:00", "00:06:00", "00:36:00", "02:36:00", "14:36:00"],
            attemptedAt.Select(moment => moment.ToString()));
        var end = await _world.OnlyDelivery();
        Assert.Equal(DeliveryState.DeadLetter, end.State);
        Assert.Equal([1, 2, 3, 4, 5, 6], end.Attempts.Select(attempt => attempt.Number));
        Assert.All(end.Attempts, attempt => Assert.Equal((500, AttemptError.Server), (attempt.Status, attempt.Error)));
        Assert.Single(_world.Sender.Requests.Select(request => Convert.ToBase64String(request.Body.Span)).Distinct());
        Assert.Equal(1, _world.Alerts.Count(AlertCode.DeliveriesDeadLettered));
    }

    [Fact]
    public async Task A_success_ends_the_delivery_and_is_signed_with_the_secret_that_was_shown()
    {
        var created = await _world.Subscriptions.Create(_world.Tenant, World.TargetUrl, ["conversation.created"], null, AuditActor.System, default);
        await _world.Conversation();
        await _world.Dispatch();
        var delivery = await _world.OnlyDelivery();

        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));

        var request = Assert.Single(_world.Sender.Requests);
        Assert.Equal((World.TargetUrl, created.Secret), (request.TargetUrl, request.Secret));
        var end = await _world.OnlyDelivery();
        Assert.Equal(DeliveryState.Delivered, end.State);
        Assert.Equal(_world.Domain.GetUtcNow(), end.EndedAt);
        Assert.Null(end.NextAttemptAt);
        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        Assert.Single(_world.Sender.Requests);
    }

    public static TheoryData<int?, AttemptError?, DeliveryState> FirstAnswers => new()
    {
        { 200, null, DeliveryState.Delivered },
        { 204, null, DeliveryState.Delivered },
        { 400, AttemptError.Client, DeliveryState.PermanentFail },
        { 408, AttemptError.Client, DeliveryState.PermanentFail },
        { 410, AttemptError.Client, DeliveryState.PermanentFail },
        { 429, AttemptError.Client, DeliveryState.PermanentFail },
        { 301, AttemptError.Redirect, DeliveryState.Pending },
        { 500, AttemptError.Server, DeliveryState.Pending },
        { null, AttemptError.Timeout, DeliveryState.Pending },
        { null, AttemptError.Connection, DeliveryState.Pending },
        { null, AttemptError.Dns, DeliveryState.Pending },
        { null, AttemptError.Tls, DeliveryState.Pending },
        { null, AttemptError.Guard, DeliveryState.Pending },
        { null, AttemptError.Protocol, DeliveryState.Pending },
    };

    [Theory]
    [MemberData(nameof(FirstAnswers))]
    public async Task Each_answer_leads_to_its_state(int? status, AttemptError? error, DeliveryState state)
    {
        var delivery = await OneDelivery();
        _world.Sender.Answers(new AttemptOutcome(status, error, TimeSpan.FromMilliseconds(7), default));
        await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);

        var after = await _world.OnlyDelivery();
        Assert.Equal(state, after.State);
        var attempt = Assert.Single(after.Attempts);
        Assert.Equal((1, status, error, TimeSpan.FromMilliseconds(7)), (attempt.Number, attempt.Status, attempt.Error, attempt.Latency));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_delivery_whose_subscription_is_deleted_or_disabled_is_cancelled_unsent(bool deleted)
    {
        var delivery = await OneDelivery();
        await (deleted
            ? _world.Subscriptions.Delete(_world.Tenant, delivery.Subscription.ToString("D"), AuditActor.System, default)
            : _world.Subscriptions.DisableGone(_world.Tenant, delivery.Subscription, Guid.NewGuid(), default));

        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        var end = await _world.OnlyDelivery();
        Assert.Equal((DeliveryState.Cancelled, "subscription_gone"), (end.State, end.CancelReason));
        Assert.Empty(_world.Sender.Requests);
    }

    [Fact]
    public async Task Each_attempt_goes_to_the_url_that_the_subscription_has_then()
    {
        var delivery = await OneDelivery();
        _world.Sender.Answers(Outcomes.Status(500, AttemptError.Server));
        await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
        var (table, _, row) = _world.Store.Inner.Dump().Single(entry => entry.Table == "WebhookSubscriptions");
        var moved = new Dictionary<string, object>(row.Columns) { ["target_url"] = "https://new.example.com/" };
        await _world.Store.Inner.Commit(table, Partition.Of(_world.Tenant), [new RowWrite.Upsert(row.Key, moved)], default);

        _world.Advance(TimeSpan.FromMinutes(1));
        await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);

        Assert.Equal([World.TargetUrl, "https://new.example.com/"], _world.Sender.Requests.Select(request => request.TargetUrl));
    }

    [Fact]
    public async Task A_delivery_whose_event_was_erased_is_cancelled_unsent()
    {
        var delivery = await OneDelivery();
        var table = Core.Payloads.PayloadTables.Of(delivery.EventId);
        await _world.Store.Inner.Commit(table, Partition.Of(_world.Tenant), [new RowWrite.Delete(delivery.EventId.ToString("D"), "*")], default);

        await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
        var end = await _world.OnlyDelivery();
        Assert.Equal((DeliveryState.Cancelled, "payload_gone"), (end.State, end.CancelReason));
        Assert.Empty(_world.Sender.Requests);
    }

    [Fact]
    public async Task A_claim_holds_others_off_for_a_minute_and_is_then_taken_over_under_the_same_number()
    {
        var delivery = await OneDelivery();
        _world.Sender.Answers(Outcomes.Status(500, AttemptError.Server), Outcomes.Ok);
        _world.Sender.During = () => throw new OperationCanceledException("the process dies after the POST");
        await Assert.ThrowsAsync<OperationCanceledException>(() => _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        _world.Sender.During = null;

        // The domain clock does not age a claim.
        _world.Domain.Advance(TimeSpan.FromHours(3));
        _world.Real.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(new DeliveryStep.Busy(TimeSpan.FromSeconds(40)), await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        Assert.Single(_world.Sender.Requests);

        _world.Real.Advance(TimeSpan.FromSeconds(40));
        Assert.IsType<DeliveryStep.Attempt>(await _world.Deliveries.Load(_world.Tenant, delivery.Id, default));
        await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
        Assert.Equal(2, _world.Sender.Requests.Count);
        Assert.Equal([1], (await _world.OnlyDelivery()).Attempts.Select(attempt => attempt.Number));
    }

    [Fact]
    public async Task Two_attempts_at_once_make_one_POST()
    {
        var delivery = await OneDelivery();
        DeliveryStep? other = null;
        _world.Sender.During = async () => other = await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
        await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);

        Assert.IsType<DeliveryStep.Busy>(other);
        Assert.Single(_world.Sender.Requests);
    }

    [Fact]
    public async Task Of_two_claims_that_meet_in_the_store_one_wins()
    {
        var delivery = await OneDelivery();
        DeliveryStep? other = null;
        _world.Store.BeforeCommit = async (_, _, _) =>
        {
            _world.Store.BeforeCommit = null;
            other = await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
        };
        Assert.IsType<DeliveryStep.Busy>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        Assert.IsType<DeliveryStep.Done>(other);
        Assert.Single(_world.Sender.Requests);
    }

    [Fact]
    public async Task An_outcome_that_arrives_after_the_claim_was_taken_over_does_not_overwrite_the_other_one()
    {
        var delivery = await OneDelivery();
        _world.Sender.Answers(Outcomes.Ok, Outcomes.Status(500, AttemptError.Server));
        _world.Sender.During = async () =>
        {
            _world.Sender.During = null;
            _world.Advance(TimeSpan.FromSeconds(61));
            await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
        };
        await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);

        var after = await _world.OnlyDelivery();
        Assert.Equal(DeliveryState.Delivered, after.State);
        Assert.Single(after.Attempts);
    }

    [Fact]
    public async Task The_ninth_attempt_at_once_to_one_subscription_is_busy_and_does_not_count()
    {
        await _world.Subscribe("conversation.created");
        for (var i = 0; i < 9; i++)
        {
            await _world.Conversation("customer " + i);
        }

        await _world.Dispatch();
        var deliveries = await _world.AllDeliveries();
        var release = new TaskCompletionSource();
        _world.Sender.During = () => release.Task;
        var underWay = deliveries.Take(8).Select(delivery => _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default)).ToList();

        Assert.IsType<DeliveryStep.Busy>(await _world.Deliveries.Attempt(_world.Tenant, deliveries[8].Id, default));
        release.SetResult();
        await Task.WhenAll(underWay);
        _world.Sender.During = null;
        Assert.Empty((await _world.AllDeliveries())[8].Attempts);

        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, deliveries[8].Id, default));
    }

    [Fact]
    public async Task The_excerpt_of_an_answer_is_stored_sealed()
    {
        var delivery = await OneDelivery();
        _world.Sender.Answers(new AttemptOutcome(500, AttemptError.Server, TimeSpan.Zero, "canary +971500000001"u8.ToArray()));
        await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);

        var excerpt = await _world.Vault.ReadExcerpt(_world.Tenant, delivery.EventId, delivery.Id, 1, default);
        Assert.Equal("canary +971500000001", Encoding.UTF8.GetString(excerpt!));
        Assert.DoesNotContain(
            _world.Store.Inner.Dump().SelectMany(entry => entry.Row.Columns.Values),
            value => value is byte[] bytes && Encoding.UTF8.GetString(bytes).Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_excerpt_that_cannot_be_stored_does_not_cost_the_outcome()
    {
        var delivery = await OneDelivery();
        _world.Store.BeforeCommit = (table, _, _) =>
            table.StartsWith("Payloads", StringComparison.Ordinal) ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
        Assert.Equal(DeliveryState.Delivered, (await _world.OnlyDelivery()).State);
        Assert.Equal(1, _world.Alerts.Count(AlertCode.ExcerptNotStored));
    }

    [Fact]
    public async Task Another_tenants_delivery_is_not_there()
    {
        var delivery = await OneDelivery();
        var stranger = Core.Tenants.TenantId.New(TimeProvider.System);
        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(stranger, delivery.Id, default));
        Assert.Empty(_world.Sender.Requests);
    }

    private async Task<Delivery> OneDelivery()
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        await _world.Dispatch();
        return await _world.OnlyDelivery();
    }
}
