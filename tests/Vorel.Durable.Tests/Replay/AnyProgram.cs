using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

/// <summary>
/// Whatever an orchestrator is made of, in whatever order and how often its steps are reported to end, and however often its clients
/// suspend and resume it, it gives the result of the same program run plainly.
/// </summary>
public sealed class AnyProgram
{
    [Fact]
    public void Gives_its_plain_result_under_any_order_and_duplicates() => ForAll((program, hub, _) =>
    {
        for (var i = 0; i < program.Events; i++)
        {
            hub.Raise("go", $"{i}");
        }

        Completes(program, hub);
    });

    [Fact]
    public void Gives_its_plain_result_and_takes_every_event_once_when_clients_interfere_at_any_point() => ForAll((program, hub, random) =>
    {
        var raised = 0;
        for (var moves = 0; moves < 60 && hub.End is null; moves++)
        {
            switch (random.Next(6))
            {
                case 0 when raised < program.Events:
                    hub.Raise("go", $"{raised++}");
                    break;
                case 1:
                    hub.Suspend();
                    break;
                case 2:
                    hub.Resume();
                    break;
                default:
                    hub.Advance();
                    break;
            }
        }

        while (raised < program.Events)
        {
            hub.Raise("go", $"{raised++}");
        }

        if (hub.End is null)
        {
            hub.Resume();
        }

        Completes(program, hub);
        Assert.All(hub.Turns, (turn, i) => Assert.True(turn.Actions.Count == 0 || !EndsSuspended(hub.Requests[i])));
    });

    [Fact]
    public void Ends_at_once_when_it_is_terminated_at_any_point() => ForAll((program, hub, random) =>
    {
        for (var moves = random.Next(40); moves > 0 && hub.End is null; moves--)
        {
            if (random.Next(5) == 0)
            {
                hub.Suspend();
            }
            else
            {
                hub.Advance();
            }
        }

        if (hub.End is not null)
        {
            return;
        }

        hub.Terminate("enough");
        hub.TurnOnly();

        Assert.Equal((OrchestrationStatus.Terminated, "enough"), (hub.End?.OrchestrationStatus, hub.End?.Result));
        Assert.Single(hub.Turns[^1].Actions);
    });

    private static void ForAll(Action<RandomProgram, TestHub, System.Random> property) => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(),
        ArbMap.Default.ArbFor<bool>(),
        ArbMap.Default.ArbFor<int>(),
        (numbers, duplicates, seed) =>
        {
            var program = new RandomProgram(numbers);
            var random = new System.Random(seed);
            var interruptions = 5;
            var hub = new TestHub(program.Registry())
            {
                Duplicates = duplicates,
                Pick = waiting => random.Next(waiting),
                ChildFailure = _ => random.Next(3) == 0 && interruptions-- > 0 ? new SubOrchestrationInstanceFailedEvent() : null,
            };
            property(program, hub.Start(), random);
            AnswersAreTheSameFromScratch(hub);
        }).Check(Config.QuickThrowOnFailure);

    private static void Completes(RandomProgram program, TestHub hub)
    {
        var end = hub.RunToEnd();

        Assert.Equal(OrchestrationStatus.Completed, end.OrchestrationStatus);
        Assert.Equal($"\"{program.Plain()}\"", end.Result);
        Assert.Equal(program.Executions, hub.Execution);
    }

    /// <summary>What was applied live, turn by turn, and what is replayed give the same answer: nothing hangs on the turns' borders.</summary>
    private static void AnswersAreTheSameFromScratch(TestHub hub)
    {
        for (var i = 0; i < hub.Turns.Count; i++)
        {
            var request = hub.Requests[i];
            var whole = new OrchestratorRequest { InstanceId = request.InstanceId, NewEvents = { request.PastEvents, request.NewEvents } };
            var answer = new OrchestratorEndpoint(hub.Registry, TestWorker.Options, hub.Log).Execute(Convert.ToBase64String(whole.ToByteArray()));
            Assert.Equal(Convert.ToBase64String(hub.Turns[i].ToByteArray()), answer);
        }
    }

    private static bool EndsSuspended(OrchestratorRequest request) => request.PastEvents.Concat(request.NewEvents)
        .LastOrDefault(next => next.ExecutionSuspended is not null || next.ExecutionResumed is not null)?.ExecutionSuspended is not null;
}
