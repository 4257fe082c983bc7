using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Vorel.Azure.Queues;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests;

/// <summary>Receivers that mean harm and messages that somebody else put, against the real processes.</summary>
[Trait("Area", "hostile")]
public sealed class HostilePartyTests : IAsyncLifetime
{
    private const string Canary = "c4n4ry-of-a-receiver";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private TestStack _stack = null!;

    public async Task InitializeAsync() => _stack = await TestStack.Start();

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    [Fact]
    public async Task Each_hostile_receiver_gets_one_request_and_its_class_and_a_neighbour_gets_its_event()
    {
        using var tenant = await _stack.NewTenant();
        using var neighbour = await _stack.NewTenant();
        await neighbour.Subscribe(_stack.Receiver.Url("neighbour", 200), "lead.created");
        var elsewhere = _stack.Receiver.Url("elsewhere", 200);
        var expected = new Dictionary<string, (string State, string? Error, int? Status)>(StringComparer.Ordinal)
        {
            [await Subscribe("redirect", (response, _) => response.Headers.Location = elsewhere, 307)] = ("pending", "redirect", 307),
            [await Subscribe("later", (response, _) => response.Headers.RetryAfter = "0", 503)] = ("pending", "server", 503),
            [await Subscribe("never", (response, _) => response.Headers.RetryAfter = "Fri, 31 Dec 9999 23:59:59 GMT", 503)] = ("pending", "server", 503),
            [await Subscribe("challenge", (response, _) => response.Headers.WWWAuthenticate = "NTLM", 401)] = ("permanent_fail", "client", 401),
            [await Subscribe("cookie", (response, _) => response.Headers.SetCookie = $"t={Canary}; Path=/; Max-Age=99999999", 200)] = ("delivered", null, 200),
            [await Subscribe("reset", (_, context) => context.Abort(), 200)] = ("pending", "connection", null),
            [await SubscribeTo("endless", Endless)] = ("delivered", null, 200),
        };

        await tenant.PostLead();
        await neighbour.PostLead();

        await Eventually.True(() => _stack.Receiver.Posts("neighbour").Count == 1, "the neighbour's event arrives", s_patience);
        IReadOnlyList<JsonObject> deliveries = [];
        await Eventually.True(
            async () => (deliveries = await tenant.Deliveries()).Count == expected.Count && deliveries.All(delivery => delivery["attempts"]!.AsArray().Count == 1),
            "every receiver was tried",
            s_patience);
        foreach (var delivery in deliveries)
        {
            var (state, error, status) = expected[delivery["subscription_id"]!.GetValue<string>()];
            var attempt = Assert.Single(delivery["attempts"]!.AsArray())!;
            Assert.Equal((state, error, status), (delivery["state"]!.GetValue<string>(), attempt["error"]?.GetValue<string>(), attempt["status"]?.GetValue<int>()));
            if (state == "pending")
            {
                var wait = delivery["next_attempt_at"]!.GetValue<DateTimeOffset>() - attempt["at"]!.GetValue<DateTimeOffset>();
                Assert.InRange(wait, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));
            }
        }

        Assert.Empty(_stack.Receiver.Posts("elsewhere"));
        Assert.DoesNotContain(await _stack.Dump(), line => line.Contains(Canary, StringComparison.Ordinal));
        Assert.DoesNotContain(_stack.Lines, line => line.Contains(Canary, StringComparison.Ordinal));

        Task<string> Subscribe(string name, Action<HttpResponse, HttpContext> answer, int status) => SubscribeTo(name, context =>
        {
            context.Response.StatusCode = status;
            answer(context.Response, context);
            return context.RequestAborted.IsCancellationRequested || status != 503 ? Task.CompletedTask : context.Response.WriteAsync(Canary);
        });

        async Task<string> SubscribeTo(string name, Func<HttpContext, Task> answer) =>
            (await tenant.Subscribe(_stack.Receiver.Url(name, (_, context) => answer(context)), "lead.created")).Id;
    }

    private static async Task Endless(HttpContext context)
    {
        var chunk = new byte[8192];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(chunk, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Messages_that_are_none_are_set_aside_and_events_go_on()
    {
        using var tenant = await _stack.NewTenant();
        await tenant.Subscribe(_stack.Receiver.Url("after", 200), "lead.created");
        var raw = new QueueClient(_stack.Azurite.ConnectionString, "live", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        await raw.CreateIfNotExistsAsync();
        string[] texts = ["not base64", Convert.ToBase64String("no message"u8), Convert.ToBase64String(Enumerable.Repeat((byte)0xFF, 40_000).ToArray())];
        foreach (var text in texts)
        {
            await raw.SendMessageAsync(text);
        }

        await tenant.PostLead();

        await Eventually.True(() => _stack.Receiver.Posts("after").Count == 1, "the event arrives", s_patience);
        await Eventually.True(
            async () =>
            {
                // It is put aside before it is taken away.
                var dump = await _stack.Dump();
                if (dump.Contains("queue live-unreadable holds 3") && dump.Contains("queue live-poison holds 0"))
                {
                    return true;
                }

                // What is not base64 never reached us; the tick finds it among what the host gave up.
                await _stack.Advance(TimeSpan.FromMinutes(1));
                return false;
            },
            "all three are set aside, and none is left behind",
            s_patience);
    }
}
