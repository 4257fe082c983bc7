using Microsoft.Extensions.Configuration;
using Vorel.Core.Security.Egress;
using Vorel.Functions.Settings;

namespace Vorel.Functions.Tests.Settings;

public sealed class SettingsReaderTests
{
    private static readonly Dictionary<string, string?> s_good = new(StringComparer.Ordinal)
    {
        ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "4000",
        ["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = "w",
        ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["CRM_CREDENTIAL_ENCRYPTION_KEY"] = Convert.ToBase64String(new byte[32]),
        ["VOREL_API_KEY_PEPPER"] = Convert.ToBase64String(new byte[32]),
        ["VOREL_INDEX_KEY"] = Convert.ToBase64String(new byte[32]),
    };

    private static readonly string[] s_azureMarks = ["WEBSITE_SITE_NAME", "CONTAINER_APP_NAME", "IDENTITY_ENDPOINT"];

    private static readonly (string Name, string Value)[] s_developmentOnly =
        [
            ("VOREL_DEV_ALLOWED_HOSTS", "a:1"),
            ("VOREL_DEV_PROVIDER_ORIGINS", "https://a.example=http://127.0.0.1:1"),
            ("VOREL_OPERATOR_TOKEN", new string('a', 64)),
            ("VOREL_CLOCK_URL", "http://127.0.0.1:1/"),
        ];

    public static IEnumerable<object[]> DevelopmentUnderAzure =>
        s_azureMarks.SelectMany(mark => s_developmentOnly.Select(setting => new object[] { mark, setting.Name, setting.Value }));

    [Fact]
    public void A_good_set_is_read_whole()
    {
        var settings = Read(
            [
                ("VOREL_DEV_ALLOWED_HOSTS", "127.0.0.1:7072, localhost:7072"),
                ("VOREL_CLOCK_URL", "http://127.0.0.1:9/clock"),
                ("VOREL_PUBLIC_BASE_URL", "https://API.vorel.example"),
                ("WEBSITE_HOSTNAME", "vorel-1.azurewebsites.net:443"),
                ("ServiceBusConnection:fullyQualifiedNamespace", "vorel.servicebus.windows.net"),
                ("Vorel:IntentDelay", "00:00:06"),
                ("Vorel:CommitBudget", "00:00:02"),
            ],
            out var faults);

        Assert.Empty(faults);
        Assert.Equal(4000, settings!.Port);
        Assert.NotSame(DevelopmentHosts.None, settings.DevelopmentHosts);
        Assert.Equal(["api.vorel.example", "vorel-1.azurewebsites.net"], settings.OwnHosts.Order());
        Assert.Equal("vorel-events", settings.Events!.EntityPath);
        Assert.Equal(TimeSpan.FromSeconds(6), settings.Timings.IntentDelay);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.AttemptTimeout);
    }

    [Fact]
    public void Events_go_where_they_are_told_to_and_nowhere_unless_they_are()
    {
        Assert.Null(Read([], out _)!.Events);
        var settings = Read(
            [("ServiceBusConnection", "Endpoint=sb://vorel.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=k"), ("Vorel:EventsTopic", "other")], out _);

        Assert.Equal("other", settings!.Events!.EntityPath);
    }

