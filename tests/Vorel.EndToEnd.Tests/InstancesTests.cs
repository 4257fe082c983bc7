using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Development;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests;

/// <summary>Handlers split as Flex Consumption splits an app: the main job works over process borders, and survives each process's end.</summary>
[Trait("Area", "host")]
public sealed class InstancesTests
{
    private const string Secret = "crm-secret-of-this-very-test";

    [Theory]
    [InlineData(3, "http", "durable", "rest")]
    [InlineData(9, "http", "durable", "function:Bulk", "function:Commands", "function:Live", "function:RetentionSweep", "function:Tick", "http#2", "durable#2")]
    public async Task A_lead_goes_its_way_over_several_processes_and_all_of_them_follow_the_clock(int instances, params string[] names)
    {
        await using var stack = await TestStack.Start(new TestStackOptions { Instances = instances });
        var handlers = stack.Host.Addresses.Handlers;
        Assert.Equal(names, handlers.Select(handler => handler.Name));
        Assert.Equal(instances, handlers.Select(handler => handler.ProcessId).Distinct().Count());
        using var tenant = await NewTenant(stack);
        await tenant.Subscribe(stack.Receiver.Url("sub", 500, 200), "lead.created");

        await tenant.PostLead("Ada Example");

        await Eventually.True(async () => (await CrmLeads(stack)).SequenceEqual(["Ada Example"]), "the lead is in the CRM");
        await Eventually.True(() => stack.Receiver.Posts("sub").Count == 1, "the first attempt");
        await Eventually.True(stack.TryAdvanceToNext, "every handler has followed a jump to the second attempt");
        await Eventually.True(() => stack.Receiver.Posts("sub").Count == 2, "the second attempt");
        Assert.True(stack.Receiver.Posts("sub")[1].At - stack.Receiver.Posts("sub")[0].At >= TimeSpan.FromMinutes(1));
        await Eventually.True(async () => (await tenant.Deliveries()).Single()["state"]!.GetValue<string>() == "delivered", "the delivery is recorded");
        Assert.Equal(handlers, stack.Host.CurrentAddresses().Handlers, Same);
    }

    /// <summary>Three instances die at random in <see cref="Crash.RandomKillTests"/>.</summary>
    [Fact]
    public async Task Each_of_eight_instances_killed_in_turn_while_writes_flow_loses_nothing_that_was_accepted()
    {
        await using var stack = await TestStack.Start(new TestStackOptions { Instances = 8 });
        using var tenant = await NewTenant(stack);
        await tenant.Subscribe(stack.Receiver.Url("sub", 200), "lead.created");
        var accepted = new ConcurrentQueue<string>();
        using var enough = new CancellationTokenSource();
        var writing = Write(tenant, accepted, enough.Token);

        foreach (var victim in stack.Host.Addresses.Handlers)
        {
            var before = accepted.Count;
            await Eventually.True(() => accepted.Count > before, "writes flow", TimeSpan.FromSeconds(30));
            Process.GetProcessById(victim.ProcessId).Kill();
            await Eventually.True(() => Current(stack, victim).ProcessId != victim.ProcessId, $"{victim.Name} is up again", TimeSpan.FromSeconds(30));
        }

        await enough.CancelAsync();
        await writing;

        var names = accepted.Order(StringComparer.Ordinal).ToList();
        await stack.Advance(TimeSpan.FromMinutes(5)); // The tick takes up what failed with its process.
        await Eventually.True(() => names.All(name => Delivered(stack, name)), "every lead's event arrived", TimeSpan.FromSeconds(60));
        await Eventually.True(async () => !names.Except(await CrmLeads(stack)).Any(), "every lead is in the CRM", TimeSpan.FromSeconds(60));
        var leads = await CrmLeads(stack);
        Assert.Equal(leads.Distinct(), leads);
        Assert.All(stack.Host.CurrentAddresses().Handlers, handler => Assert.True(handler is { Starts: > 1, State: HandlerState.Running }));
        Assert.False(stack.Host.HasExited);
    }

    private static bool Same(StackHandler one, StackHandler other) => (one.Name, one.ProcessId, one.Starts) == (other.Name, other.ProcessId, other.Starts);

    private static StackHandler Current(TestStack stack, StackHandler which) => stack.Host.CurrentAddresses().Handlers.Single(handler => handler.Name == which.Name);

    private static bool Delivered(TestStack stack, string name) =>
        stack.Receiver.Posts("sub").Any(post => Encoding.UTF8.GetString(post.Body).Contains($"\"{name}\"", StringComparison.Ordinal));

    /// <summary>Posts leads, one after another, and keeps the names of those that were accepted; one whose process dies is not.</summary>
    private static async Task Write(TestTenant tenant, ConcurrentQueue<string> accepted, CancellationToken enough)
    {
        for (var n = 0; !enough.IsCancellationRequested; n++)
        {
            try
            {
                await Write(tenant, n, accepted);
            }
            catch (HttpRequestException)
            {
                // The answer was cut off with its process: the next write.
                continue;
            }
        }
    }

    private static async Task Write(TestTenant tenant, int n, ConcurrentQueue<string> accepted)
    {
        var conversation = await tenant.Api.Send(
            HttpMethod.Post, "/v1/conversations", new JsonObject { ["channel"] = "webform", ["customer_identifier"] = $"visitor-{n}@example.com" }, CancellationToken.None);
        if (conversation.Status != 201)
        {
            return;
        }

        var name = $"Lead {n}";
        var lead = new JsonObject { ["conversation_id"] = conversation.Body!["id"]!.DeepClone(), ["name"] = name };
        if ((await tenant.Api.Send(HttpMethod.Post, "/v1/leads", lead, CancellationToken.None)).Status == 201)
        {
            accepted.Enqueue(name);
        }
    }

    private static async Task<TestTenant> NewTenant(TestStack stack)
    {
        await stack.Sandbox.Expect(HttpMethod.Put, "/sandbox/crm/behavior", new JsonObject { ["secret"] = Secret }, CancellationToken.None);
        var tenant = await stack.NewTenant();
        await tenant.ConnectCrm(stack.Host.Addresses.SandboxCrm().ToString(), Secret);
        return tenant;
    }

    /// <summary>The names of the leads that the CRM holds.</summary>
    private static async Task<IReadOnlyList<string>> CrmLeads(TestStack stack)
    {
        var state = await stack.Sandbox.Expect(HttpMethod.Get, "/sandbox/crm.json", null, CancellationToken.None);
        return [.. state["records"]!.AsArray().Where(record => record!["object"]!.GetValue<string>() == "lead").Select(record => record!["fields"]!["name"]!.GetValue<string>())];
    }
}
