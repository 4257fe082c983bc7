using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests;

/// <summary>The main job while Durable functions go wrong in every way that Azure allows.</summary>
[Trait("Area", "host")]
public sealed class DurableChaosTests
{
    private const int Leads = 10;

    [Fact]
    public async Task Every_lead_is_in_the_crm_once_and_reaches_its_subscriber_over_a_failing_first_attempt()
    {
        await using var stack = await TestStack.Start(new TestStackOptions { DurableChaos = "seed=11,duplicate=0.4,lost-result=0.3,replayed-turn=0.3" });
        using var tenant = await stack.NewTenant();
        await stack.Sandbox.Expect(HttpMethod.Put, "/sandbox/crm/behavior", new JsonObject { ["secret"] = "crm-secret-of-this-very-test" }, CancellationToken.None);
        await tenant.ConnectCrm(stack.Host.Addresses.SandboxCrm().ToString(), "crm-secret-of-this-very-test");
        await tenant.Subscribe(
            stack.Receiver.Url("sub", (number, context) =>
            {
                context.Response.StatusCode = number <= Leads ? 500 : 200;
                return Task.CompletedTask;
            }),
            "lead.created");

        var leads = new List<string>();
        for (var number = 0; number < Leads; number++)
        {
            leads.Add((await tenant.PostLead($"Lead {number}"))["id"]!.GetValue<string>());
        }

        await Eventually.True(
            async () =>
            {
                await stack.TryAdvanceToNext();
                return (await tenant.Deliveries()).Count(delivery => delivery["state"]!.GetValue<string>() == "delivered") == Leads;
            },
            "every delivery arrived",
            TimeSpan.FromSeconds(60));
        JsonArray records = [];
        await Eventually.True(async () => (records = await Records(stack)).Count >= 2 * Leads, "leads and conversations are in the CRM", TimeSpan.FromSeconds(60));

        // One record for each conversation and lead, however often its write was repeated.
        Assert.Equal(2 * Leads, records.Count);
        Assert.Equal(
            Enumerable.Range(0, Leads).Select(number => $"Lead {number}"),
            records.Select(record => record!["fields"]!["name"]?.GetValue<string>()).OfType<string>().Order());
        var delivered = stack.Receiver.Posts("sub").Select(post => JsonNode.Parse(post.Body)!["data"]!["id"]!.GetValue<string>()).Distinct();
        Assert.Equal(leads.Order(), delivered.Order());
    }

    private static async Task<JsonArray> Records(TestStack stack) =>
        (await stack.Sandbox.Expect(HttpMethod.Get, "/sandbox/crm.json", null, CancellationToken.None))["records"]!.AsArray();
}
