using Google.Protobuf;
using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests;

public sealed class OrchestratorEndpointTests
{
    private const string Refused = "Vorel.Durable.UnsupportedHistoryException";

    [Fact]
    public void The_published_request_is_answered()
    {
        var registry = new DurableTaskRegistry().AddOrchestrator(
            "hello", () => new LambdaOrchestrator<string, string>((context, input) => context.CallActivityAsync<string>("Say", input)));

        var response = Execute(registry, WireVectors.Request);

        Assert.Equal("abc", response.InstanceId);
        var call = Assert.Single(response.Actions).ScheduleTask;
        Assert.Equal(("Say", "\"\\\"x\\\"\""), (call.Name, call.Input));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no base64!")]
    [InlineData("AAAA")]
    [InlineData("CgNhYmMiFQj///////////8BEgYIpfrNrAZyACIwCP//")]
    [InlineData("{\"history\":[],\"instanceId\":\"abc\"}")]
    public void Anything_but_a_request_is_answered_with_a_failure(string? request)
    {
        var end = Assert.Single(Execute(new DurableTaskRegistry(), request!).Actions).CompleteOrchestration;

        Assert.Equal(OrchestrationStatus.Failed, end.OrchestrationStatus);
        Assert.Equal(Refused, end.FailureDetails.ErrorType);
        Assert.Null(end.FailureDetails.StackTrace);
        Assert.DoesNotContain("   at ", end.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_other_durable_protocol_is_named() => Assert.Contains(
        "FUNCTIONS_WORKER_RUNTIME must be 'custom'",
        Execute(new DurableTaskRegistry(), "{\"history\":[]}").Actions[0].CompleteOrchestration.FailureDetails.ErrorMessage,
        StringComparison.Ordinal);

    [Fact]
    public void A_request_that_is_too_long_is_answered_with_a_failure()
    {
        var options = new DurableWorkerOptions { JsonOptions = TestWorker.Options.JsonOptions, MaximumRequestLength = 100 };
        var answer = new OrchestratorEndpoint(new DurableTaskRegistry(), options, new RecordingLog()).Execute(WireVectors.Request);

        Assert.Contains("longer than 100", Decode(answer).Actions[0].CompleteOrchestration.Result, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_orchestrator_is_a_failure_that_names_it()
    {
        var end = Execute(new DurableTaskRegistry(), WireVectors.Request).Actions[^1].CompleteOrchestration;

        Assert.Equal("No orchestrator is named 'Hello'.", end.FailureDetails.ErrorMessage);
    }

    [Fact]
    public void An_exception_leaves_by_its_type_alone()
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator<int>(_ => throw new InvalidOperationException("+4917012345 /srv/app")));

        var end = hub.Start().RunToEnd();

        Assert.Equal("System.InvalidOperationException", end.FailureDetails.ErrorType);
        Assert.DoesNotContain("+49", hub.Turns[^1].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", hub.Turns[^1].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(hub.Log.Lines, line => line.Contains("+49", StringComparison.Ordinal));
        Assert.Contains(hub.Log.Lines, line => line.Contains("System.InvalidOperationException", StringComparison.Ordinal));
    }

    [Fact]
    public void An_input_of_another_type_is_a_failure_that_does_not_quote_it()
    {
        var registry = new DurableTaskRegistry().AddOrchestrator(
            TestHub.Orchestrator, () => new LambdaOrchestrator<int, int>((_, input) => Task.FromResult(input)));
        var end = new TestHub(registry).Start("\"+4917012345\"").RunToEnd();

        Assert.Equal("The input of orchestration 'Flow' is not JSON of type System.Int32.", end.FailureDetails.ErrorMessage);
    }

    [Fact]
    public void A_host_failures_inner_details_do_not_leave()
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(context => context.CallActivityAsync<string>("Work")))
        {
            HostFailure = _ => new TaskFailedEvent
            {
                FailureDetails = new Protocol.TaskFailureDetails
                {
                    ErrorType = "Host",
                    ErrorMessage = "failed",
                    StackTrace = "   at Somewhere",
                    InnerFailure = new Protocol.TaskFailureDetails { ErrorMessage = "Connection refused (127.0.0.1:50123)" },
                },
            },
        };

        var end = hub.Start().RunToEnd();

        Assert.Equal("Host: failed", end.Result);
        Assert.DoesNotContain("127.0.0.1", end.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Somewhere", end.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Termination_ends_a_waiting_instance_with_the_clients_text_as_it_is()
    {
        var hub = Waiting();
        hub.Terminate("not JSON");

        var end = hub.Settle().End!;

        Assert.Equal((OrchestrationStatus.Terminated, "not JSON"), (end.OrchestrationStatus, end.Result));
        Assert.Equal("\"waiting\"", hub.CustomStatus);
    }

    [Fact]
    public void Termination_in_the_first_turn_takes_no_step()
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(context => context.CallActivityAsync<string>("Work"))).Start();
        hub.Terminate(null);

        Assert.Equal(OrchestrationStatus.Terminated, hub.Settle().End!.OrchestrationStatus);
        Assert.Single(hub.Turns[0].Actions);
    }

    [Fact]
    public void Termination_ends_even_an_instance_that_cannot_be_replayed()
    {
        var hub = Waiting();
        hub.Registry = new DurableTaskRegistry();
        hub.Terminate("\"stop\"");

        Assert.Equal(OrchestrationStatus.Terminated, hub.Settle().End!.OrchestrationStatus);
    }

    [Fact]
    public void The_custom_status_is_in_every_answer_until_it_is_changed()
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(async context =>
        {
            context.SetCustomStatus(new Race("nobody", DateTime.UnixEpoch));
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            context.SetCustomStatus(null);
            return 1;
        }));

        hub.Start().RunToEnd();

        const string status = "{\"Winner\":\"nobody\",\"At\":\"1970-01-01T00:00:00Z\"}";
        Assert.Equal([status, status, null], hub.Turns.Select(turn => turn.CustomStatus));
    }

