using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Vorel.Azure.Queues;
using Vorel.Azure.Tables;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;
using Vorel.Testing.Faults;
using Xunit.Abstractions;

namespace Vorel.EndToEnd.Tests.Privacy;

/// <summary>
/// The purge, proven: a text of its own in every free field of every kind of record, everything happens that leaves copies behind, every
/// window passes, and then none of these texts is found anywhere in any spelling.
/// </summary>
[Trait("Area", "crash")]
public sealed class PurgeProofTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    /// <summary>Days that pass, one after another, and what is gone and what is still there then: the beginning of a table's name, or of a row's key in Records.</summary>
    private static readonly (int Days, string[] Gone, string[] Left)[] s_windows =
    [
        (8, ["message|", "idem|", "idemx|"], ["conversation|", "lead|", "customer|", "appointment|", "case|"]),
        (5, ["Payloads"], ["conversation|", "lead|", "customer|", "appointment|", "case|", "WebhookDeliveries"]),
        (20, ["conversation|", "lead|", "customer|"], ["appointment|", "case|", "WebhookDeliveries"]),
        (22, ["appointment|"], ["case|", "WebhookDeliveries"]),
        (50, ["case|", "WebhookDeliveries"], []),
    ];

    [Fact]
    public async Task Nothing_of_what_customers_said_outlives_its_window()
    {
        await using var stage = await PrivacyStage.Start();
        var aside = await Happen(stage);
        await AssertFound(stage, aside);

        foreach (var (days, gone, left) in s_windows)
        {
            await stage.Stack.Advance(TimeSpan.FromDays(days));
            await stage.Until(async () => gone.All(Beginnings(await stage.Stack.Dump()).DoesNotContain), $"{string.Join(", ", gone)} are gone", s_hour, leap: false);
            var there = Beginnings(await stage.Stack.Dump());
            Assert.All(left, beginning => Assert.True(there.Contains(beginning), $"{beginning} is gone too early"));
        }

        await AssertGone(stage, aside);
        await AssertStraysAreFound(stage);
        await AssertFilesHoldNothing(stage, aside);
    }

    /// <summary>Everything that could leave copies behind. Gives what was put into a queue by somebody else.</summary>
    private static async Task<IReadOnlyList<Canary>> Happen(PrivacyStage stage)
    {
        var planting = stage.Planting;
        using (stage.Stack.Faults!.Add(new Fault(FaultKind.Busy) { RetryAfter = TimeSpan.Zero, Matches = request => request.Method == "GET" && request.Path.Contains("outbox", StringComparison.Ordinal) }))
        {
            await planting.Create(RecordKinds.Conversation);
            await Eventually.True(
                async () => (await stage.Stack.Dump()).Any(line => line.StartsWith("queue live-poison holds ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)),
                "the host gives the write's intent up",
                TimeSpan.FromSeconds(60));
        }

        await planting.Create(RecordKinds.Offering);
        await stage.KillAt("after-commit", () => planting.Create(RecordKinds.Lead));
        foreach (var kind in RecordKinds.All.Except([RecordKinds.Conversation, RecordKinds.Lead]))
        {
            await planting.Create(kind);
        }

        foreach (var kind in RecordKinds.All.Append(RecordKinds.Offering).Where(kind => kind.Fields.Any(field => field.Updatable)))
        {
            await planting.Change(kind);
        }

        await planting.Close();
        Assert.Empty(planting.Records.SelectMany(record => record.Without));
        await BeRefused(stage);
        var before = planting.Canaries.All.Count;
        await stage.PutRaw(planting.Canaries.Word("somebody's message") + " is no base64");
        await stage.PutRaw(Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"name":"{{planting.Canaries.Word("somebody's message")}}"}""")));
        var aside = planting.Canaries.All.Skip(before).ToList();

        await stage.Until(async () => (await stage.Incidents("open")).Count > 0, "an incident is opened for the lead", s_minute);
        stage.Parties.Mended = true;
        await stage.Stack.Operator.Expect(HttpMethod.Post, $"/api/tenant/{stage.Tenant.Id}/redrives", new JsonObject { ["incident"] = "crm_sync_failure" }, default);
        await stage.Stack.Settle(s_settled);
        await stage.Stack.Advance(TimeSpan.FromDays(1)); // Another day's table, another day's key.
        await planting.Create(RecordKinds.Conversation);
        await stage.Stack.Settle(s_settled);
        await stage.Until(async () => (await stage.Incidents("closed")).Count > 0, "the incident is closed", s_minute);
        return aside;
    }

    /// <summary>What is refused is kept nowhere, not even for a while.</summary>
    private static async Task BeRefused(PrivacyStage stage)
    {
        string Word() => stage.Planting.Canaries.Word("refused");
        var api = stage.Tenant.Api;
        Assert.Equal(400, (await api.Send(HttpMethod.Post, "/v1/leads", new JsonObject { [Word()] = Word() }, default)).Status);
        Assert.Equal(400, (await api.Send(HttpMethod.Post, "/v1/conversations", new JsonObject { ["channel"] = Word(), ["customer_identifier"] = Word() }, default)).Status);
        Assert.Equal(404, (await api.Send(HttpMethod.Get, $"/v1/leads/{Word()}", null, default)).Status);
        Assert.Equal(400, (await api.Send(HttpMethod.Get, $"/v1/leads?cursor={Word()}", null, default)).Status);
    }

    /// <summary>The search can see: before the windows pass, each canary is found where it has to be, and nowhere else.</summary>
    private async Task AssertFound(PrivacyStage stage, IReadOnlyList<Canary> aside)
    {
        var records = stage.Planting.Records;
        var states = (await stage.Tenant.Deliveries()).Select(delivery => delivery["state"]!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { "delivered", "dead_letter", "permanent_fail" }, states);

        Assert.All(
            new Dictionary<string, int>(StringComparer.Ordinal) { ["conversation"] = 2, ["lead"] = 2, ["contact"] = 3, ["appointment"] = 2 },
            least => Assert.True(stage.Parties.Calls[least.Key] >= least.Value, $"{least.Key}: {stage.Parties.Calls[least.Key]} calls"));

        var found = new CanarySearch(stage.Planting.Canaries.All).In(await stage.Everything());
        foreach (var owner in found.GroupBy(sighting => sighting.Canary.Owner).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{owner.Key}: {string.Join(", ", owner.GroupBy(sighting => Summary(sighting.Place)).Select(place => $"{place.Count()} in {place.Key}"))}");
        }

        var places = found.ToLookup(sighting => sighting.Canary, sighting => sighting.Place);
        var tenant = stage.Tenant.Id;
        Assert.All(records.SelectMany(record => record.Current.Select(field => (record, field))), planted => Assert.Contains(
            places[planted.field.Canary], place => place.StartsWith($"{planted.record.Kind.Table} {tenant} {planted.record.Kind.Name}|", StringComparison.Ordinal)));

        // What was changed lives on in the events that told of it, and in what those who heard of it answered.
        var told = records.Where(record => record.Kind.Events.Count > 0).SelectMany(record => record.Current.Concat(record.Old)).Where(planted => planted.Field.Readable && planted.Field.Creatable);
        Assert.All(told, planted => Assert.Contains(places[planted.Canary], place => place.StartsWith("Payloads", StringComparison.Ordinal)));
        Assert.Contains(found, sighting => sighting.Place.StartsWith("Payloads", StringComparison.Ordinal) && sighting.Place.Split(' ')[2].Contains('|', StringComparison.Ordinal));
        Assert.All(aside, canary => Assert.All(places[canary].DefaultIfEmpty("nowhere"), place => Assert.StartsWith("queue live-unreadable ", place)));

        string[] allowed = [.. RecordKinds.All.Select(kind => $"Records {tenant} {kind.Name}|"), $"Records {tenant} ix|appointment.scheduled_start|", $"Offerings {tenant} offering|", "Payloads", "queue live-unreadable "];
        Assert.All(found, sighting => Assert.True(Array.Exists(allowed, beginning => sighting.Place.StartsWith(beginning, StringComparison.Ordinal)), $"{sighting}"));
        Assert.DoesNotContain(found, sighting => sighting.Canary.Owner is "refused" or "Idempotency-Key");

        var crm = new CanarySearch(stage.Planting.Canaries.All).In(stage.Parties.ToldToCrm).Select(sighting => sighting.Canary).ToHashSet();
        Assert.All(
            records.Where(record => record.Kind.CrmObject is not null).SelectMany(record => record.Current).Where(planted => planted.Field is { Mirrored: true, Creatable: true }),
            planted => Assert.Contains(planted.Canary, crm));
    }

    /// <summary>After the windows: what is kept is the catalogue, as it is now; what somebody else put ends by itself; nothing else is found.</summary>
    private async Task AssertGone(PrivacyStage stage, IReadOnlyList<Canary> aside)
    {
        var tenant = stage.Tenant.Id;
        var kept = Kept(stage);
        var everything = await stage.Everything();
        var found = new CanarySearch(stage.Planting.Canaries.All).In(everything);
        Assert.DoesNotContain(found, sighting => !kept.Contains(sighting.Canary) && !aside.Contains(sighting.Canary));
        Assert.Equal(kept, [.. found.Select(sighting => sighting.Canary).Where(kept.Contains)]);
        Assert.All(found.Where(sighting => kept.Contains(sighting.Canary)), sighting => Assert.StartsWith($"Offerings {tenant} offering|", sighting.Place));
        Assert.All(found.Where(sighting => aside.Contains(sighting.Canary)), sighting => Assert.StartsWith("queue live-unreadable ", sighting.Place));
        Assert.All(
            (await new QueueClient(stage.Stack.Azurite.ConnectionString, "live-unreadable").PeekMessagesAsync(32)).Value,
            message => Assert.Equal(UnreadableMessages.Life, message.ExpiresOn - message.InsertedOn));

        // Only what could be peeked was searched, so nothing else may be there.
        Assert.All(everything.Where(line => line.StartsWith("queue ", StringComparison.Ordinal) && line.Contains(" holds ", StringComparison.Ordinal)), line =>
            Assert.True(line.EndsWith(" holds 0", StringComparison.Ordinal) || line == "queue live-unreadable holds 2", line));
        Assert.DoesNotContain(everything, line => line.StartsWith($"Records {tenant} ", StringComparison.Ordinal) && !line.Contains(" outbox|", StringComparison.Ordinal));
        Assert.Contains(everything, line => line.StartsWith("history ", StringComparison.Ordinal));
        foreach (var left in everything.GroupBy(line => line.Split(' ') is [var table, ..] and not ["Offerings" or "queue", ..] ? table : Summary(line)).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"left: {left.Count()} in {left.Key}");
        }
    }

    /// <summary>A search that finds nothing would be no proof if it found nothing of what is there.</summary>
    private static async Task AssertStraysAreFound(PrivacyStage stage)
    {
        var (row, message) = (new Canary("strayinarow-qzxjkvbw", "row"), new Canary("strayinamessage-qzxj", "message"));
        var entity = new TableEntity(stage.Tenant.Id, "stray", new Dictionary<string, object> { ["note"] = Convert.ToBase64String(Encoding.UTF8.GetBytes("ab" + row.Text)) });
        await new TableServiceClient(stage.Stack.Azurite.ConnectionString).GetTableClient("AuditLog").UpsertEntityAsync(entity);
        await new QueueClient(stage.Stack.Azurite.ConnectionString, "live-unreadable").SendMessageAsync(WebUtility.UrlEncode(message.Text));

        var found = new CanarySearch([row, message]).In(await stage.Everything());

        Assert.Equal(["message", "row"], found.Select(sighting => sighting.Canary.Owner).Order(StringComparer.Ordinal));
    }

    /// <summary>Azurite's own files, once it has ended. The messages that are set aside are still in a queue, and so in its files.</summary>
    private static async Task AssertFilesHoldNothing(PrivacyStage stage, IReadOnlyList<Canary> aside)
    {
        await stage.Stack.Host.DisposeAsync();
        await stage.Stack.Azurite.DisposeAsync();
        var kept = Kept(stage);
        var files = Directory.GetFiles(stage.Stack.AzuriteFolder, "*", SearchOption.AllDirectories)
            .Select(file => $"{Path.GetRelativePath(stage.Stack.AzuriteFolder, file)} {Encoding.Latin1.GetString(File.ReadAllBytes(file))}").ToList();
        var found = new CanarySearch(stage.Planting.Canaries.All).In(files);
        Assert.Superset(kept, found.Select(sighting => sighting.Canary).ToHashSet()); // So the files say what is stored.
        Assert.All(found, sighting => Assert.True(kept.Contains(sighting.Canary) || (aside.Contains(sighting.Canary) && sighting.Place.StartsWith("__queuestorage__", StringComparison.Ordinal)), $"{sighting}"));
    }

    private static HashSet<Canary> Kept(PrivacyStage stage) =>
        [.. stage.Planting.Records.Where(record => record.Kind == RecordKinds.Offering).SelectMany(record => record.Current).Select(planted => planted.Canary)];

    private static Beginning Beginnings(IReadOnlyList<string> dump) => new(dump);

    private static string Summary(string place) => place.Split(' ') switch
    {
        ["queue", var queue, ..] => $"queue {queue}",
        ["log" or "history", ..] => place.Split(' ')[0],
        [var table, _, var row, ..] when table.StartsWith("Payloads", StringComparison.Ordinal) => $"{table} {(row.Contains('|', StringComparison.Ordinal) ? "excerpt" : "event")}",
        [var table, _, var row, ..] => $"{table} {row.Split('|')[0]}",
        _ => place,
    };

    /// <summary>What a dump holds, by the beginnings of tables' names and of the keys in Records.</summary>
    private sealed record Beginning(IReadOnlyList<string> Dump)
    {
        public bool Contains(string beginning) => Dump.Any(line => beginning.EndsWith('|')
            ? line.Split(' ') is ["Records", _, var row, ..] && row.StartsWith(beginning, StringComparison.Ordinal)
            : line.StartsWith(beginning, StringComparison.Ordinal));

        public bool DoesNotContain(string beginning) => !Contains(beginning);
    }
}