    [Fact]
    public void Two_ways_to_one_bus_are_refused()
    {
        Read(
            [
                ("ServiceBusConnection", "Endpoint=sb://vorel.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=k"),
                ("ServiceBusConnection:fullyQualifiedNamespace", "vorel.servicebus.windows.net"),
            ],
            out var faults);

        Assert.Contains("exclude each other", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_that_cannot_be_is_a_fault()
    {
        Read([("ServiceBusConnection:fullyQualifiedNamespace", "vorel.servicebus.windows.net"), ("Vorel:EventsTopic", "a/topic")], out var faults);

        Assert.StartsWith("Vorel__EventsTopic must be", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(DevelopmentUnderAzure))]
    public void Development_settings_are_refused_under_Azure(string mark, string name, string value)
    {
        var settings = Read([(mark, "x"), (name, value)], out var faults);

        Assert.Null(settings);
        Assert.Contains(name, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FUNCTIONS_CUSTOMHANDLER_PORT", "0")]
    [InlineData("FUNCTIONS_CUSTOMHANDLER_PORT", "65536")]
    [InlineData("AzureWebJobsStorage", "")]
    [InlineData("AzureWebJobsStorage", "not a connection string")]
    [InlineData("AzureWebJobsStorage", "AccountName=a;AccountKey=not-base64-at-all")]
    [InlineData("AzureWebJobsStorage", "AccountName=a;AccountKey=YQ==;TableEndpoint=nowhere")]
    [InlineData("ServiceBusConnection", "not a connection string")]
    [InlineData("ServiceBusConnection", "Endpoint=sb://vorel.servicebus.windows.net/;SharedAccessKeyName=n")]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", "https://vorel.servicebus.windows.net")]
    [InlineData("VOREL_DEV_ALLOWED_HOSTS", "localhost")]
    [InlineData("VOREL_DEV_PROVIDER_ORIGINS", "https://api.example.com")]
    [InlineData("CRM_CREDENTIAL_ENCRYPTION_KEY", "c2hvcnQgc2VjcmV0")]
    [InlineData("CRM_CREDENTIAL_ENCRYPTION_KEY", "")]
    [InlineData("VOREL_KEY_VAULT_KEY", "https://vorel.vault.azure.net/secrets/rows")]
    [InlineData("VOREL_KEY_VAULT_KEY", "http://vorel.vault.azure.net/keys/rows")]
    [InlineData("VOREL_KEY_VAULT_KEY", "https://vorel.evil.example/keys/rows")]
    [InlineData("VOREL_KEY_VAULT_KEY", "http://127.0.0.1:5001/keys/rows")]
    [InlineData("VOREL_API_KEY_PEPPER", "")]
    [InlineData("VOREL_INDEX_KEY", "not base64 at all")]
    [InlineData("VOREL_OPERATOR_TOKEN", "plain-token")]
    [InlineData("VOREL_OPERATOR_TOKEN", "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    [InlineData("VOREL_CLOCK_URL", "https://clock.example/")]
    [InlineData("VOREL_PUBLIC_BASE_URL", "http://api.vorel.example")]
    [InlineData("VOREL_PUBLIC_BASE_URL", "https://api.vorel.example/v1")]
    [InlineData("VOREL_PUBLIC_BASE_URL", "https://user@api.vorel.example")]
    [InlineData("VOREL_PUBLIC_BASE_URL", "api.vorel.example")]
    [InlineData("VOREL_HUBSPOT_CLIENT_ID", "an-id-without-its-secret")]
    [InlineData("VOREL_SALESFORCE_CLIENT_SECRET", "a-secret-without-its-id")]
    [InlineData("VOREL_ZOHO_CLIENT_SECRET", "a-secret-without-its-id")]
    [InlineData("Vorel:AttemptTimeout", "10")]
    [InlineData("Vorel:IntentDelay", "00:00:20")]
    [InlineData("Vorel:AttemptClaim", "1.00:00:00")]
    [InlineData("Vorel:AttemptClaim", "00:00:10")]
    [InlineData("Vorel:AttemptTimeout", "00:01:00")]
    public void A_fault_is_named_without_its_value(string name, string value)
    {
        var settings = Read([(name, value)], out var faults);

        Assert.Null(settings);
        var fault = Assert.Single(faults);
        Assert.Contains(name.Replace(":", "__", StringComparison.Ordinal), fault, StringComparison.Ordinal);
        Assert.True(value.Length < 8 || !fault.Contains(value, StringComparison.Ordinal));
    }

    [Fact]
    public void A_vaults_key_is_read_and_the_local_root_is_then_optional()
    {
        const string Key = "https://vorel.vault.azure.net/keys/rows";

        Assert.Null(Read([], out _)!.KeyWrapper);
        var both = Read([("VOREL_KEY_VAULT_KEY", Key)], out _)!;
        var alone = Read([("VOREL_KEY_VAULT_KEY", Key), ("CRM_CREDENTIAL_ENCRYPTION_KEY", "")], out _)!;

        Assert.True(both is { KeyWrapper: not null, EncryptionRoot: not null });
        Assert.True(alone is { KeyWrapper: not null, EncryptionRoot: null });
        Assert.Null(Read([("VOREL_KEY_VAULT_KEY", Key), ("CRM_CREDENTIAL_ENCRYPTION_KEY", "c2hvcnQ=")], out _));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5001/keys/rows", true)]
    [InlineData("https://localhost:5001/keys/rows", true)]
    [InlineData("https://vorel.vault.azure.net/keys/rows", false)]
    [InlineData("http://192.0.2.1/keys/rows", false)]
    public void The_development_token_goes_to_loopback_alone(string key, bool isTaken)
    {
        var settings = Read([("VOREL_KEY_VAULT_KEY", key), ("VOREL_DEV_KEY_VAULT_TOKEN", "the-token")], out var faults);

        Assert.Equal(isTaken, settings?.KeyWrapper is not null);
        Assert.DoesNotContain(faults, fault => fault.Contains("the-token", StringComparison.Ordinal));
    }

    [Fact]
    public void Apps_at_providers_are_read_with_the_address_that_browsers_come_back_to()
    {
        var settings = Read(
            [("VOREL_HUBSPOT_CLIENT_ID", "the-id"), ("VOREL_HUBSPOT_CLIENT_SECRET", "the-secret"), ("VOREL_PUBLIC_BASE_URL", "https://api.vorel.example")], out var faults);

        Assert.Empty(faults);
        Assert.Equal(("the-id", "the-secret"), (settings!.OAuthApps.Find("hubspot")!.ClientId, settings.OAuthApps.Find("hubspot")!.ClientSecret));
        Assert.Null(settings.OAuthApps.Find("zoho"));
        Assert.Equal(new Uri("https://api.vorel.example/"), settings.PublicBaseUrl);
        Assert.DoesNotContain("the-secret", $"{settings} {settings.OAuthApps.Find("hubspot")}", StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_without_an_address_to_come_back_to_is_a_fault()
    {
        Read([("VOREL_ZOHO_CLIENT_ID", "the-id"), ("VOREL_ZOHO_CLIENT_SECRET", "the-secret")], out var faults);

        Assert.Contains("VOREL_PUBLIC_BASE_URL", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a secret")]
    [InlineData("a-secret\n")]
    [InlineData("ein-Geheimnis-für-uns")]
    public void An_app_whose_secret_was_pasted_wrongly_is_a_fault_that_does_not_repeat_it(string secret)
    {
        Read([("VOREL_ZOHO_CLIENT_ID", "the-id"), ("VOREL_ZOHO_CLIENT_SECRET", secret), ("VOREL_PUBLIC_BASE_URL", "https://api.vorel.example")], out var faults);

        Assert.StartsWith("VOREL_ZOHO_CLIENT_SECRET must be", Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_found_at_once()
    {
        Read(
            [
                ("FUNCTIONS_CUSTOMHANDLER_PORT", "x"),
                ("AzureWebJobsStorage", ""),
                ("VOREL_OPERATOR_TOKEN", "x"),
                ("Vorel:CommitBudget", "00:02:00"),
                ("Vorel:AttemptTimeout", "00:02:00"),
            ],
            out var faults);

        Assert.Equal(5, faults.Count);
    }

    private static HandlerSettings? Read((string Name, string Value)[] changes, out IReadOnlyList<string> faults)
    {
        var values = new Dictionary<string, string?>(s_good, StringComparer.Ordinal);
        foreach (var (name, value) in changes)
        {
            values[name] = value;
        }

        return SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), out faults);
    }
}
