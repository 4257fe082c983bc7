using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using Vorel.Durable.Replay;

namespace Vorel.Durable.Tests.Replay;

public sealed class ResponseRulesTests
{
    private static readonly DateTime s_now = new(2026, 1, 5, 9, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_proper_answer_passes()
    {
        Check(new OrchestratorResponse());
        Check(Of(Call(0), Timer(1), Child(2), Call(4), Complete(9)));
        Check(Of(Send("go", new OrchestrationInstance { InstanceId = "other" })));
    }

    [Fact]
    public void Complete_comes_last_and_once()
    {
        Refused("Complete is not the last action", Complete(0), Call(1));
        Refused("Complete is not the last action", Complete(0), Complete(1));
    }

    [Fact]
    public void Ids_ascend()
    {
        Refused("action 1 follows action 2", Call(2), Call(1));
        Refused("action 1 follows action 1", Call(1), Timer(1));
        Refused("action -1 follows action -1", Call(-1));
    }

    [Fact]
    public void Actions_that_the_host_does_not_take_are_refused()
    {
        Refused("not supported", new OrchestratorAction());
        Refused("not supported", Call(0), new OrchestratorAction { Id = 1 }, Complete(2));
    }

    [Fact]
    public void Actions_are_whole()
    {
        Refused("activity 0 has no name", new OrchestratorAction { ScheduleTask = new ScheduleTaskAction() });
        Refused("timer 0 has no time", new OrchestratorAction { CreateTimer = new CreateTimerAction() });
        Refused("sub-orchestration 0 has no name", new OrchestratorAction { CreateSubOrchestration = new() { InstanceId = "part:1" } });
        Refused("sub-orchestration 0 has no instance id", new OrchestratorAction { CreateSubOrchestration = new() { Name = "Part" } });
        Refused("sent event 0 has no name", Send("", new OrchestrationInstance { InstanceId = "other" }));
    }

    [Fact]
    public void A_sent_event_has_a_receiver_but_not_an_execution()
    {
        Refused("sent event 0 has no receiver", Send("go", null));
        Refused("sent event 0 has no receiver", Send("go", new OrchestrationInstance()));
        Refused("sent event 0 names an execution", Send("go", new OrchestrationInstance { InstanceId = "other", ExecutionId = "e1" }));
    }

    [Fact]
    public void A_timer_ends_within_seven_days()
    {
        Check(Of(Timer(0, TimeSpan.FromDays(7)), Timer(1, TimeSpan.FromDays(-900))));
        Refused("timer 0 is longer than 7 days", Timer(0, TimeSpan.FromDays(7) + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Only_raised_events_are_carried_over()
    {
        var raised = new HistoryEvent { EventRaised = new EventRaisedEvent { Name = "go" } };
        Check(Of(Carry(raised, raised)));
        Refused("an event is carried over that was not raised", Carry(raised, new HistoryEvent { GenericEvent = new() }));
    }

    [Fact]
    public void A_custom_status_above_16_KiB_is_refused()
    {
        Check(new OrchestratorResponse { CustomStatus = new string('x', 8192) });
        Assert.Throws<InvalidOrchestratorResponseException>(
            () => Check(new OrchestratorResponse { CustomStatus = new string('x', 8193) }));
    }

    private static void Refused(string why, params OrchestratorAction[] actions) => Assert.Contains(
        why, Assert.Throws<InvalidOrchestratorResponseException>(() => Check(Of(actions))).SafeMessage, StringComparison.Ordinal);

    private static void Check(OrchestratorResponse response) => ResponseRules.Check(response, s_now);

    private static OrchestratorResponse Of(params OrchestratorAction[] actions) => new() { Actions = { actions } };

    private static OrchestratorAction Call(int id) => new() { Id = id, ScheduleTask = new ScheduleTaskAction { Name = "Work" } };

    private static OrchestratorAction Timer(int id, TimeSpan wait = default) =>
        new() { Id = id, CreateTimer = new CreateTimerAction { FireAt = Timestamp.FromDateTime(s_now + wait) } };

    private static OrchestratorAction Child(int id) =>
        new() { Id = id, CreateSubOrchestration = new CreateSubOrchestrationAction { Name = "Part", InstanceId = "part:1" } };

    private static OrchestratorAction Send(string name, OrchestrationInstance? receiver) =>
        new() { SendEvent = new SendEventAction { Name = name, Instance = receiver } };

    private static OrchestratorAction Carry(params HistoryEvent[] events) =>
        new() { CompleteOrchestration = new CompleteOrchestrationAction { CarryoverEvents = { events } } };

    private static OrchestratorAction Complete(int id) => new() { Id = id, CompleteOrchestration = new CompleteOrchestrationAction() };
}
