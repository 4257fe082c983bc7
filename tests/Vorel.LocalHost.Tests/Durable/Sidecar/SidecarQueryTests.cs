using Google.Protobuf.WellKnownTypes;
using Vorel.Azure.Tables;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable.Sidecar;

[Collection(nameof(HubCollection))]
[Trait("Area", "host")]
public sealed class SidecarQueryTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private HubWorld _world = null!;
    private RunningHub _hub = null!;
    private GrpcProbe _sidecar = null!;

    public async Task InitializeAsync()
    {
        _world = new HubWorld(azurite, new ScriptedHandler()
            .Orchestrator("Wait", _ => Answers())
            .Orchestrator("Big", _ => Answers(Act.Complete(0, $"\"{new string('x', 400_000)}\"")))
            .Orchestrator("Done", _ => Answers(new OrchestratorResponse { CustomStatus = "\"fine\"", Actions = { Act.Complete(0, "2") } }))
            .Orchestrator("Broken", _ => Answers(Act.Complete(0, "\"no\"", OrchestrationStatus.Failed))));
        _hub = await _world.Start();
        _sidecar = new GrpcProbe(await _hub.Hub.Address(CancellationToken.None));
    }

    public async Task DisposeAsync()
    {
        _sidecar.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Filters_are_of_status_time_prefix_and_hub()
    {
        await _hub.Run("Done", "order-1", "first");
        await _hub.Run("Broken", "order-2");
        await _hub.Run("Wait", "order_3");
        await _hub.Settle();
        var between = _world.Clock.Advance(TimeSpan.FromHours(1));
        var later = _world.Clock.GetUtcNow().AddMinutes(-30).ToTimestamp();
        await _hub.Run("Done", "Order-4");
        await _hub.Run("Done", "ü:5");
        await _hub.Settle();

        Assert.Equal(["Order-4", "order-1", "order-2", "order_3", "ü:5"], await Ids(new InstanceQuery()));
        Assert.Equal(["order-1", "order-2"], await Ids(new InstanceQuery { InstanceIdPrefix = "order-" }));
        Assert.Equal(["ü:5"], await Ids(new InstanceQuery { InstanceIdPrefix = "ü" }));
        Assert.Empty(await Ids(new InstanceQuery { InstanceIdPrefix = "o/' or 1 eq 1" }));
        Assert.Empty(await Ids(new InstanceQuery { InstanceIdPrefix = new string('a', 5000) }));
        Assert.Equal(["order-2", "order_3"], await Ids(new InstanceQuery { RuntimeStatus = { OrchestrationStatus.Failed, OrchestrationStatus.Running } }));
        Assert.Equal(["Order-4", "ü:5"], await Ids(new InstanceQuery { CreatedTimeFrom = later }));
        Assert.Equal(["order-1", "order-2", "order_3"], await Ids(new InstanceQuery { CreatedTimeTo = later }));
        Assert.Equal(["order-1"], await Ids(new InstanceQuery { CreatedTimeFrom = new Timestamp(), CreatedTimeTo = later, RuntimeStatus = { OrchestrationStatus.Completed } }));
        Assert.Empty(await Ids(new InstanceQuery { TaskHubNames = { "another" } }));
        Assert.Equal(5, (await Ids(new InstanceQuery { TaskHubNames = { "another", _world.HubName.ToUpperInvariant() } })).Length);
        Assert.Equal(TimeSpan.FromHours(1), between.Offset);
    }

    [Fact]
    public async Task Inputs_and_outputs_come_only_when_they_are_asked_for()
    {
        await _hub.Call("StartInstance", new CreateInstanceRequest { InstanceId = "a", Name = "Done", Input = "1", Version = "7", Tags = { ["team"] = "blue \"1\"" } });
        await _hub.Ended("a");

        var lean = Assert.Single((await Query(new InstanceQuery())).OrchestrationState);
        var full = Assert.Single((await Query(new InstanceQuery { FetchInputsAndOutputs = true })).OrchestrationState);

        Assert.Equal((null, null, "\"fine\"", "7"), (lean.Input, lean.Output, lean.CustomStatus, lean.Version));
        Assert.Equal(("1", "2", "blue \"1\""), (full.Input, full.Output, full.Tags["team"]));
        Assert.NotNull(full.CompletedTimestamp);
        Assert.NotEqual("", full.ExecutionId);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_or_a_double()
    {
        for (var i = 0; i < 7; i++)
        {
            await _hub.Run("Done", $"i{i}");
        }

        await _hub.Settle();
        var seen = new List<string>();
        var pages = 0;
        for (string? token = ""; token is not null; pages++)
        {
            var page = await Query(new InstanceQuery { MaxInstanceCount = 3, ContinuationToken = token.Length == 0 ? null : token });
            seen.AddRange(page.OrchestrationState.Select(state => state.InstanceId));
            token = page.ContinuationToken;
        }

        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"i{i}"), seen);
        Assert.Null((await Query(new InstanceQuery { MaxInstanceCount = 7 })).ContinuationToken);
    }

    [Fact]
    public async Task A_page_with_payloads_ends_early_rather_than_grow_without_limit()
    {
        for (var i = 0; i < 8; i++)
        {
            await _hub.Run("Big", $"i{i}");
        }

        await _hub.Settle();
        var page = await Query(new InstanceQuery { FetchInputsAndOutputs = true });

        Assert.Equal(6, page.OrchestrationState.Count);
        Assert.Equal(2, (await Query(new InstanceQuery { FetchInputsAndOutputs = true, ContinuationToken = page.ContinuationToken })).OrchestrationState.Count);
    }

    [Fact]
    public async Task More_instances_than_the_table_has_on_a_page_are_found_and_purged()
    {
        const int Many = 1050;
        await _hub.Run("Done", "m0000");
        await _hub.Ended("m0000");
        await _hub.Settle();
        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient(_world.HubName + "Durable");
        var columns = new Dictionary<string, object>((await table.GetEntityAsync("m0000", "instance|m0000")).Value);
        await Parallel.ForAsync(1, Many, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellationToken) =>
        {
            var id = $"m{i:D4}";
            await table.AddEntityAsync(new TableEntity(id, $"instance|{id}", columns) { ["instance_id"] = id }, cancellationToken);
        });

        var first = await Query(new InstanceQuery { MaxInstanceCount = 5000 });
        var rest = await Query(new InstanceQuery { MaxInstanceCount = 5000, ContinuationToken = first.ContinuationToken });
        Assert.Equal((1000, 50, null), (first.OrchestrationState.Count, rest.OrchestrationState.Count, rest.ContinuationToken));
        Assert.Equal("m1049", rest.OrchestrationState[^1].InstanceId);

        var purged = await Purge(new PurgeInstancesRequest { PurgeInstanceFilter = new PurgeInstanceFilter() });
        Assert.Equal((Many, true), (purged.DeletedInstanceCount, purged.IsComplete));
        Assert.Empty(await _world.Rows());
    }

    [Fact]
    public async Task A_purge_takes_what_matches_and_has_ended()
    {
        await _hub.Run("Done", "a");
        await _hub.Run("Broken", "b");
        await _hub.Run("Wait", "c");
        await _hub.Run("Done", "d");
        await _hub.Settle();

        Assert.Equal(0, (await Purge(Filter(OrchestrationStatus.Running))).DeletedInstanceCount);
        var late = await Purge(new PurgeInstancesRequest { PurgeInstanceFilter = new PurgeInstanceFilter { Timeout = new Duration() } });
        Assert.Equal((0, false), (late.DeletedInstanceCount, late.IsComplete));
        Assert.Equal(1, (await Purge(Filter(OrchestrationStatus.Failed, OrchestrationStatus.Running))).DeletedInstanceCount);
        Assert.Equal(1, (await Purge(new PurgeInstancesRequest { InstanceBatch = new InstanceBatch { InstanceIds = { "a", "c", "nobody" } } })).DeletedInstanceCount);
        Assert.Equal(["c", "d"], await Ids(new InstanceQuery()));
        Assert.Equal(1, (await Purge(new PurgeInstancesRequest { PurgeInstanceFilter = new PurgeInstanceFilter() })).DeletedInstanceCount);
        Assert.Equal(["c"], (await _world.Rows()).Select(row => row.Split(' ')[0]).Distinct());
    }

    [Theory]
    [InlineData("not one")]
    [InlineData("====")]
    [InlineData("LyAn")] // base64 of "/ '"
    [InlineData("ü")]
    public async Task A_token_that_is_not_the_hubs_own_is_an_invalid_argument(string token) =>
        Assert.Equal(3, (await _sidecar.Send("QueryInstances", new QueryInstancesRequest { Query = new InstanceQuery { ContinuationToken = token } })).Status);

    [Fact]
    public async Task Sizes_times_and_spans_that_cannot_be_are_invalid_arguments()
    {
        var never = new Timestamp { Seconds = long.MinValue };
        Assert.Equal(3, (await _sidecar.Send("QueryInstances", new QueryInstancesRequest { Query = new InstanceQuery { MaxInstanceCount = -1 } })).Status);
        Assert.Equal(3, (await _sidecar.Send("QueryInstances", new QueryInstancesRequest { Query = new InstanceQuery { CreatedTimeFrom = never } })).Status);
        Assert.Equal(3, (await _sidecar.Send("PurgeInstances", new PurgeInstancesRequest { PurgeInstanceFilter = new PurgeInstanceFilter { CreatedTimeTo = never } })).Status);
        Assert.Equal(3, (await _sidecar.Send("PurgeInstances", new PurgeInstancesRequest { PurgeInstanceFilter = new PurgeInstanceFilter { Timeout = new Duration { Seconds = -1 } } })).Status);
        Assert.Empty(await Ids(new InstanceQuery { RuntimeStatus = { (OrchestrationStatus)99 } }));
    }

    private static PurgeInstancesRequest Filter(params OrchestrationStatus[] statuses) =>
        new() { PurgeInstanceFilter = new PurgeInstanceFilter { RuntimeStatus = { statuses } } };

    private Task<PurgeInstancesResponse> Purge(PurgeInstancesRequest request) => _sidecar.Ask("PurgeInstances", request, PurgeInstancesResponse.Parser);

    private Task<QueryInstancesResponse> Query(InstanceQuery query) =>
        _sidecar.Ask("QueryInstances", new QueryInstancesRequest { Query = query }, QueryInstancesResponse.Parser);

    private async Task<string[]> Ids(InstanceQuery query) => [.. (await Query(query)).OrchestrationState.Select(state => state.InstanceId)];
}
