using System.Text.Json;
using Vorel.Durable.Payloads;
using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

public sealed class Activities
{
    [Theory]
    [InlineData(64)]
    [InlineData(200)]
    public void An_answer_as_deep_as_the_serializer_writes_comes_back(int depth)
    {
        var text = new string('[', depth) + new string(']', depth);

        Assert.Equal(text, ActivityAnswer.Read(ActivityAnswer.Success(text), depth)?.Value);
        Assert.Null(ActivityAnswer.Read(ActivityAnswer.Success(text), depth - 1));
    }

    [Fact]
    public void An_activity_whose_answer_is_as_deep_as_may_be_runs_once()
    {
        var text = new string('[', 64) + new string(']', 64);
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(context => context.CallActivityAsync<JsonElement>("Work", null, new TaskOptions(new RetryPolicy(3, TimeSpan.Zero))))
            .Activity<string?, JsonElement>("Work", _ => JsonDocument.Parse(text).RootElement));

        Assert.Equal(text, hub.Start().RunToEnd().Result);
        Assert.Single(hub.Calls);
    }

    [Fact]
    public void Activities_run_one_after_another_and_pass_their_answers_on()
    {
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var text = "";
                foreach (var letter in "abc")
                {
                    text = await context.CallActivityAsync<string>("Append", text + letter);
                }

                return text;
            })
            .Activity<string, string>("Append", text => text + "."));

        var end = hub.Start().RunToEnd();

        Assert.Equal(OrchestrationStatus.Completed, end.OrchestrationStatus);
        Assert.Equal("\"a.b.c.\"", end.Result);
        Assert.Equal([0, 1, 2], hub.History.Where(e => e.TaskScheduled is not null).Select(e => e.EventId));
        Assert.Equal(3, hub.Turns[^1].Actions[^1].Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Activities_run_in_parallel_and_may_end_in_any_order(bool lastFirst)
    {
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var calls = Enumerable.Range(1, 4).Select(n => context.CallActivityAsync<int>("Square", n)).ToArray();
                return string.Join(',', await Task.WhenAll(calls));
            })
            .Activity<int, int>("Square", n => n * n))
        {
            Pick = waiting => lastFirst ? waiting - 1 : 0,
        };

        Assert.Equal("\"1,4,9,16\"", hub.Start().RunToEnd().Result);
        Assert.Equal([0, 1, 2, 3], hub.Turns[0].Actions.Select(action => action.Id));
    }

    [Fact]
    public void A_payload_arrives_exactly_as_it_was_written()
    {
        var order = new Order(Guid.NewGuid(), 1.10m, new DateTime(2026, 1, 1, 0, 0, 0, 123, DateTimeKind.Utc), "\"quoted\" \\ ü \u2028 {\"a\":1.10}");
        Order? seen = null;
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context => await context.CallActivityAsync<Order>("Echo", order))
            .Activity<Order, Order>("Echo", input => seen = input));

        var result = hub.Start().RunToEnd().Result;

        Assert.Equal(order, seen);
        Assert.Equal("1.10", seen!.Amount.ToString());
        Assert.Equal(order, JsonSerializer.Deserialize(result, TestJson.Default.Order));

        // A JSON string that holds JSON: nobody on the way has numbers or dates to print anew.
        var scheduled = hub.Turns[0].Actions[0].ScheduleTask.Input;
        Assert.Contains("\"Amount\":1.10", JsonSerializer.Deserialize(scheduled, ScalarText.Default.String), StringComparison.Ordinal);
    }

    [Fact]
    public void An_activity_without_input_gets_none_and_one_without_output_gives_none()
    {
        string? seen = "unset";
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                await context.CallActivityAsync("Quiet");
                return "done";
            })
            .Activity<string?, object?>("Quiet", input =>
            {
                seen = input;
                return null;
            }));

        Assert.Equal("\"done\"", hub.Start().RunToEnd().Result);
        Assert.Null(seen);
        Assert.Null(hub.Turns[0].Actions[0].ScheduleTask.Input);
    }

    [Fact]
    public void An_escaped_activity_failure_becomes_the_orchestrations_own()
    {
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context => await context.CallActivityAsync<string>("Break"))
            .Activity<string?, string>("Break", _ => throw new DurablePayloadException("code 42")));

        var end = hub.Start().RunToEnd();

        Assert.Equal(OrchestrationStatus.Failed, end.OrchestrationStatus);
        Assert.Equal("Vorel.Durable.DurablePayloadException", end.FailureDetails.ErrorType);
        Assert.Equal("code 42", end.FailureDetails.ErrorMessage);
        Assert.Equal("Vorel.Durable.DurablePayloadException: code 42", end.Result);
        Assert.Null(end.FailureDetails.StackTrace);
    }

    [Fact]
    public void A_failure_of_the_activity_and_one_of_the_host_can_be_told_apart()
    {
        Assert.Equal("\"app:Vorel.Durable.DurablePayloadException:True\"", Outcome(null));
        Assert.Equal("\"host:System.Net.Http.HttpRequestException:False\"", Outcome(new TaskFailedEvent
        {
            FailureDetails = new Protocol.TaskFailureDetails
            {
                ErrorType = "Microsoft.Azure.WebJobs.Host.FunctionInvocationException",
                ErrorMessage = "Exception while executing function: Functions.Break",
                InnerFailure = new Protocol.TaskFailureDetails { ErrorType = "System.Net.Http.HttpRequestException", ErrorMessage = "500" },
            },
        }));
    }

    [Fact]
    public void A_host_failure_without_details_is_an_activity_that_could_not_be_called() =>
        Assert.Equal("\"host:Vorel.Durable.ActivityNotInvokable:False\"", Outcome(new TaskFailedEvent()));

    [Fact]
    public void An_answer_that_is_not_ours_is_a_host_failure()
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(async context =>
        {
            var failure = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync<string>("Odd"));
            return failure.FailureDetails.IsInfrastructure;
        }));
        hub.Start();
        hub.Put(new HistoryEvent { TaskCompleted = new TaskCompletedEvent { TaskScheduledId = 0, Result = "{\"plain\":1}" } });

        Assert.Equal("true", hub.Settle().Output());
    }

    private static string Outcome(TaskFailedEvent? hostFailure)
    {
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var failure = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync<string>("Break"));
                var details = failure.FailureDetails;
                return $"{(details.IsInfrastructure ? "host" : "app")}:{(details.InnerFailure ?? details).ErrorType}:{details.IsNonRetriable}";
            })
            .Activity<string?, string>("Break", _ => throw new DurablePayloadException("code 42")))
        {
            HostFailure = _ => hostFailure,
        };
        return hub.Start().RunToEnd().Result;
    }
}
