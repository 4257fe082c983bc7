using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

public sealed class Determinism
{
    private const string ErrorType = "Vorel.Durable.NonDeterministicOrchestrationException";

    [Fact]
    public void A_swapped_step_fails_with_its_name() => Fails(
        Steps("Load", "Send", "Confirm"),
        Steps("Load", "Charge", "Confirm"),
        "Step 1 is activity 'Send' in the history, but activity 'Charge' in the code.");

    [Fact]
    public void Two_steps_that_changed_places_fail_with_their_names() => Fails(
        Steps("Load", "Send", "Confirm"),
        Steps("Send", "Load", "Confirm"),
        "Step 0 is activity 'Load' in the history, but activity 'Send' in the code.");

    [Fact]
    public void A_removed_step_fails_with_its_name() => Fails(
        Steps("Load", "Send", "Confirm"),
        Steps("Load"),
        "Step 1 is activity 'Send' in the history, but the code does not take it: the step was removed or moved.");

    [Fact]
    public void An_inserted_step_fails_with_both_names() => Fails(
        Steps("Load", "Send", "Confirm"),
        Steps("Load", "Check", "Send", "Confirm"),
        "Step 1 is activity 'Send' in the history, but activity 'Check' in the code.");

    [Fact]
    public void A_step_of_another_kind_fails_with_its_name() => Fails(
        Steps("Load", "Send", "Confirm"),
        Steps("Load", null, "Confirm"),
        "Step 1 is activity 'Send' in the history, but a timer in the code.");

    [Fact]
    public void A_timer_that_became_an_activity_fails_with_the_activitys_name()
    {
        var hub = new TestHub(Steps("Load", null, "Confirm"));
        hub.Start().Settle();
        hub.Registry = Steps("Load", "Send", "Confirm");

        Violates(hub.RunToEnd(), "Step 1 is a timer in the history, but activity 'Send' in the code.");
    }

    [Fact]
    public void Names_that_differ_only_in_case_are_the_same_step()
    {
        var hub = Stopped(Steps("Load", "Send", "Confirm"));
        hub.Registry = Steps("LOAD", "send", "Confirm");

        Assert.Equal(OrchestrationStatus.Completed, hub.RunToEnd().OrchestrationStatus);
    }

    [Fact]
    public void A_violation_takes_no_further_steps()
    {
        var hub = Stopped(Steps("Load", "Send", "Confirm"));
        hub.Registry = Steps("Load", "Charge", "Confirm");
        hub.RunToEnd();

        Assert.Equal(OrchestratorAction.OrchestratorActionTypeOneofCase.CompleteOrchestration,
            Assert.Single(hub.Turns[^1].Actions).OrchestratorActionTypeCase);
    }

    [Fact]
    public void A_history_of_two_starts_is_one_instance()
    {
        var hub = new TestHub(Steps("Load")).Start();
        hub.Start();

        Assert.Equal(OrchestrationStatus.Completed, hub.RunToEnd().OrchestrationStatus);
        Assert.Equal(["Load"], hub.Calls);
    }

    [Fact]
    public void Steps_that_past_turns_did_not_record_are_logged()
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(async context => await context.WaitForExternalEvent<string>("go")));
        hub.Start().Settle();
        hub.Registry = Steps("Load");
        hub.Raise("go", null);
        hub.Settle();

        Assert.Contains(hub.Log.Lines, line => line.Contains("takes 1 steps that its past turns did not record", StringComparison.Ordinal));
    }

    [Fact]
    public void Time_and_guids_are_the_same_on_every_replay()
    {
        var seen = new List<List<string>>();
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var run = new List<string>();
                seen.Add(run);
                for (var i = 0; i < 4; i++)
                {
                    run.Add($"{context.NewGuid()} {context.NewGuid()} {context.CurrentUtcDateTime:o}");
                    await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                }

                return run;
            }));

        hub.Start().RunToEnd();

        var whole = seen[^1];
        Assert.Equal(4, whole.Distinct().Count());
        Assert.All(seen, run => Assert.Equal(whole.Take(run.Count), run));
        Assert.Equal(8, whole.SelectMany(line => line.Split(' ').Take(2)).Distinct().Count());
        Assert.All(whole, line => Assert.Equal(8, Guid.Parse(line.Split(' ')[0]).Version));
    }

    [Fact]
    public void Two_executions_that_begin_at_the_same_time_get_different_ids()
    {
        var seen = new HashSet<Guid>();
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(context =>
        {
            seen.Add(context.NewGuid());
            return Task.FromResult(1);
        }));

        hub.Start().RunToEnd();
        hub.Restart().RunToEnd();

        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void Only_new_steps_are_not_replaying_and_a_replay_safe_logger_writes_once()
    {
        var log = new RecordingLog();
        var replaying = new List<bool>();
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var logger = context.CreateReplaySafeLogger(log);
                replaying.Add(context.IsReplaying);
                Microsoft.Extensions.Logging.LoggerExtensions.LogInformation(logger, "begun");
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                return 1;
            }));

        hub.Start().RunToEnd();

        // Two turns, each answered by two workers.
        Assert.Equal([false, false, true, true], replaying);
        Assert.Equal(["begun", "begun"], log.Lines);
    }

    private static void Fails(DurableTaskRegistry before, DurableTaskRegistry after, string message)
    {
        var hub = Stopped(before);
        hub.Registry = after;
        Violates(hub.RunToEnd(), message);
    }

    private static void Violates(CompleteOrchestrationAction end, string message)
    {
        Assert.Equal(OrchestrationStatus.Failed, end.OrchestrationStatus);
        Assert.Equal(ErrorType, end.FailureDetails.ErrorType);
        Assert.Equal(message, end.FailureDetails.ErrorMessage);
        Assert.True(end.FailureDetails.IsNonRetriable);
    }

    /// <summary>An instance that waits for a timer after its steps, so that its code can be changed under it.</summary>
    private static TestHub Stopped(DurableTaskRegistry registry)
    {
        var hub = new TestHub(registry).Start().Settle();
        Assert.Null(hub.End);
        return hub;
    }

    private static DurableTaskRegistry Steps(params string?[] names)
    {
        var registry = new DurableTaskRegistry().Orchestrator(async context =>
        {
            foreach (var name in names)
            {
                await (name is null
                    ? context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None)
                    : context.CallActivityAsync(name));
            }

            if (names.Length > 1)
            {
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            }

            return "done";
        });
        foreach (var name in names.OfType<string>())
        {
            registry.Activity<string?, object?>(name, _ => null);
        }

        return registry;
    }
}
