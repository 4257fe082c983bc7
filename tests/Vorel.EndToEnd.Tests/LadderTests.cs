using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests;

/// <summary>The six-attempt ladder on real processes, the 14 hours 36 minutes passed by moving the domain clock.</summary>
public sealed class LadderTests : IAsyncLifetime
{
    private static readonly TimeSpan[] s_delays =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(12),
    ];

    // What a turn, a POST and the clock's acknowledgement may add to a rung; every rung is at least fifty times that.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(15);
    private TestStack _stack = null!;

    public async Task InitializeAsync() => _stack = await TestStack.Start();

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    [Fact]
    public async Task Five_500s_and_a_200_take_six_attempts_with_the_ladders_spacing_and_one_body()
    {
        var (tenant, posts) = await Climb("five", 500, 500, 500, 500, 500, 200);

        AssertSpacing(posts);
        Assert.Equal(6, posts.Count);
        Assert.All(posts, post => Assert.Equal(posts[0].Body, post.Body));
        await AssertEnd(tenant, "delivered", 6);
    }

    [Fact]
    public async Task Six_500s_end_as_a_dead_letter()
    {
        var (tenant, posts) = await Climb("dead", 500);

        AssertSpacing(posts);
        Assert.Equal(6, posts.Count);
        await AssertEnd(tenant, "dead_letter", 6);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task A_4xx_ends_the_delivery_at_once(int status)
    {
        var tenant = await Deliver($"refused-{status}", _stack.Receiver.Url($"refused-{status}", status));

        await AssertEnd(tenant, "permanent_fail", 1);
        await _stack.Advance(TimeSpan.FromDays(1));
        Assert.Single(_stack.Receiver.Posts($"refused-{status}"));
    }

    [Fact]
    public async Task A_410_ends_the_delivery_and_disables_the_subscription()
    {
        var tenant = await Deliver("gone", _stack.Receiver.Url("gone", 410));
        await AssertEnd(tenant, "permanent_fail", 1);

        // A second, healthy subscription shows when the next lead's fan-out is over.
        await tenant.Subscribe(_stack.Receiver.Url("beside", 200), "lead.created");
        await tenant.PostLead();
        await Eventually.True(() => _stack.Receiver.Posts("beside").Count == 1, "the healthy subscription got its delivery");
        Assert.Single(_stack.Receiver.Posts("gone"));
    }

    [Fact]
    public async Task A_receiver_that_hangs_past_ten_seconds_counts_as_one_attempt()
    {
        var name = "hang";
        var tenant = await Deliver(name, _stack.Receiver.Url(name, (number, context) => number == 1 ? Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted) : Ok(context)));
        await AwaitAttempts(tenant, 1, TimeSpan.FromSeconds(20));

        await Next(() => _stack.Receiver.Posts(name).Count == 2);

        await AssertEnd(tenant, "delivered", 2);
        Assert.Equal("timeout", Attempts((await tenant.Deliveries()).Single())[0]!["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_reset_connection_counts_as_one_attempt()
    {
        var name = "reset";
        var tenant = await Deliver(name, _stack.Receiver.Url(name, (number, context) =>
        {
            if (number == 1)
            {
                context.Abort();
            }

            return Ok(context);
        }));
        await AwaitAttempts(tenant, 1, TimeSpan.FromSeconds(10));

        await Next(() => _stack.Receiver.Posts(name).Count == 2);

        await AssertEnd(tenant, "delivered", 2);
        Assert.Equal("connection", Attempts((await tenant.Deliveries()).Single())[0]!["error"]!.GetValue<string>());
    }

    private static Task Ok(HttpContext context)
    {
        context.Response.StatusCode = 200;
        return Task.CompletedTask;
    }

    private static JsonArray Attempts(JsonObject delivery) => delivery["attempts"]!.AsArray();

    private static void AssertSpacing(IReadOnlyList<Post> posts)
    {
        for (var rung = 0; rung < s_delays.Length; rung++)
        {
            var gap = posts[rung + 1].At - posts[rung].At;
            Assert.InRange(gap, s_delays[rung], s_delays[rung] + s_slack);
        }
    }

    private async Task<TestTenant> Deliver(string name, string url)
    {
        var tenant = await _stack.NewTenant();
        await tenant.Subscribe(url, "lead.created");
        await tenant.PostLead();
        await Eventually.True(() => _stack.Receiver.Posts(name).Count == 1, $"the first attempt at {name}");
        return tenant;
    }

    private async Task<(TestTenant Tenant, IReadOnlyList<Post> Posts)> Climb(string name, params int[] statuses)
    {
        var tenant = await Deliver(name, _stack.Receiver.Url(name, statuses));
        for (var attempt = 1; attempt <= s_delays.Length; attempt++)
        {
            await AwaitAttempts(tenant, attempt, TimeSpan.FromSeconds(10));
            var wanted = attempt + 1;
            await Next(() => _stack.Receiver.Posts(name).Count == wanted);
        }

        return (tenant, _stack.Receiver.Posts(name));
    }

    /// <summary>Jumps to the next durable timer, once it is set, and awaits what it brings.</summary>
    private async Task Next(Func<bool> arrived)
    {
        await Eventually.True(() => _stack.TryAdvanceToNext(), "a durable timer is set");
        await Eventually.True(arrived, "the next attempt arrived");
    }

    private static Task AwaitAttempts(TestTenant tenant, int count, TimeSpan limit) => Eventually.True(
        async () => (await tenant.Deliveries()).SingleOrDefault() is { } delivery
            && delivery["state"]!.GetValue<string>() == "pending" && Attempts(delivery).Count == count,
        $"attempt {count} is recorded",
        limit);

    private static async Task AssertEnd(TestTenant tenant, string state, int attempts)
    {
        await Eventually.True(async () => (await tenant.Deliveries()).SingleOrDefault()?["state"]?.GetValue<string>() == state, $"the delivery ends as {state}");
        Assert.Equal(attempts, Attempts((await tenant.Deliveries()).Single()).Count);
    }
}
