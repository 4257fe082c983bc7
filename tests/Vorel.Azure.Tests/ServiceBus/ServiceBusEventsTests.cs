using System.Text;
using Vorel.Azure.ServiceBus;
using Vorel.Core.Integration;
using Vorel.Core.Tenants;
using Vorel.Fakes;
using Vorel.Testing;

namespace Vorel.Azure.Tests.ServiceBus;

public sealed class ServiceBusEventsTests : IAsyncLifetime
{
    private static readonly IntegrationEvent s_event = new(
        "01a1fdd2-0000-7000-8000-000000000001:opened",
        IntegrationEventTypes.IncidentOpened,
        new TenantId(Guid.Parse("01a1fdd2-0000-7000-8000-000000000002")),
        "01a1fdd2-0000-7000-8000-000000000001",
        new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero))
    {
        Codes = new Dictionary<string, string>(StringComparer.Ordinal) { ["incident_type"] = "crm_sync_failure" },
        Counts = new Dictionary<string, long>(StringComparer.Ordinal) { ["records"] = 3 },
    };

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly FakeServiceBus _bus;

    public ServiceBusEventsTests() => _bus = new FakeServiceBus(_time);

    public Task InitializeAsync() => _bus.Start();

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task An_event_is_one_message_that_filters_can_tell()
    {
        await Events().Publish(s_event, CancellationToken.None);

        var message = Assert.Single(_bus.Messages);
        Assert.Equal((s_event.Id, "incident.opened", s_event.Subject, "application/json"), (message.MessageId, message.Label, message.CorrelationId, message.ContentType));
        Assert.Equal(("tenant", s_event.Tenant.ToString()), message.Properties.Select(property => (property.Key, (string)property.Value)).Single());
        Assert.Equal(
            """{"v":1,"id":"01a1fdd2-0000-7000-8000-000000000001:opened","type":"incident.opened","tenant":"01a1fdd2-0000-7000-8000-000000000002","occurred_at":"2026-01-05T09:00:00.000Z","data":{"subject":"01a1fdd2-0000-7000-8000-000000000001","incident_type":"crm_sync_failure","records":3}}""",
            Encoding.UTF8.GetString(message.Body));
    }

    [Fact]
    public async Task A_repeat_is_dropped_within_the_window_of_duplicate_detection_and_the_same_message_after_it()
    {
        await Events().Publish(s_event, CancellationToken.None);
        await Events().Publish(s_event, CancellationToken.None);
        Assert.Single(_bus.Messages);

        _time.Advance(TimeSpan.FromMinutes(10));
        await Events().Publish(s_event, CancellationToken.None);

        Assert.Equal(2, _bus.Messages.Count);
        Assert.Equal(_bus.Messages[0].Body, _bus.Messages[1].Body);
    }

    [Fact]
    public async Task Where_nothing_is_configured_publishing_does_nothing()
    {
        await new ServiceBusEvents(sender: null).Publish(s_event, CancellationToken.None);

        Assert.Equal(0, _bus.Requests);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(410)]
    [InlineData(503)]
    public async Task An_event_that_was_not_taken_is_told_whatever_the_reason(int status)
    {
        _bus.Standing = BusFault.Answer(status);

        var failed = await Assert.ThrowsAsync<EventNotPublishedException>(() => Events().Publish(s_event, CancellationToken.None));

        Assert.Equal(status.ToString(System.Globalization.CultureInfo.InvariantCulture), failed.Cause);
        Assert.DoesNotContain(_bus.Access.Key, failed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", failed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_ends_within_twenty_minutes()
    {
        _time.Advance(TimeSpan.FromMinutes(21));

        await Assert.ThrowsAsync<EventNotPublishedException>(() => Events().Publish(s_event, CancellationToken.None));

        Assert.Empty(_bus.Messages);
    }

    [Fact]
    public async Task A_bus_that_does_not_answer_costs_no_more_than_the_budget()
    {
        _bus.Standing = new BusFault(BusFaultKind.Hang);

        await Eventually.Within(
            Assert.ThrowsAsync<EventNotPublishedException>(() => Events(TimeSpan.FromMilliseconds(200)).Publish(s_event, CancellationToken.None)), "the budget ends");
    }

    [Fact]
    public async Task A_caller_who_goes_away_is_not_told_of_an_outage()
    {
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Events().Publish(s_event, caller.Token));
    }

    private ServiceBusEvents Events(TimeSpan? budget = null)
    {
        var sender = new ServiceBusClient(_bus.ConnectionString).CreateSender(FakeServiceBus.Topic);
        return budget is { } given ? new ServiceBusEvents(sender) { Budget = given } : new ServiceBusEvents(sender);
    }
}
