using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Configuration;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests;

/// <summary>The main job on real processes: a lead posted to the API reaches the CRM and, signed, a subscriber.</summary>
public sealed class HappyPathTests
{
    [Theory]
    [InlineData(HttpMode.Proxying)]
    [InlineData(HttpMode.Forwarding)]
    public async Task A_posted_lead_reaches_the_crm_once_and_a_subscriber_signed(HttpMode mode)
    {
        await using var stack = await TestStack.Start(new TestStackOptions { HttpMode = mode });
        using var tenant = await stack.NewTenant();
        await stack.Sandbox.Expect(HttpMethod.Put, "/sandbox/crm/behavior", new JsonObject { ["secret"] = "crm-secret-of-this-very-test" }, CancellationToken.None);
        await tenant.ConnectCrm(stack.Host.Addresses.SandboxCrm().ToString(), "crm-secret-of-this-very-test");
        var subscription = await tenant.Subscribe(stack.Receiver.Url("happy", 200), "lead.created");

        var lead = await tenant.PostLead("Zoë\u2028 Ümlaut 林");

        var id = lead["id"]!.GetValue<string>();
        var crm = await Eventually.NotNull(() => CrmWrite(stack, id), "the lead is in the CRM");
        Assert.Equal(1, crm);
        await Eventually.True(() => stack.Receiver.Posts("happy").Count == 1, "the webhook arrived");
        var post = stack.Receiver.Posts("happy")[0];
        Assert.Equal(Hmac(subscription.Secret, post.Body), post.Signature);
        var envelope = JsonNode.Parse(post.Body)!.AsObject();
        Assert.Equal(["id", "event", "created_at", "tenant_id", "data"], envelope.Select(member => member.Key));
        Assert.Equal("lead.created", envelope["event"]!.GetValue<string>());
        Assert.Equal(tenant.Id, envelope["tenant_id"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(lead, envelope["data"]));
        await Eventually.True(async () => State(await tenant.Deliveries()) == "delivered", "the delivery row says delivered");
    }

    [Fact]
    public async Task Host_handler_and_storage_are_three_live_processes()
    {
        await using var stack = await TestStack.Start();
        int[] ids = [stack.Host.Addresses.Host.ProcessId, stack.Host.Addresses.Handlers.Single().ProcessId, stack.Azurite.Id];

        Assert.Equal(3, ids.Distinct().Count());
        Assert.DoesNotContain(Environment.ProcessId, ids);
        Assert.All(ids, id => Assert.False(Process.GetProcessById(id).HasExited));
    }

    private static string Hmac(string secret, byte[] body) =>
        Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static string? State(IReadOnlyList<JsonObject> deliveries) => deliveries.SingleOrDefault()?["state"]?.GetValue<string>();

    /// <summary>How many verified creates the CRM got for a record, or null while there is none.</summary>
    private static async Task<object?> CrmWrite(TestStack stack, string id)
    {
        var state = await stack.Sandbox.Expect(HttpMethod.Get, "/sandbox/crm.json", null, CancellationToken.None);
        var writes = state["requests"]!.AsArray().Count(request =>
            request!["id"]!.GetValue<string>() == id && request["kind"]!.GetValue<string>() == "create" && request["verified"]!.GetValue<bool>());
        return writes == 0 ? null : writes;
    }
}
