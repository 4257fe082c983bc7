using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Storage;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>One Idempotency-Key by many at once, for another request, and while the first is still under way.</summary>
[Trait("Area", "hostile")]
public sealed class IdempotencyAttackTests
{
    private const int Callers = 50;
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    [Fact]
    public async Task Fifty_at_once_under_one_key_make_one_record_and_are_all_answered_with_it()
    {
        var api = await s_api;
        var rows = Rows(api);

        var answers = await Many(caller => api.Own.Client.Post("/v1/conversations", Body("fifty"), "fifty"));

        Assert.All(answers, answer => Assert.Equal((201, answers[0].Body), (answer.Status, answer.Body)));
        // The record, its index row, its outbox row, its todo row, the key's, and the one that says when the key is over.
        Assert.Equal(rows + 6, Rows(api));
    }

    [Fact]
    public async Task Fifty_requests_at_once_under_one_key_come_to_one_record_and_49_times_422()
    {
        var api = await s_api;
        var rows = Rows(api);

        var answers = await Many(caller => api.Own.Client.Post("/v1/conversations", Body($"rival-{caller}"), "rivals"));

        Assert.Equal((1, Callers - 1), (answers.Count(answer => answer.Status == 201), answers.Count(answer => (answer.Status, answer.Status == 422 ? answer.Code : "") == (422, "idempotency_conflict"))));
        Assert.Equal(rows + 6, Rows(api));
    }

    [Fact]
    public async Task Fifty_at_once_without_a_key_make_one_record_and_49_conflicts()
    {
        var api = await s_api;
        var rows = Rows(api);

        var answers = await Many(caller => api.Own.Client.Post("/v1/conversations", Body("no-key")));

        Assert.Equal((1, Callers - 1), (answers.Count(answer => answer.Status == 201), answers.Count(answer => answer.Status == 409)));
        Assert.Equal(rows + 4, Rows(api));
    }

    [Fact]
    public async Task Fifty_changes_at_once_under_one_key_are_one_change()
    {
        var api = await s_api;

        var answers = await Many(caller => api.Own.Client.Patch(api.Own.LeadPath, """{"intent":"fifty"}""", "change"));

        Assert.All(answers, answer => Assert.Equal((200, answers[0].Body), (answer.Status, answer.Body)));
        Assert.Single(api.Api.Store.Dump(), row => row.Row.Key.StartsWith("todo|mirror|lead:" + api.Own.Lead, StringComparison.Ordinal) && row.Row.Key.EndsWith('2'));
        Assert.DoesNotContain(api.Api.Store.Dump(), row => row.Row.Key.StartsWith("todo|mirror|lead:" + api.Own.Lead, StringComparison.Ordinal) && row.Row.Key.EndsWith('3'));
    }

    [Fact]
    public async Task A_repeat_while_the_first_is_still_under_way_is_not_sent_off_but_gets_the_one_record_as_the_first_does()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        FaultyStore? store = null;
        var api = await HostileApi.Start(services =>
        {
            var inner = (IRowStore)services.Last(service => service.ServiceType == typeof(IRowStore)).ImplementationInstance!;
            services.AddSingleton<IRowStore>(store = new FaultyStore(inner));
        });
        store!.Before = (operation, table, _) => (operation, table) == ("commit", "Records") && reached.TrySetResult() ? held.Task : Task.CompletedTask;

        var first = api.Own.Client.Post("/v1/conversations", Body("slow"), "slow");
        await reached.Task;
        var repeat = await api.Own.Client.Post("/v1/conversations", Body("slow"), "slow");
        var other = await api.Own.Client.Post("/v1/conversations", Body("other"), "slow");
        Assert.False(first.IsCompleted);
        held.SetResult();

        Assert.Equal((201, 422), (repeat.Status, other.Status));
        Assert.Equal((201, repeat.Body), ((await first).Status, (await first).Body));
        Assert.Single(api.Api.Store.Dump(), row => row.Row.Key.StartsWith("conversation|", StringComparison.Ordinal) && row.Row.Columns.Values.Contains("slow"));
    }

    [Fact]
    public async Task A_key_counts_for_one_address_and_a_refused_request_uses_none_up()
    {
        var api = await s_api;
        var client = api.Own.Client;

        Assert.Equal(400, (await client.Post("/v1/conversations", """{"channel":"fax"}""", "reused")).Status);
        Assert.Equal(409, (await client.Post("/v1/conversations", """{"channel":"webform","customer_identifier":"ada@example.com"}""", "reused")).Status);
        var made = await client.Post("/v1/conversations", Body("reused"), "reused");
        Assert.Equal(201, made.Status);
        var lead = await client.Post("/v1/leads", $$"""{"conversation_id":"{{made.Text("id")}}"}""", "reused");
        Assert.Equal(201, lead.Status);
        Assert.Equal(200, (await client.Patch("/v1/leads/" + lead.Text("id"), """{"name":"A"}""", "reused")).Status);
        Assert.Equal(200, (await client.Patch("/v1/conversations/" + made.Text("id"), """{"customer_name":"A"}""", "reused")).Status);
    }

    [Theory]
    [InlineData(""" {"channel" : "webform",  "customer_identifier":"spelling"} """, 201)]
    [InlineData("""{"channel":"webform","customer_identifier":"\u0073pelling"}""", 201)]
    [InlineData("""{"customer_identifier":"spelling","channel":"webform"}""", 422)]
    [InlineData("""{"channel":"webform","customer_identifier":"spelling","customer_name":null}""", 422)]
    [InlineData("""{"channel":"webform","customer_identifier":"Spelling"}""", 422)]
    public async Task Whether_a_repeat_is_the_same_request_is_told_by_what_it_says_in_its_order_not_by_blanks_and_escapes(string repeat, int status)
    {
        var api = await s_api;
        await api.Own.Client.Post("/v1/conversations", """{"channel":"webform","customer_identifier":"spelling"}""", "spelling");
        var before = api.Api.Dump();

        Assert.Equal(status, (await api.Own.Client.Post("/v1/conversations", repeat, "spelling")).Status);
        Assert.Equal(before, api.Api.Dump());
    }

    /// <summary>All rows but the sweep's hints, of which one stands for all keys of an hour.</summary>
    private static int Rows(HostileApi api) => api.Api.Store.Dump().Count(entry => entry.Table != nameof(HintTable.PurgeIndex));

    private static Task<ApiAnswer[]> Many(Func<int, Task<ApiAnswer>> call) => Task.WhenAll(Enumerable.Range(0, Callers).Select(call));

    private static string Body(string identifier) => $$"""{"channel":"webform","customer_identifier":"{{identifier}}"}""";
}
