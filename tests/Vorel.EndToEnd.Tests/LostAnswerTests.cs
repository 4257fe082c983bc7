using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;
using Vorel.Testing.Faults;

namespace Vorel.EndToEnd.Tests;

/// <summary>Storage does what it was asked and the answer never comes: a write recognises itself.</summary>
public sealed class LostAnswerTests
{
    // A lead takes fewer storage calls than this, so one of the rounds loses the answer to its commit.
    private const int Rounds = 12;

    [Fact]
    public async Task Whichever_answer_is_lost_the_lead_is_accepted_and_stored_once()
    {
        await using var stack = await TestStack.Start(new TestStackOptions { Faults = FaultsBefore.Handler });
        using var tenant = await stack.NewTenant();
        await tenant.Subscribe(stack.Receiver.Url("sub", 200), "lead.created");
        var accepted = new List<string>();
        for (var skip = 0; skip < Rounds; skip++)
        {
            var conversation = await tenant.PostConversation();
            await Settled(stack);
            using var lost = stack.Faults!.Add(new Fault(FaultKind.LoseAnswer) { Service = StorageService.Table, Count = 1, Skip = skip });

            var answer = await tenant.Api.Send(
                HttpMethod.Post, "/v1/leads", new JsonObject { ["conversation_id"] = conversation, ["name"] = "Ada" }, CancellationToken.None);

            Assert.Equal(201, answer.Status);
            accepted.Add(answer.Body!["id"]!.GetValue<string>());
            await Eventually.True(() => lost.Hits == 1, $"an answer after {skip} others was lost");
        }

        await Settled(stack);
        var page = await tenant.Api.Expect(HttpMethod.Get, "/v1/leads?limit=100", null, CancellationToken.None);
        Assert.Equal(accepted.Order(StringComparer.Ordinal), page["data"]!.AsArray().Select(lead => lead!["id"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        await Eventually.True(() => DistinctEvents(stack) == Rounds, "every lead's event was delivered");
    }

    private static int DistinctEvents(TestStack stack) =>
        stack.Receiver.Posts("sub").Select(post => JsonNode.Parse(post.Body)!["id"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count();

    private static Task Settled(TestStack stack) => Eventually.True(
        async () => !(await stack.Dump()).Any(line => line.Contains(" outbox|", StringComparison.Ordinal)), "the fan-out is over", TimeSpan.FromSeconds(60));
}
