using System.Text.Json.Nodes;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Invocation.Newtonsoft;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;
using static Vorel.LocalHost.Tests.Durable.Support.ScriptedHandler;

namespace Vorel.LocalHost.Tests.Durable;

[Collection(nameof(HubCollection))]
public sealed class ActivityTests(AzuriteFixture azurite)
{
    public static TheoryData<string, string?> Return_values_and_results => new()
    {
        { "\"hello\"", "\"hello\"" },
        { "\"{\\\"a\\\":1.10}\"", "\"{\\\"a\\\":1.10}\"" },
        { """{ "a" : 1.10, "b" : [ 1, 2 ], "c" : 3.0 }""", """{"a":1.1,"b":[1,2],"c":3.0}""" },
        { """{"at":"2026-01-02T03:04:05.000+02:00"}""", """{"at":"2026-01-02T01:04:05+00:00"}""" },
        { "5", "5" },
        { "true", "true" },
        { "null", null },
    };

    [Theory]
    [MemberData(nameof(Return_values_and_results))]
    public async Task The_return_value_becomes_the_result_as_the_extension_prints_it(string returned, string? result)
    {
        var done = await Outcome(_ => Returns(NewtonsoftJson.Deserialize(returned)));

        Assert.Equal((-1, 0, result), (done.EventId, done.TaskCompleted.TaskScheduledId, done.TaskCompleted.Result));
    }

    [Fact]
    public async Task A_call_that_answers_500_nests_its_failure_in_that_of_the_invocation()
    {
        var done = await Outcome(_ => new InvocationResult.Failure(
            InvocationFailure.Status, "Response status code does not indicate success: 500 (Reason)."));

        var failure = done.TaskFailed.FailureDetails;
        Assert.Equal(0, done.TaskFailed.TaskScheduledId);
        Assert.Equal("Microsoft.Azure.WebJobs.Host.FunctionInvocationException", failure.ErrorType);
        Assert.Equal("Exception while executing function: Functions.Work", failure.ErrorMessage);
        Assert.False(failure.IsNonRetriable);
        Assert.Equal("System.Net.Http.HttpRequestException", failure.InnerFailure.ErrorType);
        Assert.Equal("Response status code does not indicate success: 500 (Reason).", failure.InnerFailure.ErrorMessage);
    }

    [Theory]
    [InlineData(InvocationFailure.ConnectionLost, "System.Net.Http.HttpRequestException")]
    [InlineData(InvocationFailure.BadAnswer, "System.InvalidOperationException")]
    internal async Task Every_broken_call_fails_the_task(InvocationFailure kind, string innerType) =>
        Assert.Equal(innerType, (await Outcome(_ => new InvocationResult.Failure(kind, "why"))).TaskFailed.FailureDetails.InnerFailure.ErrorType);

    [Fact]
    public async Task An_unknown_activity_fails_without_details()
    {
        var done = await Outcome(_ => Returns(null), call: "Nobody");

        Assert.NotNull(done.TaskFailed);
        Assert.Null(done.TaskFailed.FailureDetails);
    }

    [Fact]
    public async Task A_result_that_is_too_long_fails_the_task()
    {
        var done = await Outcome(_ => Returns(new string('x', 500_000)));

        Assert.Contains("longer", done.TaskFailed.FailureDetails.InnerFailure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_input_travels_as_compact_json_in_two_quotings_and_its_members_as_metadata()
    {
        var handler = Handler(_ => Returns(null), input: """{ "to" : "a@b", "n" : 1.10, "list" : [1] }""");
        await Run(handler);

        var (_, wire, metadata) = Assert.Single(handler.Activities);
        Assert.Equal("""
            "\"{\\\"to\\\":\\\"a@b\\\",\\\"n\\\":1.1,\\\"list\\\":[1]}\""
            """, wire);
        Assert.Equal(wire, metadata["input"]);
        Assert.Equal("\"\\\"work:1\\\"\"", metadata["instanceId"]);
        Assert.Equal("""{"to":"a@b","n":1.1,"list":[1]}""", metadata["data"]);
        Assert.Equal("\"\\\"a@b\\\"\"", metadata["to"]);
        Assert.DoesNotContain("list", metadata.Keys);
    }

    [Fact]
    public async Task An_absent_input_is_a_quoted_null_without_metadata_of_its_own()
    {
        var handler = Handler(_ => Returns(null), input: null);
        await Run(handler);

        var (_, wire, metadata) = Assert.Single(handler.Activities);
        Assert.Equal("\"null\"", wire);
        Assert.Equal(["instanceId"], metadata.Keys);
    }

    [Fact]
    public async Task An_input_that_is_a_text_has_three_quotings()
    {
        var handler = Handler(_ => Returns(null), input: "\"x\"");
        await Run(handler);

        Assert.Equal("""
            "\"\\\"x\\\"\""
            """, Assert.Single(handler.Activities).Wire);
    }

    [Fact]
    public async Task No_more_activities_run_at_once_than_host_json_allows()
    {
        var running = 0;
        var most = 0;
        var handler = new ScriptedHandler()
            .Orchestrator("Fan", request => request.PastEvents.Count == 0
                ? Answers([.. Enumerable.Range(0, 40).Select(id => Act.Call(id, "Work"))])
                : Answers(request.PastEvents.Concat(request.NewEvents).Count(item => item.TaskCompleted is not null) == 40 ? [Act.Complete(40)] : []))
            .Activity("Work", async _ =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return Returns(null);
            });
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("Fan", "fan:1");

        await hub.Ended("fan:1");

        Assert.Equal(40, handler.Activities.Count);
        Assert.InRange(most, 1, 8);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private static ScriptedHandler Handler(Func<string, InvocationResult> activity, string? input = null, string call = "Work") => new ScriptedHandler()
        .Orchestrator("One", request => request.PastEvents.Count == 0 ? Answers(Act.Call(0, call, input)) : Answers(Act.Complete(1)))
        .Activity("Work", activity);

    private async Task Run(ScriptedHandler handler)
    {
        await using var world = new HubWorld(azurite, handler);
        var hub = await world.Start();
        await hub.Run("One", "work:1");
        await hub.Ended("work:1");
    }

    private async Task<HistoryEvent> Outcome(Func<string, InvocationResult> activity, string call = "Work")
    {
        var handler = Handler(activity, call: call);
        await Run(handler);
        return handler.Turns.Last().NewEvents.Single(item => item.TaskCompleted is not null || item.TaskFailed is not null);
    }
}
