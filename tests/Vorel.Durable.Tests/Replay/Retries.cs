using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

public sealed class Retries
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Waits_grow_by_the_coefficient_up_to_the_cap()
    {
        var (hub, attempts) = Failing(new RetryPolicy(6, 10 * s_second, 3, maxRetryInterval: 60 * s_second));

        Assert.Equal(OrchestrationStatus.Failed, hub.RunToEnd().OrchestrationStatus);

        Assert.Equal([0, 10, 40, 100, 160, 220], attempts.Select(at => (at - attempts[0]).TotalSeconds));
        Assert.Equal(5, hub.TimersAsked.Count);
    }

    [Fact]
    public void A_later_attempt_that_succeeds_is_the_answer()
    {
        var (hub, attempts) = Failing(new RetryPolicy(5, s_second), failures: 2);

        Assert.Equal("\"done\"", hub.RunToEnd().Result);
        Assert.Equal(3, attempts.Count);
    }

    [Fact]
    public void A_failure_that_is_not_retriable_is_final()
    {
        var (hub, attempts) = Failing(new RetryPolicy(5, s_second), retriable: false);

        Assert.True(hub.RunToEnd().FailureDetails.IsNonRetriable);
        Assert.Single(attempts);
    }

    [Fact]
    public void No_attempt_starts_after_the_policys_time()
    {
        var (hub, attempts) = Failing(new RetryPolicy(100, 10 * s_second, retryTimeout: 20 * s_second));

        hub.RunToEnd();

        Assert.Equal([0, 10, 20], attempts.Select(at => (at - attempts[0]).TotalSeconds));
    }

    [Fact]
    public void The_policy_may_refuse_a_failure_by_its_kind()
    {
        var (hub, attempts) = Failing(new RetryPolicy(5, s_second, handleFailure: failure => failure.IsInfrastructure));

        hub.RunToEnd();

        Assert.Single(attempts);
    }

    [Fact]
    public void A_call_that_the_host_lost_is_made_again()
    {
        var lost = 2;
        var (hub, attempts) = Failing(new RetryPolicy(5, s_second), failures: 0);
        hub.HostFailure = _ => lost-- > 0 ? new TaskFailedEvent() : null;

        Assert.Equal("\"done\"", hub.RunToEnd().Result);
        Assert.Single(attempts);
        Assert.Equal(3, hub.Calls.Count);
    }

    [Fact]
    public void Every_attempt_is_a_step_of_its_own()
    {
        var (hub, _) = Failing(new RetryPolicy(3, s_second));

        hub.RunToEnd();

        Assert.Equal([0, 2, 4], hub.History.Where(e => e.TaskScheduled is not null).Select(e => e.EventId));
        Assert.Equal([1, 3], hub.History.Where(e => e.TimerCreated is not null).Select(e => e.EventId));
    }

    [Fact]
    public void Every_attempt_gets_the_input_as_it_was_at_the_call()
    {
        var seen = new List<string>();
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var input = new List<string> { "first" };
                var call = context.CallActivityAsync<string>("Work", input, TaskOptions.FromRetryPolicy(new RetryPolicy(2, s_second)));
                input.Add("changed");
                return await call;
            })
            .Activity<List<string>, string>("Work", input =>
            {
                seen.Add(string.Join('+', input));
                return seen.Count == 1 ? throw new InvalidOperationException() : "done";
            }));

        hub.Start().RunToEnd();

        Assert.Equal(["first", "first"], seen);
    }

    private static (TestHub Hub, List<DateTime> Attempts) Failing(RetryPolicy policy, int failures = int.MaxValue, bool retriable = true)
    {
        var attempts = new List<DateTime>();
        TestHub hub = null!;
        hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context => await context.CallActivityAsync<string>("Work", null, new TaskOptions(policy)))
            .Activity<string?, string>("Work", _ =>
            {
                attempts.Add(hub.Now);
                return attempts.Count > failures ? "done"
                    : retriable ? throw new InvalidOperationException("a customer's phone") : throw new DurablePayloadException("never");
            }));
        return (hub.Start(), attempts);
    }
}
