using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using Vorel.Functions.Hosting;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Hosting.Envelopes;

/// <summary>
/// Turns whose message was damaged or made up by somebody who writes into the hub's queues. An answer that is no proper response fails
/// the instance for good with whatever we let slip, so each is 200 with one, and no turn of its own writes anything.
/// </summary>
[Trait("Area", "hostile")]
public sealed class TurnAttackTests
{
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    public static TheoryData<string> Texts =>
        ["", "AAAA", "====", "c4n4ry-7f3a9", "CgNhYmM", "CgNhYmM=\n", "CgNhYmM= ", "-_-_", "/////w==", "CP///////////wE=", "gICAgICAgICAgIA=", "%43gNhYmM=", "\u0000", "{\"history\":[]}", "CiVj"];

    /// <summary>Inputs as JSON texts that no start of ours has.</summary>
    public static TheoryData<string> Inputs =>
    [
        "", "null", "c4n4ry-7f3a9", "[]", "{}", "1", "\"x\"", "{\"tenant\":\"c4n4ry-7f3a9\"}", "{\"tenant\":null,\"delivery\":null,\"kind\":null,\"id\":null}", "{\"tenant\":\"00000000-0000-0000-0000-000000000000\"}",
        "{\"tenant\":{},\"tenant\":[]}", "{\"Tenant\":1}", "{deep}", "{long}",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_turn_that_is_no_message_is_answered_with_a_failure(string text)
    {
        foreach (var orchestrator in Orchestrators())
        {
            var response = await Turn(orchestrator, text);
            Assert.Equal(OrchestrationStatus.Failed, Assert.Single(response.Actions).CompleteOrchestration.OrchestrationStatus);
        }
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task A_start_with_an_input_that_is_none_of_ours_ends_in_a_failure_or_asks_for_an_activity_and_repeats_nothing(string input)
    {
        var sent = input.Replace("{deep}", new string('[', 20_000), StringComparison.Ordinal).Replace("{long}", '"' + new string('a', 300_000) + '"', StringComparison.Ordinal);
        foreach (var orchestrator in Orchestrators())
        {
            var response = await Turn(orchestrator, Convert.ToBase64String(Start(orchestrator, sent).ToByteArray()));

            Assert.DoesNotContain(response.Actions, action => action.OrchestratorActionTypeCase is not (
                OrchestratorAction.OrchestratorActionTypeOneofCase.CompleteOrchestration or OrchestratorAction.OrchestratorActionTypeOneofCase.ScheduleTask));
        }
    }

    [Fact]
    public async Task A_turn_that_is_cut_off_anywhere_or_has_any_byte_changed_is_answered_properly()
    {
        var whole = Start("WebhookDelivery", """{"tenant":"0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b","delivery":"0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2c"}""").ToByteArray();
        for (var i = 0; i < whole.Length; i++)
        {
            await Turn("WebhookDelivery", Convert.ToBase64String(whole, 0, i));
            var changed = whole.ToArray();
            changed[i] ^= 0x81;
            await Turn("WebhookDelivery", Convert.ToBase64String(changed));
        }
    }

    [Fact]
    public async Task A_history_of_events_that_do_not_belong_together_fails_the_instance_and_nothing_else()
    {
        HistoryEvent[] strangers =
        [
            new() { EventId = 7, TaskCompleted = new TaskCompletedEvent { TaskScheduledId = 99, Result = "\"c4n4ry-7f3a9\"" } },
            new() { EventId = -1, TimerFired = new TimerFiredEvent { TimerId = int.MaxValue } },
            new() { EventId = int.MinValue, EventRaised = new EventRaisedEvent { Name = "c4n4ry-7f3a9", Input = "c4n4ry-7f3a9" } },
            new() { EventId = 0, TaskScheduled = new TaskScheduledEvent { Name = "c4n4ry-7f3a9" } },
            new() { EventId = 0, ExecutionTerminated = new ExecutionTerminatedEvent { Input = "c4n4ry-7f3a9" } },
            new() { EventId = 0 },
        ];
        foreach (var orchestrator in Orchestrators())
        {
            foreach (var stranger in strangers)
            {
                var request = Start(orchestrator, """{"tenant":"0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b","kind":"lead","id":"0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2c"}""");
                request.PastEvents.Add(stranger);
                await Turn(orchestrator, Convert.ToBase64String(request.ToByteArray()));
                request.NewEvents.Add(Enumerable.Repeat(stranger, 1000));
                await Turn(orchestrator, Convert.ToBase64String(request.ToByteArray()));
            }
        }
    }

    private static IEnumerable<string> Orchestrators() =>
        FunctionCatalogue.Default.All.Where(function => function.Kind == FunctionKind.Orchestrator).Select(function => function.Name);

    private static OrchestratorRequest Start(string name, string input) => new()
    {
        InstanceId = "i1",
        NewEvents =
        {
            new HistoryEvent { EventId = -1, Timestamp = Timestamp.FromDateTime(DateTime.UnixEpoch), OrchestratorStarted = new OrchestratorStartedEvent() },
            new HistoryEvent
            {
                EventId = -1,
                Timestamp = Timestamp.FromDateTime(DateTime.UnixEpoch),
                ExecutionStarted = new ExecutionStartedEvent { Name = name, Input = input, OrchestrationInstance = new OrchestrationInstance { InstanceId = "i1", ExecutionId = "e1" } },
            },
        },
    };

    private static async Task<OrchestratorResponse> Turn(string orchestrator, string text)
    {
        var api = await s_api;
        var before = api.Api.Dump();
        var envelope = new JsonObject { ["Data"] = new JsonObject { ["context"] = JsonValue.Create(text).ToJsonString() }, ["Metadata"] = new JsonObject() }.ToJsonString();

        using var request = new HttpRequestMessage(HttpMethod.Post, "/" + orchestrator) { Content = new StringContent(envelope, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("User-Agent", "Azure-Functions-Host/4.1037.0.0");
        request.Headers.Add("X-Azure-Functions-InvocationId", "8f0c0b7e-6a53-4f7c-9a35-6d6f0a3d4c11");
        using var answer = await api.Api.Handler.Http.SendAsync(request);

        Assert.Equal(200, (int)answer.StatusCode);
        var value = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["ReturnValue"]!.GetValue<string>();
        var response = OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(value));
        Assert.NotNull(response);
        Assert.Equal(before, api.Api.Dump());
        api.AssertNothingPrinted();
        return response;
    }
}
