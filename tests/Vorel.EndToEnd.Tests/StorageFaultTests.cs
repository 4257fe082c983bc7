using System.Diagnostics;
using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;
using Vorel.Testing.Faults;
using Xunit.Abstractions;

namespace Vorel.EndToEnd.Tests;

/// <summary>
/// Storage sheds, delays, resets or answers into the void, first now and then, later always, under a stream of writes and under the
/// host's own loops. What was accepted arrives everywhere once; what was refused is told so and leaves nothing.
/// </summary>
[Trait("Area", "host")]
public sealed class StorageFaultTests(ITestOutputHelper output)
{
    private const string Secret = "crm-secret-of-this-very-test";
    private const long MaxGrowth = 200 * 1024 * 1024;

    // A message whose function failed comes again after this time: real time, shortened.
    private static readonly Dictionary<string, string> s_settings = new(StringComparer.Ordinal)
    {
        ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:02",
    };

    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(120);

    [Fact]
    public Task A_busy_storage_delays_and_refuses_and_loses_nothing() =>
        Survives(new Fault(FaultKind.Busy) { Probability = 0.3 }, new Fault(FaultKind.Busy) { Matches = LeavesLeases, RetryAfter = TimeSpan.FromSeconds(1) });

    [Fact]
    public Task A_storage_that_resets_connections_delays_and_refuses_and_loses_nothing() =>
        Survives(new Fault(FaultKind.LoseRequest) { Probability = 0.3 }, new Fault(FaultKind.LoseRequest) { Matches = LeavesLeases });

    [Fact]
    public Task A_storage_whose_answers_are_lost_does_nothing_twice() => Survives(
        new Fault(FaultKind.LoseAnswer) { Probability = 0.3, Matches = TakesNoLease },
        new Fault(FaultKind.LoseAnswer) { Matches = TakesNoLease },
        refusedMayStand: true);

    /// <summary>The commits of the second fault come after their callers were refused, and after the intents have appeared.</summary>
    [Fact]
    public Task A_storage_that_is_late_leaves_nothing_of_what_was_refused() => Survives(
        new Fault(FaultKind.Delay) { Probability = 0.1, Lateness = TimeSpan.FromSeconds(2) },
        new Fault(FaultKind.Delay) { Matches = IsRecordCommit, Lateness = TimeSpan.FromSeconds(8) });

    private static bool IsRecordCommit(ProxiedRequest request) =>
        request.Path.EndsWith("/$batch", StringComparison.Ordinal) && request.Content.Contains("\"RowKey\":\"outbox|", StringComparison.Ordinal);

    /// <summary>
    /// Not the calls by which the listener ends a lease: a message whose lease nobody ends is hidden until it runs out, here half a
    /// minute. That is waiting, not a risk. To show a message is the handler's call.
    /// </summary>
    private static bool LeavesLeases(ProxiedRequest request) => request.Service != StorageService.Queue
        || request.Method is "POST" or "GET"
        || (request.Method == "PUT" && request.Query.Contains("visibilitytimeout=0", StringComparison.Ordinal));

    /// <summary>Nor, where answers are lost, those by which it takes one.</summary>
    private static bool TakesNoLease(ProxiedRequest request) =>
        LeavesLeases(request) && request is not { Service: StorageService.Queue, Method: "GET" };

    private async Task Survives(Fault partial, Fault total, bool refusedMayStand = false)
    {
        await using var stack = await TestStack.Start(new TestStackOptions { Settings = s_settings, Faults = FaultsBefore.HandlerAndHub });
        using var tenant = await stack.NewTenant();
        await stack.Sandbox.Expect(HttpMethod.Put, "/sandbox/crm/behavior", new JsonObject { ["secret"] = Secret }, CancellationToken.None);
        await tenant.ConnectCrm(stack.Host.Addresses.SandboxCrm().ToString(), Secret);
        await tenant.Subscribe(stack.Receiver.Url("sub", 200), "lead.created");
        using var stream = await LeadStream.Prepare(stack, tenant, leadsPerWriter: 4);
        await stream.Post(leadsPerWriter: 1);
        var before = Memory(stack);

        using (var fault = stack.Faults!.Add(partial))
        {
            await Task.WhenAll(stream.Post(leadsPerWriter: 2), stack.Advance(TimeSpan.FromMinutes(1)));
            output.WriteLine(fault.ToString());
            Assert.True(fault.Hits > 0);
        }

        using (var fault = stack.Faults.Add(total))
        {
            await stream.Post(leadsPerWriter: 1);
            output.WriteLine(fault.ToString());
            Assert.True(fault.Hits > 0);
        }

        AssertAnswers(stream);
        if (refusedMayStand)
        {
            await stream.Repeat();
            Assert.Empty(stream.Refused);
        }

        await AssertArrives(stack, tenant, stream);
        await AssertLoopsRun(stack);
        AssertSameProcesses(stack, before);
    }

