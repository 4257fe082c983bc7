using Microsoft.Extensions.Logging.Abstractions;
using Vorel.Azure.Tables;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Durable;
using Vorel.LocalHost.Durable.Dispatch;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;
using Vorel.LocalHost.Durable.Turns;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Durable.Turns;

[Collection(nameof(HubCollection))]
public sealed class DuplicateResultTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_second_result_and_a_result_for_an_earlier_execution_are_dropped()
    {
        var clock = new DomainClock(TimeProvider.System);
        var store = new HubStore(
            new TableServiceClient(azurite.ConnectionString).GetTableClient("dup" + Guid.NewGuid().ToString("N")[..12]), TimeProvider.System, NullLogger.Instance);
        var queues = new HubQueues(new DurableSettings(), clock, NullLogger.Instance);
        var live = new LiveInstances(store, queues, Chaos.None);
        var handler = new ScriptedHandler().Activity("Work", _ => ScriptedHandler.Returns("done"));
        var dispatcher = new ActivityDispatcher(
            store, live, new InstanceGates(), queues, new ActivityCaller(handler, new DurableFunctions(handler.Catalog), clock), Chaos.None, NullLogger.Instance);
        var instance = new LiveInstance(new InstanceRecord
        {
            InstanceId = "a",
            Name = "Any",
            ExecutionId = "e2",
            Status = OrchestrationStatus.Running,
            CreatedAt = clock.GetUtcNow(),
            UpdatedAt = clock.GetUtcNow(),
        });
        var activity = new ScheduledActivity("e2", 0, "Work", null);
        instance.Activities[activity.RowKey] = activity;
        await store.Create(CancellationToken.None);
        await store.Commit("a", [new HubWrite.Insert(activity.RowKey, HubRows.Activity(activity, 1))], CancellationToken.None);
        live.Add(instance);

        await dispatcher.Run(new ActivityWork("a", activity with { ExecutionId = "e1" }), CancellationToken.None);
        Assert.Empty(instance.Inbox);
        await dispatcher.Run(new ActivityWork("a", activity), CancellationToken.None);
        await dispatcher.Run(new ActivityWork("a", activity), CancellationToken.None);

        Assert.Single(instance.Inbox);
        Assert.Empty(instance.Activities);
    }
}
