using System.Diagnostics;
using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Development;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests;

/// <summary>SIGKILL in the middle of a ladder: attempts are counted exactly.</summary>
[Trait("Area", "crash")]
public sealed class KillTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Killed_between_post_and_record_the_attempt_repeats_and_counts_once(int instances)
    {
        await using var stack = await TestStack.Start(new TestStackOptions { Failpoints = true, Instances = instances });
        stack.Arm("after-post");
        using var tenant = await stack.NewTenant();
        await tenant.Subscribe(stack.Receiver.Url("sub", 200), "lead.created");
        await tenant.PostLead();

        await KillAt(stack, "after-post", "durable");

        // The turn that hears of the lost attempt may find no handler; then the instance has failed for good and the tick brings it back.
        await stack.TickUntil(() => stack.Receiver.Posts("sub").Count == 2, "the attempt was taken again");
        await AssertDelivered(tenant, attempts: 1);
        var posts = stack.Receiver.Posts("sub");
        Assert.Equal(2, posts.Count);
        Assert.Equal(posts[0].Body, posts[1].Body);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Host_and_handler_killed_between_attempts_two_and_three_go_on_with_the_third(int instances)
    {
        await using var stack = await TestStack.Start(new TestStackOptions { Instances = instances });
        using var tenant = await stack.NewTenant();
        await tenant.Subscribe(stack.Receiver.Url("sub", 500, 500, 200), "lead.created");
        await tenant.PostLead();
        await Recorded(tenant, 1);
        await Eventually.True(stack.TryAdvanceToNext, "the timer of attempt 2 is set");
        await Recorded(tenant, 2);
        var before = stack.Host.Addresses;

        var handlers = before.Handlers.Select(handler => Process.GetProcessById(handler.ProcessId)).ToList();
        Assert.Equal(instances, handlers.Count);
        Assert.Equal(137, await stack.Host.Kill());
        handlers.ForEach(handler => handler.Kill());
        await Task.WhenAll(handlers.Select(handler => handler.WaitForExitAsync()));
        await stack.StartHost();

        Assert.NotEqual(before.Host.ProcessId, stack.Host.Addresses.Host.ProcessId);
        Assert.Empty(ProcessIds(before).Intersect(ProcessIds(stack.Host.Addresses)));
        await Eventually.True(stack.TryAdvanceToNext, "the timer of attempt 3 survived");
        await Eventually.True(() => stack.Receiver.Posts("sub").Count == 3, "attempt 3 arrived", TimeSpan.FromSeconds(30));
        using var reborn = tenant.At(stack.Host.Addresses.Host.Address, stack.Operator);
        await AssertDelivered(reborn, attempts: 3);
        Assert.Equal(3, stack.Receiver.Posts("sub").Count);
    }

    private static IEnumerable<int> ProcessIds(StackAddresses at) => at.Handlers.Select(handler => handler.ProcessId);

    /// <summary>Waits until a handler of that group has reached the kill point, kills it there, and sees a new one come up.</summary>
    private static async Task KillAt(TestStack stack, string point, string group)
    {
        int? pid = null;
        await Eventually.True(() => (pid = stack.Reached(point)) is not null, $"the handler reached '{point}'", TimeSpan.FromSeconds(30));
        Assert.Contains(group, stack.Host.CurrentAddresses().Handlers.Single(handler => handler.ProcessId == pid).Groups);
        Process.GetProcessById(pid!.Value).Kill();
        await Eventually.True(() => stack.Lines.Any(line => line.Contains($"exit code 137 (process {pid})", StringComparison.Ordinal)), "the host saw exit code 137", TimeSpan.FromSeconds(30));
        await Eventually.True(() => !ProcessIds(stack.Host.CurrentAddresses()).Contains(pid.Value), "a new handler is up", TimeSpan.FromSeconds(30));
    }

    private static Task Recorded(TestTenant tenant, int attempts) => Eventually.True(
        async () => (await tenant.Deliveries()).SingleOrDefault() is { } delivery
            && delivery["state"]!.GetValue<string>() == "pending" && delivery["attempts"]!.AsArray().Count == attempts,
        $"attempt {attempts} is recorded",
        TimeSpan.FromSeconds(30));

    private static async Task AssertDelivered(TestTenant tenant, int attempts)
    {
        await Eventually.True(
            async () => (await tenant.Deliveries()).SingleOrDefault()?["state"]?.GetValue<string>() == "delivered", "the delivery ends as delivered", TimeSpan.FromSeconds(30));
        Assert.Equal(attempts, (await tenant.Deliveries()).Single()["attempts"]!.AsArray().Count);
    }
}
