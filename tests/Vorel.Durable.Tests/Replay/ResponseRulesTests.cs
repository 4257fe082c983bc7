using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using Vorel.Durable.Replay;

namespace Vorel.Durable.Tests.Replay;

public sealed class ResponseRulesTests
{
    [Fact]
    public void A_proper_answer_passes()
    {
        ResponseRules.Check(new OrchestratorResponse());
        ResponseRules.Check(Of(Call(0), Timer(1), Call(4), Complete(9)));
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
        Refused("not supported", new OrchestratorAction { SendEvent = new SendEventAction() });
        Refused("not supported", new OrchestratorAction { CreateSubOrchestration = new CreateSubOrchestrationAction() });
    }

    [Fact]
    public void Actions_are_whole()
    {
        Refused("activity 0 has no name", new OrchestratorAction { ScheduleTask = new ScheduleTaskAction() });
        Refused("timer 0 has no time", new OrchestratorAction { CreateTimer = new CreateTimerAction() });
    }

    [Fact]
    public void A_custom_status_above_16_KiB_is_refused()
    {
        ResponseRules.Check(new OrchestratorResponse { CustomStatus = new string('x', 8192) });
        Assert.Throws<InvalidOrchestratorResponseException>(
            () => ResponseRules.Check(new OrchestratorResponse { CustomStatus = new string('x', 8193) }));
    }

    private static void Refused(string why, params OrchestratorAction[] actions) => Assert.Contains(
        why, Assert.Throws<InvalidOrchestratorResponseException>(() => ResponseRules.Check(Of(actions))).SafeMessage, StringComparison.Ordinal);

    private static OrchestratorResponse Of(params OrchestratorAction[] actions) => new() { Actions = { actions } };

    private static OrchestratorAction Call(int id) => new() { Id = id, ScheduleTask = new ScheduleTaskAction { Name = "Work" } };

    private static OrchestratorAction Timer(int id) => new() { Id = id, CreateTimer = new CreateTimerAction { FireAt = new Timestamp() } };

    private static OrchestratorAction Complete(int id) => new() { Id = id, CompleteOrchestration = new CompleteOrchestrationAction() };
}
