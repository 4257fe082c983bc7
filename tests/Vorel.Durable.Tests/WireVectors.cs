using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;

namespace Vorel.Durable.Tests;

/// <summary>Messages made with protoc from the published protocol: ours must be the same bytes.</summary>
public sealed class WireVectors
{
    internal const string Request =
        "CgNhYmMiFQj///////////8BEgYIpfrNrAZyACIwCP///////////wESBgil+s2sBhobCgVIZWxsbxoFCgMieCIiCwoDYWJjEgQKAmUx";

    private const string Schedule = "CgNhYmMSDhIMCgNTYXkaBQoDIngi";
    private const string Complete = "CgNhYmMSDggBMgoIARIGCgQib2si";

    [Fact]
    public void A_request_decodes_and_encodes_to_the_same_bytes()
    {
        var at = Timestamp.FromDateTime(new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        var expected = new OrchestratorRequest
        {
            InstanceId = "abc",
            NewEvents =
            {
                new HistoryEvent { EventId = -1, Timestamp = at, OrchestratorStarted = new OrchestratorStartedEvent() },
                new HistoryEvent
                {
                    EventId = -1,
                    Timestamp = at,
                    ExecutionStarted = new ExecutionStartedEvent
                    {
                        Name = "Hello",
                        Input = "\"x\"",
                        OrchestrationInstance = new OrchestrationInstance { InstanceId = "abc", ExecutionId = "e1" },
                    },
                },
            },
        };

        Agree(Request, expected, OrchestratorRequest.Parser);
    }

    [Fact]
    public void A_response_that_schedules_decodes_and_encodes_to_the_same_bytes() => Agree(
        Schedule,
        new OrchestratorResponse
        {
            InstanceId = "abc",
            Actions = { new OrchestratorAction { Id = 0, ScheduleTask = new ScheduleTaskAction { Name = "Say", Input = "\"x\"" } } },
        },
        OrchestratorResponse.Parser);

    [Fact]
    public void A_response_that_completes_decodes_and_encodes_to_the_same_bytes() => Agree(
        Complete,
        new OrchestratorResponse
        {
            InstanceId = "abc",
            Actions =
            {
                new OrchestratorAction
                {
                    Id = 1,
                    CompleteOrchestration = new CompleteOrchestrationAction
                    {
                        OrchestrationStatus = OrchestrationStatus.Completed,
                        Result = "\"ok\"",
                    },
                },
            },
        },
        OrchestratorResponse.Parser);

    private static void Agree<T>(string base64, T expected, MessageParser<T> parser) where T : IMessage<T>
    {
        Assert.Equal(expected, parser.ParseFrom(Convert.FromBase64String(base64)));
        Assert.Equal(base64, Convert.ToBase64String(expected.ToByteArray()));
    }
}