    [Theory]
    [InlineData(8190, OrchestrationStatus.Completed)]
    [InlineData(8191, OrchestrationStatus.Failed)]
    public void A_custom_status_above_16_KiB_is_refused(int length, OrchestrationStatus expected)
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(context =>
        {
            context.SetCustomStatus(new string('x', length));
            return Task.FromResult(1);
        }));

        Assert.Equal(expected, hub.Start().RunToEnd().OrchestrationStatus);
    }

    [Fact]
    public void History_of_kinds_that_mean_nothing_to_the_code_is_skipped()
    {
        var hub = Waiting();
        hub.Put(new HistoryEvent());
        hub.Put(new HistoryEvent { GenericEvent = new() });
        hub.Put(new HistoryEvent { HistoryState = new() });
        hub.Put(new HistoryEvent { ContinueAsNew = new() });
        foreach (var entityOrRewind in Enumerable.Range(23, 8))
        {
            hub.Put(HistoryEvent.Parser.ParseFrom(KindOfNumber(entityOrRewind)));
        }

        hub.Put(new HistoryEvent { TaskCompleted = new() { TaskScheduledId = 99 } });
        hub.Put(new HistoryEvent { TimerFired = new() { TimerId = 99 } });
        Assert.Null(hub.Settle().End);
        hub.Raise("go", "\"on\"");

        Assert.Equal("\"on\"", hub.Settle().Output());
    }

    [Fact]
    public void History_streaming_and_a_history_without_start_are_clear_failures()
    {
        Assert.Contains("streaming", Refusal(new OrchestratorRequest { InstanceId = "abc", RequiresHistoryStreaming = true }), StringComparison.Ordinal);
        Assert.Contains("no start", Refusal(new OrchestratorRequest { InstanceId = "abc" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_may_hold_several_turns_each_with_its_time()
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(async context =>
        {
            var times = new List<DateTime> { context.CurrentUtcDateTime };
            await context.WaitForExternalEvent<int>("go");
            times.Add(context.CurrentUtcDateTime);
            await context.WaitForExternalEvent<int>("go");
            times.Add(context.CurrentUtcDateTime);
            return times;
        }));
        var first = hub.Now;
        hub.Start();
        hub.Raise("go", "1");
        hub.Put(new HistoryEvent { OrchestratorCompleted = new() });
        hub.Now += TimeSpan.FromHours(1);
        hub.Put(new HistoryEvent { OrchestratorStarted = new() });
        hub.Raise("go", "2");
        hub.Now = first;

        Assert.Equal("[\"2026-01-05T09:00:00Z\",\"2026-01-05T09:00:00Z\",\"2026-01-05T10:00:00Z\"]", hub.RunToEnd().Result);
        Assert.Single(hub.Turns);
    }

    // An empty message under the number of a kind that this worker does not name.
    private static byte[] KindOfNumber(int field)
    {
        var tag = (field << 3) | 2;
        return [(byte)((tag & 0x7F) | 0x80), (byte)(tag >> 7), 0];
    }

    private static string Refusal(OrchestratorRequest request) =>
        Execute(new DurableTaskRegistry(), Convert.ToBase64String(request.ToByteArray())).Actions[0].CompleteOrchestration.Result;

    private static TestHub Waiting() => new TestHub(new DurableTaskRegistry().Orchestrator(context =>
    {
        context.SetCustomStatus("waiting");
        return context.WaitForExternalEvent<string>("go");
    })).Start().Settle();

    private static OrchestratorResponse Execute(DurableTaskRegistry registry, string request) =>
        Decode(new OrchestratorEndpoint(registry, TestWorker.Options, new RecordingLog()).Execute(request));

    private static OrchestratorResponse Decode(string answer) => OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answer));
}
