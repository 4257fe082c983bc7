using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Fakes;
using Vorel.LocalHost.Development;
using Vorel.Testing;
using Xunit.Abstractions;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>
/// What waited for a CRM that was away, when it comes back and takes so many calls in any second and no more. How many records
/// there are says <c>VOREL_BACKLOG</c>.
/// </summary>
[Trait("Area", "crash")]
[Collection(Storms.Name)]
public sealed class BacklogTests(ITestOutputHelper output)
{
    private const string Secret = "crm-secret-of-this-very-test";
    private const int UsualRecords = 200;
    private const int Keys = 4;
    private const int Limit = 20;

    // A process has as many calls under way at most; those that are, when a call is refused, come all the same.
    private const int OnTheirWay = 16;

    // A process that has met no load yet grows by some tens of MB whatever it does. 64 KB more for each of 2,000 records would not fit in.
    private const long MostMoreMemory = 128 << 20;

    // As in production: no test waits for these here, and a busy machine is not to be answered 503.
    private static readonly Dictionary<string, string> s_settings = new(StringComparer.Ordinal)
    {
        ["Vorel__IntentDelay"] = "00:01:00",
        ["Vorel__CommitBudget"] = "00:00:20",
        ["Vorel__MirrorCheckDelay"] = "00:02:00",
    };

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_backlog_drains_within_the_limit_once_each_and_another_tenants_record_passes_it()
    {
        var records = Environment.GetEnvironmentVariable("VOREL_BACKLOG") is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : UsualRecords;
        var longest = s_soon + TimeSpan.FromSeconds(4.0 * records / Limit);
        await using FakeCustomWebhook crm = new(Secret), others = new(Secret);
        await crm.Start();
        await others.Start();
        await using var stack = await TestStack.Start(new TestStackOptions
        {
            Faults = FaultsBefore.Handler, // For the count of requests.
            AllowedHosts = [crm.Address.Authority, others.Address.Authority],
            Settings = s_settings,
        });
        using var tenant = await stack.NewTenant();
        using var other = await stack.NewTenant();
        await tenant.ConnectCrm(crm.Address.ToString(), Secret);
        await other.ConnectCrm(others.Address.ToString(), Secret);
        crm.Scripted = (503, "");
        await other.PostLead();
        await Eventually.True(() => others.Records.Count == 2, "the CRM that is there has a conversation and its lead", s_soon);

        await using var memory = new MemoryWatch(stack);
        var clock = Stopwatch.StartNew();
        await Write(stack, tenant, records / 2);
        await Eventually.True(() => crm.Requests >= records / 2, "each conversation was tried", longest);
        output.WriteLine($"{records} records written and tried in {clock.Elapsed.TotalSeconds:F0} s; {crm.Requests} calls of a CRM that is away");
        Assert.Empty(crm.Records);

        var limit = new CallLimit(Limit, TimeProvider.System);
        var requests = stack.Faults!.Requests;
        clock.Restart();
        (crm.Limit, crm.Scripted) = (limit, null);
        await stack.Advance(TimeSpan.FromHours(2));
        await Eventually.True(() => crm.Records.Count >= records / 4, "a quarter is drained", longest);
        await other.PostConversation();
        await Eventually.True(() => others.Records.Count == 3, "the other tenant's record is in its CRM", longest);
        var passed = crm.Records.Count;
        await Eventually.True(() => crm.Records.Count >= records, "all is drained", longest);
        var took = clock.Elapsed;
        await Eventually.True(async () => !(await stack.Dump()).Any(line => line.StartsWith($"Records {tenant.Id} todo|", StringComparison.Ordinal)), "the CRM is owed nothing", s_soon);

        var seen = CallLimit.Most([.. limit.Taken, .. limit.Refused], TimeSpan.FromSeconds(1));
        output.WriteLine(
            $"drained in {took.TotalSeconds:F0} s by {limit.Taken.Count} calls and {limit.Refused.Count} refused, at most {seen} in a second; "
            + $"{(stack.Faults.Requests - requests) / (double)records:F1} storage requests of the handler for each record; the other tenant's record passed after {passed}");
        output.WriteLine($"memory: {memory.Before >> 20} MB before, {memory.Peak >> 20} MB at most, {memory.Now() >> 20} MB after");
        AssertOnceEach(crm, records);
        Assert.InRange(passed, records / 4, records - 1);
        Assert.InRange(seen, 1, Limit + OnTheirWay);
        Assert.InRange(limit.Refused.Count, 0, records / 4);
        Assert.InRange(memory.Peak - memory.Before, long.MinValue, MostMoreMemory);
    }

    /// <summary>Conversations, and a lead in each, under several keys of the tenant.</summary>
    private static async Task Write(TestStack stack, TestTenant tenant, int conversations)
    {
        List<string> keys = [tenant.ApiKey];
        while (keys.Count < Keys)
        {
            keys.Add(await tenant.NewKey("read", "leads:write", "conversations:write"));
        }

        await Task.WhenAll(keys.Select(async (key, number) =>
        {
            using var api = new LocalClient(stack.Host.Addresses.Host.Address, key);
            for (var i = number; i < conversations; i += Keys)
            {
                var conversation = await api.Expect(
                    HttpMethod.Post, "/v1/conversations", new JsonObject { ["channel"] = "webform", ["customer_identifier"] = $"customer {i}" }, CancellationToken.None);
                var lead = new JsonObject { ["conversation_id"] = conversation["id"]!.GetValue<string>(), ["name"] = $"lead {i}" };
                await api.Expect(HttpMethod.Post, "/v1/leads", lead, CancellationToken.None);
            }
        }));
    }

    private static void AssertOnceEach(FakeCustomWebhook crm, int records)
    {
        var creates = crm.Bodies.Where(body => body["action"]!.GetValue<string>() == "create").ToList();
        Assert.Equal(records, creates.Select(body => body["idempotency_key"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            Enumerable.Range(0, records / 2).SelectMany(i => (string[])[$"customer {i}", $"lead {i}"]).Order(StringComparer.Ordinal),
            crm.Records.Values.Select(record => (record["customer_identifier"] ?? record["name"])!.GetValue<string>()).Order(StringComparer.Ordinal));
    }
}
