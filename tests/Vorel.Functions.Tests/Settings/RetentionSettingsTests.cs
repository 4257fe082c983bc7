using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Core;
using Vorel.Core.Payloads;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Time;
using Vorel.Functions.Settings;
using Vorel.Functions.Tests.Support;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Settings;

/// <summary>How long anything is kept is in the source: the whole handler, composed of the most extreme settings that are accepted, keeps it no longer and no shorter.</summary>
public sealed partial class RetentionSettingsTests
{
    private const string Storage = "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=YQ==;EndpointSuffix=core.windows.net";

    private static readonly DateTimeOffset s_now = new(2026, 3, 15, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Each setting of docs/security.md at both ends of what it takes.</summary>
    private static readonly (string Name, string Least, string Most)[] s_extremes =
    [
        ("CRM_CREDENTIAL_ENCRYPTION_KEY", Bytes(32), Bytes(4096)),
        ("VOREL_KEY_VAULT_KEY", "http://127.0.0.1:1/keys/a", $"https://{new string('a', 24)}.vault.usgovcloudapi.net/keys/{new string('a', 127)}/{new string('0', 32)}"),
        ("VOREL_DEV_KEY_VAULT_TOKEN", "t", ""),
        ("VOREL_API_KEY_PEPPER", Bytes(32), Bytes(4096)),
        ("VOREL_INDEX_KEY", Bytes(32), Bytes(4096)),
        ("AzureWebJobsStorage", "UseDevelopmentStorage=true", Storage),
        ("ServiceBusConnection", "", "Endpoint=sb://vorel.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=k"),
        ("ServiceBusConnection__fullyQualifiedNamespace", "vorel.servicebus.windows.net", ""),
        ("Vorel__EventsTopic", "a", new string('a', 260)),
        ("VOREL_PUBLIC_BASE_URL", "http://localhost", $"https://{new string('a', 63)}.example"),
        ("VOREL_HUBSPOT_CLIENT_ID", "a", new string('a', 500)),
        ("VOREL_HUBSPOT_CLIENT_SECRET", "a", new string('a', 500)),
        ("VOREL_SALESFORCE_CLIENT_ID", "a", new string('a', 500)),
        ("VOREL_SALESFORCE_CLIENT_SECRET", "a", new string('a', 500)),
        ("VOREL_ZOHO_CLIENT_ID", "a", new string('a', 500)),
        ("VOREL_ZOHO_CLIENT_SECRET", "a", new string('a', 500)),
        ("VOREL_DEV_ALLOWED_HOSTS", "", string.Join(',', Enumerable.Range(1, 1_000).Select(port => $"localhost:{port}"))),
        ("VOREL_DEV_PROVIDER_ORIGINS", "", "https://api.example.com=http://localhost:65535"),
        ("VOREL_OPERATOR_TOKEN", new string('0', 64), new string('f', 64)),
        ("VOREL_CLOCK_URL", "http://127.0.0.1:1/", "http://localhost:65535/clock"),
        ("Vorel__IntentDelay", "00:00:00.0000002", "23:59:59.9999999"),
        ("Vorel__CommitBudget", "00:00:00.0000001", "23:59:59.9999998"),
        ("Vorel__MirrorCheckDelay", "00:00:00.0000001", "23:59:59.9999999"),
        ("Vorel__AttemptClaim", "00:00:00.0000002", "23:59:59.9999999"),
        ("Vorel__AttemptTimeout", "00:00:00.0000001", "23:59:59.9999998"),
        ("Vorel__PoisonRest", "00:00:00.0000001", "23:59:59.9999999"),
    ];

    public static TheoryData<bool> Ends => [false, true];

    [Fact]
    public void Every_documented_setting_is_tried()
    {
        var documented = SettingLine().Matches(File.ReadAllText(RepositoryFolder.PathOf("docs", "security.md"))).Select(match => match.Groups["name"].Value);
        Assert.Equal(documented.Order(StringComparer.Ordinal), s_extremes.Select(setting => setting.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task No_setting_moves_a_window(bool most)
    {
        var before = Windows();
        await using var app = Program.Build(Read(most), Replace(new InMemoryRowStore(), new FakeTimeProvider(s_now)));
        Assert.NotNull(app.Services.GetRequiredService<RetentionSweep>());

        Assert.Equal(before, Windows());
        string[] published = ["conversation 30", "lead 30", "customer 30", "message 7", "case 90", "appointment 30", "payloads 9"];
        Assert.Subset(before.ToHashSet(), published.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task No_setting_keeps_a_table_longer_or_drops_it_sooner(bool most)
    {
        var store = new InMemoryRowStore();
        var clock = new FakeTimeProvider(s_now);
        await using var app = Program.Build(Read(most), Replace(store, clock));
        var tables = app.Services.GetRequiredService<OldTables>();
        foreach (var table in new[] { "Payloads20260315", "WebhookDeliveries202603" })
        {
            await store.Commit(table, Partition.Of(Core.Tenants.TenantId.New(TimeProvider.System)), new RowWrite.Insert("k", new Dictionary<string, object>()), default);
        }

        // A day's payloads, 9 days from its end; a month's deliveries, 60 days from its end.
        Assert.Equal((0, 1), (await Dropped(new DateTimeOffset(2026, 3, 25, 0, 0, 0, TimeSpan.Zero).AddTicks(-1)), await Dropped(new DateTimeOffset(2026, 3, 25, 0, 0, 0, TimeSpan.Zero))));
        Assert.Equal((0, 1), (await Dropped(new DateTimeOffset(2026, 5, 31, 0, 0, 0, TimeSpan.Zero).AddTicks(-1)), await Dropped(new DateTimeOffset(2026, 5, 31, 0, 0, 0, TimeSpan.Zero))));

        Task<int> Dropped(DateTimeOffset now)
        {
            clock.Advance(now - clock.GetUtcNow());
            return tables.Drop(default);
        }
    }

    /// <summary>Everything that says how long something is kept, in days.</summary>
    private static List<string> Windows() =>
    [
        .. RecordKinds.All.Append(RecordKinds.Offering).Select(kind => $"{kind.Name} {(Sample(kind).WindowEnd(s_now) - s_now).TotalDays}"),
        .. RecordKinds.All.Append(RecordKinds.Offering).Select(kind => $"{kind.Name} after its CRM {(Sample(kind).WindowEnd(s_now.AddDays(5)) - s_now).TotalDays}"),
        .. typeof(RecordKinds).Assembly.GetTypes().Select(type => (type.Name, Class: type.GetCustomAttribute<DataClassAttribute>()))
            .Where(row => row.Class is not null).Select(row => $"{row.Name} {row.Class!.DataClass} {row.Class.RetentionDays}").Order(StringComparer.Ordinal),
        $"payloads {PayloadTables.Life.TotalDays}",
    ];

    /// <summary>A record whose own moments are all at its insert.</summary>
    private static RecordRow Sample(RecordKind kind) => kind.Empty with
    {
        Id = Guid.CreateVersion7(s_now),
        UpdatedAt = s_now,
        Values = kind.Fields.Where(field => field.Type == FieldType.Moment).ToImmutableDictionary(field => field.Name, _ => (object)s_now),
    };

    private static HandlerSettings Read(bool most)
    {
        var values = s_extremes.ToDictionary(
            setting => setting.Name.Replace("__", ":", StringComparison.Ordinal), setting => (string?)(most ? setting.Most : setting.Least), StringComparer.Ordinal);
        values["FUNCTIONS_CUSTOMHANDLER_PORT"] = most ? "65535" : "1";
        var settings = SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), out var faults);
        Assert.Empty(faults);
        return settings!;
    }

    private static Action<IServiceCollection> Replace(IRowStore store, TimeProvider clock) => services =>
    {
        services.AddSingleton(store);
        services.AddSingleton(new Clocks(clock, clock));
    };

    private static string Bytes(int count) => Convert.ToBase64String(new byte[count]);

    [GeneratedRegex(@"^\| `(?<name>\w+)` \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingLine();
}
