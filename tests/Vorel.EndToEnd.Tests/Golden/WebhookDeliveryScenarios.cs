using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Vorel.Azure.Tables;
using Vorel.Durable;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.Golden;

/// <summary>The paths of <c>WebhookDelivery</c> on real processes, each held against its golden history.</summary>
[Trait("Area", "host")]
public sealed class WebhookDeliveryScenarios(GoldenStageFixture fixture) : IClassFixture<GoldenStageFixture>, IAsyncLifetime
{
    private const string Orchestrator = "WebhookDelivery";
    private static readonly string[] s_places = ["first", "second", "third", "fourth", "fifth", "sixth"];
    private GoldenStage _stage = fixture.Stage;
    private TestTenant _tenant = null!;

    public async Task InitializeAsync() => _tenant = await _stage.Stack.NewTenant();

    public Task DisposeAsync()
    {
        _tenant.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_ladder_to_each_of_its_ends()
    {
        var paths = new Dictionary<string, Func<int, HttpContext, Task>>
        {
            ["dead-letter-after-six-attempts"] = Statuses(500),
            ["refused-with-4xx"] = Statuses(400),
            ["gone-with-410"] = Statuses(410),
            ["cancelled-without-its-subscription"] = Statuses(500),
            ["attempt-timed-out-then-delivered"] = (number, context) =>
                number == 1 ? Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted) : Statuses(200)(number, context),
        };
        foreach (var (index, place) in s_places.Index())
        {
            paths[$"delivered-at-{place}-attempt"] = Statuses([.. Enumerable.Repeat(500, index), 200]);
        }

        var subscriptions = new Dictionary<string, string>();
        foreach (var (path, script) in paths)
        {
            subscriptions[path] = (await _tenant.Subscribe(_stage.Receiver.Url(path, script), "lead.created")).Id;
        }

        await _tenant.PostLead();
        await Eventually.True(async () => (await _tenant.Deliveries()).Count == subscriptions.Count, "every subscription has its delivery");
        var cancelled = subscriptions["cancelled-without-its-subscription"];
        await Eventually.True(async () => (await Deliveries(cancelled)) is [var delivery] && delivery["attempts"]!.AsArray().Count == 1, "the first attempt is recorded");
        await _tenant.Unsubscribe(cancelled);
        var instances = (await _tenant.Deliveries()).ToDictionary(delivery => Text(delivery, "subscription_id"), InstanceOf);

        foreach (var (path, subscription) in subscriptions)
        {
            GoldenStage.Keep(path, await _stage.RunToEnd(instances[subscription]));
        }
    }

    [Fact]
    public async Task An_attempt_that_is_lost_with_its_process_is_made_again()
    {
        var held = new HeldAnswer(context => Statuses(200)(1, context));
        var instance = await Deliver("attempt-lost-then-delivered", held.Answer);

        await held.Arrived;
        var over = DateTimeOffset.UtcNow + TestStack.AttemptClaim;
        await _stage.KillHandler();
        await Eventually.True(() => DateTimeOffset.UtcNow > over, "the claim of the lost attempt is over");

        GoldenStage.Keep("attempt-lost-then-delivered", await _stage.RunToEnd(instance));
    }

    [Fact]
    public async Task A_delivery_under_another_attempts_claim_waits_until_its_calls_are_used_up()
    {
        await using var stage = await GoldenStage.Start(TimeSpan.FromHours(1));
        _stage = stage;
        _tenant = await stage.Stack.NewTenant();
        var held = new HeldAnswer(context => Statuses(200)(1, context));
        var instance = await Deliver("busy", held.Answer);

        await held.Arrived;
        await _stage.KillHandler();
        GoldenStage.Keep("attempt-lost-then-claimed-until-unfinished", await _stage.RunToEnd(instance));
        await Again(instance);

        GoldenStage.Keep("taken-up-while-claimed-until-unfinished", await _stage.RunToEnd(instance));
    }

    [Fact]
    public async Task A_delivery_that_cannot_be_opened_is_put_off_until_its_calls_are_used_up()
    {
        var subscription = await _tenant.Subscribe(_stage.Receiver.Url("sealed", 200), "lead.created");
        var table = new TableServiceClient(_stage.Stack.Azurite.ConnectionString).GetTableClient("WebhookSubscriptions");
        await foreach (var row in table.QueryAsync(default))
        {
            row.Select(column => column.Value).OfType<byte[]>().Single()[^1] ^= 1;
            await table.SubmitTransactionAsync([new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)]);
        }

        GoldenStage.Keep("put-off-until-unfinished", await _stage.RunToEnd(await InstanceOfTheLead(subscription.Id)));
    }

    [Fact]
    public async Task A_terminated_instance_is_taken_up_between_attempts_and_does_nothing_after_the_end()
    {
        var instance = await Deliver("taken-up", Statuses(500, 200));
        await Eventually.True(async () => (await _tenant.Deliveries()).Any(delivery => delivery["attempts"]!.AsArray().Count == 1), "the first attempt is recorded");

        await _stage.Hub.TerminateInstanceAsync(instance, "by an operator");
        GoldenStage.Keep("terminated-between-attempts", await _stage.End(instance));
        await Again(instance);
        GoldenStage.Keep("taken-up-between-attempts", await _stage.RunToEnd(instance));
        await Again(instance);

        GoldenStage.Keep("over-before-it-began", await _stage.End(instance));
    }

    [Fact]
    public async Task A_delivery_whose_calls_all_fail_ends_unfinished()
    {
        // A time beyond the calendar: the activity cannot tell the table of such an id.
        const string Impossible = "ffffffff-ffff-7fff-bfff-ffffffffffff";
        await _stage.Start(Orchestrator, $"delivery:{Impossible}", new JsonObject { ["tenant"] = _tenant.Id, ["delivery"] = Impossible });

        GoldenStage.Keep("every-call-fails-until-unfinished", await _stage.RunToEnd($"delivery:{Impossible}"));
    }

    private static Func<int, HttpContext, Task> Statuses(params int[] statuses) => (number, context) =>
    {
        context.Response.StatusCode = statuses[Math.Min(number, statuses.Length) - 1];
        return Task.CompletedTask;
    };

    private static string Text(JsonObject delivery, string member) => delivery[member]!.GetValue<string>();

    private static string InstanceOf(JsonObject delivery) => $"delivery:{Text(delivery, "id")}";

    /// <summary>Starts the instance of a delivery once more, as the tick would, and perhaps already has.</summary>
    private async Task Again(string instance)
    {
        try
        {
            await _stage.Start(Orchestrator, instance, new JsonObject { ["tenant"] = _tenant.Id, ["delivery"] = instance["delivery:".Length..] });
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The tick was first.
        }
    }

    private async Task<string> Deliver(string name, Func<int, HttpContext, Task> script) =>
        await InstanceOfTheLead((await _tenant.Subscribe(_stage.Receiver.Url(name, script), "lead.created")).Id);

    private async Task<string> InstanceOfTheLead(string subscription)
    {
        await _tenant.PostLead();
        return InstanceOf(await Eventually.NotNull<JsonObject>(async () => (await Deliveries(subscription)).SingleOrDefault(), "the delivery is there"));
    }

    private async Task<IReadOnlyList<JsonObject>> Deliveries(string subscription) =>
        [.. (await _tenant.Deliveries()).Where(delivery => Text(delivery, "subscription_id") == subscription)];
}