    private void AssertAnswers(LeadStream stream)
    {
        output.WriteLine($"{stream.Accepted.Count} accepted, {stream.Refused.Count} refused");
        Assert.NotEmpty(stream.Accepted);
        Assert.NotEmpty(stream.Refused);
        Assert.All(stream.Answers.Where(answer => answer.Status != 201), answer =>
        {
            Assert.Equal((503, "unavailable"), (answer.Status, JsonNode.Parse(answer.Body)?["code"]?.GetValue<string>()));
            Assert.NotNull(answer.RetryAfter);
        });
    }

    /// <summary>Waits until nothing is left to do, then compares API, CRM and webhooks with what was accepted.</summary>
    private static async Task AssertArrives(TestStack stack, TestTenant tenant, LeadStream stream)
    {
        await stack.Settle(s_settled);
        var leads = await tenant.Api.Expect(HttpMethod.Get, "/v1/leads?limit=100", null, CancellationToken.None);
        Assert.Equal(stream.Accepted, Names(leads["data"]!.AsArray(), lead => lead["name"]));

        var crm = await stack.Sandbox.Expect(HttpMethod.Get, "/sandbox/crm.json", null, CancellationToken.None);
        var records = crm["records"]!.AsArray().Where(record => record!["object"]!.GetValue<string>() == "lead");
        Assert.Equal(stream.Accepted, Names(records, record => record["fields"]!["name"]));

        // At least once, under one id.
        var events = stack.Receiver.Posts("sub")
            .Select(post => JsonNode.Parse(post.Body)!)
            .DistinctBy(envelope => envelope["id"]!.GetValue<string>(), StringComparer.Ordinal);
        Assert.Equal(stream.Accepted, Names(events, envelope => envelope["data"]!["name"]));
    }

    private static async Task AssertLoopsRun(TestStack stack)
    {
        var timers = await Timers(stack);
        Assert.NotEmpty(timers);
        await stack.Advance(TimeSpan.FromMinutes(61)); // The slowest runs hourly.
        await Eventually.True(
            async () => await Timers(stack) is var now && timers.All(line => !now.Contains(line, StringComparer.Ordinal)),
            "every timer ran again",
            s_settled);
    }

    private static async Task<IReadOnlyList<string>> Timers(TestStack stack) => [.. (await StorageDump.Take(stack.Azurite.ConnectionString))
        .Where(line => line.StartsWith("LocalHostState state timer-", StringComparison.Ordinal) && line.Contains(" = ", StringComparison.Ordinal))];

    private void AssertSameProcesses(TestStack stack, long before)
    {
        Assert.False(stack.Host.HasExited);
        Assert.Equal(stack.Host.Addresses.Handlers.Single().ProcessId, stack.Host.CurrentAddresses().Handlers.Single().ProcessId);
        var growth = Memory(stack) - before;
        output.WriteLine($"{before / 1024 / 1024} MB, {growth / 1024 / 1024} MB more at the end");
        Assert.InRange(growth, long.MinValue, MaxGrowth);
    }

    private static long Memory(TestStack stack) => new[] { stack.Host.Id, stack.Host.Addresses.Handlers.Single().ProcessId }.Sum(id =>
    {
        using var process = Process.GetProcessById(id);
        return process.WorkingSet64;
    });

    private static IReadOnlyList<string> Names(IEnumerable<JsonNode?> items, Func<JsonNode, JsonNode?> name) =>
        [.. items.Select(item => name(item!)!.GetValue<string>()).Order(StringComparer.Ordinal)];
}
