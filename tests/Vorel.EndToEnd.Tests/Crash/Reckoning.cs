using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Development;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>
/// Holds a stack at rest to account, from outside: what its callers were told, against the API's records, the CRM's and what the subscribers got.
/// Gives every disagreement in words; none is what a test wants.
/// </summary>
internal sealed class Reckoning(CrashStage stage)
{
    private static readonly IReadOnlyDictionary<WriteKind, (string Event, string Field)> s_shows = new Dictionary<WriteKind, (string, string)>
    {
        [WriteKind.Conversation] = ("conversation.created", "customer_identifier"),
        [WriteKind.Lead] = ("lead.created", "name"),
        [WriteKind.Change] = ("lead.updated", "timeline"),
    };

    private readonly List<string> _faults = [];

    /// <summary>
    /// Whether a write that was refused may stand, as a whole: where answers of the storage are lost, so may be the answer that says so.
    /// </summary>
    public bool RefusedMayStand { get; init; }

    /// <summary>What is wrong.</summary>
    public async Task<IReadOnlyList<string>> Faults()
    {
        foreach (var tenant in stage.Tenants)
        {
            var records = await Records(tenant);
            CheckStore(tenant, records);
            CheckCrm(tenant, records);
            CheckEvents(tenant, records);
        }

        var wrong = stage.Tenants.SelectMany(tenant => tenant.Writes).SelectMany(write => write.Answers).FirstOrDefault(answer => answer.Kind == AnswerKind.Wrong);
        Expect(wrong is null, $"a caller was answered {wrong?.Status} {wrong?.Body}");
        Expect(
            stage.Tenants.SelectMany(tenant => tenant.Writes).SelectMany(write => write.Answers).All(answer => answer.Kind != AnswerKind.Refused || answer.RetryAfter is not null),
            "a caller was refused without a Retry-After");
        CheckCrmKeys();
        await CheckRows();
        return _faults;
    }

    private static string Name(WriteKind kind, JsonObject record) => record[s_shows[kind].Field]?.GetValue<string>() ?? string.Empty;

    private static WriteKind KindOf(JsonObject record) => record.ContainsKey("customer_identifier") ? WriteKind.Conversation : WriteKind.Lead;

    private async Task<IReadOnlyList<JsonObject>> Records(CrashTenant tenant)
    {
        using var api = new LocalClient(stage.Stack.Host.Addresses.Host.Address, tenant.Keys[0]);
        List<JsonObject> records = [];
        foreach (var path in (string[])["/v1/conversations?limit=100", "/v1/leads?limit=100"])
        {
            for (string? cursor = string.Empty; cursor is not null;)
            {
                var page = await api.Expect(HttpMethod.Get, path + cursor, null, CancellationToken.None);
                records.AddRange(page["data"]!.AsArray().Select(record => record!.AsObject()));
                cursor = page["next_cursor"]?.GetValue<string>() is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : null;
            }
        }

        return records;
    }

