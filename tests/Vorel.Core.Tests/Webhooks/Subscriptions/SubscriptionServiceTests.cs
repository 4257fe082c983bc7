using Vorel.Core.Audit;
using Vorel.Core.Errors;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Webhooks.Subscriptions;

public sealed class SubscriptionServiceTests
{
    private readonly World _world = new();

    [Fact]
    public async Task The_secret_is_shown_once_and_stored_sealed()
    {
        var created = await _world.Subscriptions.Create(_world.Tenant, World.TargetUrl, ["lead.created", "lead.created"], "CRM bridge", AuditActor.System, default);

        Assert.StartsWith("whsec_", created.Secret, StringComparison.Ordinal);
        var listed = Assert.Single(await _world.Subscriptions.List(_world.Tenant, default));
        Assert.Equal(created.Secret[..12], listed.SecretPrefix);
        Assert.Equal(["lead.created"], listed.Events);
        Assert.Equal("CRM bridge", listed.Description);
        Assert.DoesNotContain(
            _world.Store.Inner.Dump().SelectMany(entry => entry.Row.Columns.Values).OfType<string>(),
            text => text.Contains(created.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_target_does_not_print_its_secret()
    {
        var created = await _world.Subscriptions.Create(_world.Tenant, World.TargetUrl, ["lead.created"], null, AuditActor.System, default);
        var target = await _world.Subscriptions.OpenTarget(_world.Tenant, created.Subscription.Id, default);
        Assert.Equal(created.Secret, target!.Secret);
        Assert.DoesNotContain(created.Secret, target.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_wrong_is_said_at_once()
    {
        var exception = await Assert.ThrowsAsync<ValidationException>(() =>
            _world.Subscriptions.Create(_world.Tenant, "http://127.0.0.1/", ["lead.created", "lead.deleted"], new string('x', 201), AuditActor.System, default));
        Assert.Equal(["/target_url", "/events/1", "/description"], exception.Errors.Select(error => error.Pointer));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://user@hooks.example.com/")]
    [InlineData("https://169.254.169.254/")]
    public async Task A_url_that_the_guard_refuses_is_refused(string? url)
    {
        var exception = await Assert.ThrowsAsync<ValidationException>(() => _world.Subscriptions.Create(_world.Tenant, url, ["lead.created"], null, AuditActor.System, default));
        Assert.Equal("/target_url", Assert.Single(exception.Errors).Pointer);
        Assert.Empty(_world.Store.Inner.Dump());
    }

    [Fact]
    public async Task No_event_is_no_subscription()
    {
        await Assert.ThrowsAsync<ValidationException>(() => _world.Subscriptions.Create(_world.Tenant, World.TargetUrl, [], null, AuditActor.System, default));
        await Assert.ThrowsAsync<ValidationException>(() => _world.Subscriptions.Create(_world.Tenant, World.TargetUrl, null, null, AuditActor.System, default));
    }

    [Fact]
    public async Task A_tenant_has_at_most_a_hundred_and_may_make_another_when_one_is_gone()
    {
        for (var number = 0; number < 100; number++)
        {
            await _world.Subscribe("lead.created");
        }

        var before = _world.Store.Inner.Dump().Count;
        await Assert.ThrowsAsync<ConflictException>(() => _world.Subscribe("lead.created"));
        Assert.Equal(before, _world.Store.Inner.Dump().Count);

        await _world.Subscriptions.Delete(_world.Tenant, (await _world.Subscriptions.List(_world.Tenant, default))[0].Id.ToString("D"), AuditActor.System, default);
        await _world.Subscribe("lead.created");
    }

    [Fact]
    public async Task Anothers_subscription_is_neither_seen_nor_deleted()
    {
        var subscription = await _world.Subscribe("lead.created");
        var stranger = Core.Tenants.TenantId.New(TimeProvider.System);
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Subscriptions.Get(stranger, subscription.Id.ToString("D"), default));
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Subscriptions.Delete(stranger, subscription.Id.ToString("D"), AuditActor.System, default));
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Subscriptions.Delete(_world.Tenant, "?", AuditActor.System, default));

        await _world.Subscriptions.Delete(_world.Tenant, subscription.Id.ToString("D"), AuditActor.System, default);
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Subscriptions.Delete(_world.Tenant, subscription.Id.ToString("D"), AuditActor.System, default));
    }

    [Fact]
    public async Task A_secret_moved_to_another_subscription_does_not_open()
    {
        var first = await _world.Subscribe("lead.created");
        var second = await _world.Subscribe("lead.created");
        var rows = _world.Store.Inner.Dump().Where(entry => entry.Table == "WebhookSubscriptions").ToDictionary(entry => entry.Row.Key, entry => entry.Row);
        var key = Core.Ids.Uuid7.ToKey(second.Id);
        var stolen = rows[Core.Ids.Uuid7.ToKey(first.Id)].Columns;
        await _world.Store.Inner.Commit(
            "WebhookSubscriptions", Core.Storage.Partition.Of(_world.Tenant), [new Core.Storage.RowWrite.Upsert(key, stolen)], default);
        await Assert.ThrowsAsync<Core.Security.EnvelopeException>(() => _world.Subscriptions.OpenTarget(_world.Tenant, second.Id, default));
    }
}
