using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Azure.ServiceBus;
using Vorel.Core.Messaging;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Fakes;
using Vorel.Functions.Hosting;
using Vorel.Functions.Tests.Support;
using Vorel.Functions.Triggers.Timers;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Triggers.Timers;

public sealed class TickFunctionTests
{
    private const string Message = """{"v":1,"kind":"redrive","tenant":"0198c0de-0000-7000-8000-000000000000","id":"0198c0de-0000-7000-8000-000000000000"}""";

    [Fact]
    public async Task While_what_is_due_cannot_be_read_poisoned_messages_still_come_back()
    {
        var store = new FaultyStore(new InMemoryRowStore()) { Before = (_, _, _) => throw new StoreUnavailableException("down") };
        await using var api = await ApiHarness.Start(services => services.AddSingleton<IRowStore>(store));
        await api.Queue.Put("live-poison", Message, TimeSpan.Zero, CancellationToken.None);
        await using var call = api.Handler.Services.CreateAsyncScope();
        var tick = ActivatorUtilities.CreateInstance<TickFunction>(call.ServiceProvider);

        // The client is for the services, which have none to start here.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => tick.Run(new TimerInfo(IsPastDue: false), client: null!, CancellationToken.None));

        Assert.Empty(api.Queue.Messages("live-poison"));
        Assert.Equal([Message], api.Queue.Messages(WorkQueues.Live).Select(message => message.Body));
    }

    [Fact]
    public async Task An_incident_reaches_the_topic_of_the_settings_and_its_row_says_so()
    {
        await using var bus = new FakeServiceBus();
        await bus.Start();
        var store = new InMemoryRowStore();
        var tenant = TenantId.New(TimeProvider.System);
        var (id, opened) = (Guid.CreateVersion7(), DateTimeOffset.UtcNow.AddMinutes(-5));
        var due = Partition.Due(opened.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture) + "00");
        await store.Commit("Incidents", Partition.Of(tenant), Row("open|crm_sync_failure|custom_webhook", ("incident", id), ("type", "crm_sync_failure"), ("subject", "custom_webhook"), ("opened_at", opened)), default);
        await store.Commit("Due", due, Row($"{tenant}|incident|{id:D}", ("tenant", tenant.Value), ("kind", "incident"), ("id", id.ToString("D")), ("due_at", opened)), default);
        var settings = RunningHandler.Settings with { Events = new ServiceBusClient(bus.ConnectionString).CreateSender(FakeServiceBus.Topic) };
        await using var handler = await RunningHandler.Start(settings, services =>
        {
            services.AddSingleton<IRowStore>(store);
            services.AddSingleton<IWorkQueue>(new InMemoryWorkQueue(TimeProvider.System));
        });
        await using var call = handler.Services.CreateAsyncScope();

        await ActivatorUtilities.CreateInstance<TickFunction>(call.ServiceProvider).Run(new TimerInfo(IsPastDue: false), client: null!, CancellationToken.None);

        var message = Assert.Single(bus.Messages);
        Assert.Equal(($"{id:D}:opened", "incident.opened", id.ToString("D")), (message.MessageId, message.Label, message.CorrelationId));
        Assert.Contains("opened_published_at", store.Dump().Single(entry => entry.Table == "Incidents").Row.Columns.Keys);

        static RowWrite.Insert Row(string key, params (string Name, object Value)[] columns) =>
            new(key, columns.ToDictionary(column => column.Name, column => column.Value));
    }
}