    /// <summary>Each accepted write is in the store, once; nothing is there that nobody wrote or that was refused.</summary>
    private void CheckStore(CrashTenant tenant, IReadOnlyList<JsonObject> records)
    {
        var ids = records.Select(record => record["id"]!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        var names = records.GroupBy(record => Name(KindOf(record), record), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        foreach (var write in tenant.Writes.Where(write => write.Kind != WriteKind.Change))
        {
            var count = names.GetValueOrDefault(write.Token);
            Expect(FateOf(write) switch { Fate.Accepted => count == 1, Fate.Refused => count == 0, _ => count <= 1 }, $"{FateOf(write)} {write.Kind} {write.Token} is in the store {count} times");
            Expect(write.Record is null || ids.Contains(write.Record), $"{write.Kind} {write.Token} has another id than its caller was told");
        }

        var known = tenant.Writes.Select(write => write.Token).ToHashSet(StringComparer.Ordinal);
        Expect(names.Keys.All(known.Contains), $"{tenant.Name} holds a record that it did not write");
        foreach (var lead in records.Where(record => KindOf(record) == WriteKind.Lead))
        {
            CheckNewestChange(tenant, lead);
        }
    }

    /// <summary>A lead shows the last change that was accepted, or one that came later and whose answer was lost.</summary>
    private void CheckNewestChange(CrashTenant tenant, JsonObject lead)
    {
        var id = lead["id"]!.GetValue<string>();
        var changes = tenant.Writes.Where(write => write.Kind == WriteKind.Change && write.Target == id && FateOf(write) != Fate.Refused).ToList();
        var possible = changes.Skip(Math.Max(0, changes.FindLastIndex(write => write.Fate == Fate.Accepted))).Select(write => write.Token).ToList();
        var shown = lead["timeline"]?.GetValue<string>();
        var untouched = changes.All(write => write.Fate != Fate.Accepted);
        Expect(shown is null ? untouched : possible.Contains(shown), $"lead {lead["name"]} shows '{shown}' and not one of '{string.Join(", ", possible)}'");
    }

    /// <summary>The CRM holds each record of the store once, as it is now.</summary>
    private void CheckCrm(CrashTenant tenant, IReadOnlyList<JsonObject> records)
    {
        var held = stage.Crm.Records.Values
            .Where(record => Name(KindOf(record), record).StartsWith($"{tenant.Name}-", StringComparison.Ordinal))
            .ToLookup(record => Name(KindOf(record), record), StringComparer.Ordinal);
        foreach (var record in records)
        {
            var name = Name(KindOf(record), record);
            Expect(held[name].Count() == 1, $"the CRM holds {name} {held[name].Count()} times");
            Expect(
                held[name].All(copy => copy["timeline"]?.GetValue<string>() == record["timeline"]?.GetValue<string>()),
                $"the CRM has {name} with '{held[name].FirstOrDefault()?["timeline"]}', the store with '{record["timeline"]}'");
        }

        var names = records.Select(record => Name(KindOf(record), record)).ToHashSet(StringComparer.Ordinal);
        Expect(held.All(copies => names.Contains(copies.Key)), $"the CRM holds a record of {tenant.Name} that the store does not: {held.FirstOrDefault(copies => !names.Contains(copies.Key))?.Key}");
    }

    /// <summary>The writes of one record or version came, however often, under one key.</summary>
    private void CheckCrmKeys()
    {
        var creates = stage.Crm.Bodies.Where(body => body["action"]!.GetValue<string>() == "create").ToList();
        foreach (var posts in creates.GroupBy(body => Name(KindOf(body["fields"]!.AsObject()), body["fields"]!.AsObject()), StringComparer.Ordinal))
        {
            var keys = posts.Select(body => body["idempotency_key"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count();
            Expect(keys == 1, $"{posts.Count()} creates of {posts.Key} came under {keys} keys");
        }
    }

    /// <summary>Each subscriber got each event that it asked for of every write that stands, under one id and with one body; and no other.</summary>
    private void CheckEvents(CrashTenant tenant, IReadOnlyList<JsonObject> records)
    {
        var standing = records.Select(record => Name(KindOf(record), record)).ToHashSet(StringComparer.Ordinal);
        Dictionary<string, string> ids = new(StringComparer.Ordinal);
        foreach (var (subscriber, wanted) in CrashTenant.Subscribers)
        {
            var events = stage.Stack.Receiver.Posts(tenant.PathOf(subscriber)).Select(post => JsonNode.Parse(post.Body)!.AsObject()).ToList();
            Expect(events.All(envelope => envelope["tenant_id"]!.GetValue<string>() == tenant.Id), $"{tenant.Name} got another tenant's event");
            Expect(events.All(envelope => wanted.Contains(envelope["event"]!.GetValue<string>())), $"{tenant.PathOf(subscriber)} got an event that it did not ask for");
            var byToken = events.ToLookup(Token, StringComparer.Ordinal);
            foreach (var write in tenant.Writes.Where(write => wanted.Contains(s_shows[write.Kind].Event)))
            {
                CheckEvent(write, [.. byToken[$"{s_shows[write.Kind].Event} {write.Token}"]], standing, ids);
            }

            var known = tenant.Writes.Select(write => $"{s_shows[write.Kind].Event} {write.Token}").ToHashSet(StringComparer.Ordinal);
            Expect(byToken.All(copies => known.Contains(copies.Key)), $"{tenant.PathOf(subscriber)} got an event of no write");
        }
    }

    private static string Token(JsonObject envelope)
    {
        var name = envelope["event"]!.GetValue<string>();
        var field = s_shows.Values.Single(shows => shows.Event == name).Field;
        return $"{name} {envelope["data"]![field]?.GetValue<string>()}";
    }

    private void CheckEvent(Write write, IReadOnlyList<JsonObject> copies, HashSet<string> standing, Dictionary<string, string> ids)
    {
        var what = $"{write.Fate} {write.Kind} {write.Token}";
        Expect(write.Fate != Fate.Accepted || copies.Count > 0, $"{what} has no event");
        Expect(FateOf(write) != Fate.Refused || copies.Count == 0, $"{what} has an event");
        Expect(copies.Select(copy => copy.ToJsonString()).Distinct(StringComparer.Ordinal).Count() <= 1, $"{what} went out in two forms");
        Expect(write.Kind == WriteKind.Change || standing.Contains(write.Token) == copies.Count > 0, $"{what}: store and events disagree");
        if (copies.Count > 0)
        {
            var id = copies[0]["id"]!.GetValue<string>();
            Expect(ids.TryAdd(write.Token, id) || ids[write.Token] == id, $"{what} has another id at another subscriber");
        }
    }

    private async Task CheckRows()
    {
        var dump = await stage.Stack.Dump();
        Expect(!dump.Any(line => line.EndsWith(" state = dead_letter", StringComparison.Ordinal) || line.EndsWith(" state = cancelled", StringComparison.Ordinal)
            || line.EndsWith(" state = permanent_fail", StringComparison.Ordinal)), "a delivery ended otherwise than delivered");
        Expect(!dump.Any(line => line.StartsWith("queue live-poison ", StringComparison.Ordinal) && line != "queue live-poison holds 0"), "a message is poisoned");
    }

    private Fate FateOf(Write write) => write.Fate == Fate.Refused && RefusedMayStand ? Fate.Unknown : write.Fate;

    private void Expect(bool holds, string fault)
    {
        if (!holds)
        {
            _faults.Add(fault);
        }
    }
}
