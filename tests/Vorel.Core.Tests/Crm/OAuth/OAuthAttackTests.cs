using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Tests.Crm.OAuth;

[Trait("Area", "hostile")]
public sealed class OAuthAttackTests
{
    /// <summary>What no data centre of Zoho's is: the location and the accounts server that come back.</summary>
    public static TheoryData<string?, string?> NoDataCentre => new()
    {
        { null, null },
        { "eu", "https://evil.example" },
        { null, "https://evil.example" },
        { "eu", "https://accounts.zoho.com" },
        { "us", "https://accounts.zoho.eu" },
        { "moon", null },
        { "EU", null },
        { "eu", "https://accounts.zoho.eu.evil.example" },
        { "eu", "https://accounts.zoho.eu@evil.example" },
        { "eu", "https://evil.example/https://accounts.zoho.eu" },
        { "eu", "https://accounts.zoho.eu:8443" },
        { "eu", "http://accounts.zoho.eu" },
        { "eu", "accounts.zoho.eu" },
        { "eu", "https://accounts.zoho.eu/oauth/v2/token?" },
        { "eu", "https://127.0.0.1" },
    };

    [Fact]
    public async Task A_state_is_good_once()
    {
        await using var stage = await OAuthStage.Start();
        var brought = await stage.Bring("salesforce");

        await stage.Flow.Arrive("salesforce", brought, default);
        await Refused(stage, OAuthRefusal.State, () => stage.Flow.Arrive("salesforce", brought, default));

        Assert.Single(stage.Connected);
        Assert.Single(stage.Salesforce.Calls, call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_many_callbacks_at_once_one_wins()
    {
        await using var stage = await OAuthStage.Start();
        var brought = await stage.Bring("salesforce");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
        {
            try
            {
                await stage.Flow.Arrive("salesforce", brought, default);
                return true;
            }
            catch (OAuthRefusedException)
            {
                return false;
            }
        })));

        Assert.Single(outcomes, won => won);
        Assert.Single(stage.Connected);
        Assert.Single(stage.Salesforce.Calls, call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_is_good_once_and_for_its_own_provider()
    {
        await using var stage = await OAuthStage.Start();
        var link = await stage.Flow.Invite(stage.Tenant, CrmRole.Main, "salesforce", null, OAuthStage.Operator, default);
        await stage.Flow.Depart("salesforce", link.Ticket, default);
        await Refused(stage, OAuthRefusal.Link, () => stage.Flow.Depart("salesforce", link.Ticket, default));

        var other = await stage.Flow.Invite(stage.Tenant, CrmRole.Main, "salesforce", null, OAuthStage.Operator, default);
        await Refused(stage, OAuthRefusal.Link, () => stage.Flow.Depart("zoho", other.Ticket, default));
        await Refused(stage, OAuthRefusal.Link, () => stage.Flow.Depart("salesforce", other.Ticket, default));
    }

    [Fact]
    public async Task A_link_and_a_state_are_over_after_ten_minutes()
    {
        await using var stage = await OAuthStage.Start();
        var link = await stage.Flow.Invite(stage.Tenant, CrmRole.Main, "salesforce", null, OAuthStage.Operator, default);
        var brought = await stage.Bring("salesforce");

        stage.Clock.Advance(TimeSpan.FromMinutes(10));

        await Refused(stage, OAuthRefusal.Link, () => stage.Flow.Depart("salesforce", link.Ticket, default));
        await Refused(stage, OAuthRefusal.State, () => stage.Flow.Arrive("salesforce", brought, default));
        Assert.Empty(stage.Connected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("forged")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_forged_state_or_cookie_gets_nowhere_and_asks_nobody(string? forged)
    {
        await using var stage = await OAuthStage.Start();
        var brought = await stage.Bring("salesforce");

        await Refused(stage, OAuthRefusal.State, () => stage.Flow.Arrive("salesforce", brought with { State = forged }, default));
        await Refused(stage, OAuthRefusal.State, () => stage.Flow.Arrive("salesforce", brought with { Cookie = forged }, default));
        await Refused(stage, OAuthRefusal.Link, () => stage.Flow.Depart("salesforce", forged, default));

        Assert.DoesNotContain(stage.Salesforce.Calls, call => call.StartsWith("POST", StringComparison.Ordinal));
        Assert.Empty(stage.Connected);
    }

    [Fact]
    public async Task A_state_in_another_browser_is_spent_and_gets_nowhere()
    {
        await using var stage = await OAuthStage.Start();
        var victim = await stage.Bring("salesforce");
        var attacker = await stage.Bring("salesforce");

        await Refused(stage, OAuthRefusal.State, () => stage.Flow.Arrive("salesforce", attacker with { Cookie = victim.Cookie }, default));
        await Refused(stage, OAuthRefusal.State, () => stage.Flow.Arrive("salesforce", attacker, default));

        Assert.DoesNotContain(stage.Salesforce.Calls, call => call.StartsWith("POST", StringComparison.Ordinal));
        Assert.Equal(["oauth.started", "oauth.started", "oauth.refused state"], stage.Audited);
    }

    [Fact]
    public async Task What_one_provider_sends_back_is_not_taken_at_anothers_address()
    {
        await using var stage = await OAuthStage.Start();
        var salesforce = await stage.Bring("salesforce");
        var zoho = await stage.Bring("zoho");

        await Refused(stage, OAuthRefusal.State, () => stage.Flow.Arrive("zoho", salesforce with { Location = "eu" }, default));
        await Refused(stage, OAuthRefusal.State, () => stage.Flow.Arrive("salesforce", zoho, default));
        await Refused(stage, OAuthRefusal.State, async () => await stage.Flow.Arrive("hubspot", await stage.Bring("zoho"), default));

        Assert.DoesNotContain(stage.Salesforce.Calls.Concat(stage.Zoho.Calls), call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tenant_id")]
    [InlineData("role")]
    [InlineData("actor_kind")]
    [InlineData("browser_0")]
    [InlineData("sealed_0")]
    [InlineData("digest")]
    public async Task A_state_that_was_changed_in_the_tables_does_not_open(string column)
    {
        await using var stage = await OAuthStage.Start();
        var brought = await stage.Bring("salesforce");
        var (table, _, row) = stage.Store.Inner.Dump().Single(row => row.Table.StartsWith("OAuthStates", StringComparison.Ordinal));
        var columns = row.Columns.ToDictionary();
        columns[column] = column switch
        {
            "tenant_id" => TenantId.New(TimeProvider.System).Value,
            "role" => "archive",
            "actor_kind" => 3L,
            _ => Flip((byte[])columns[column]),
        };
        if (column == "actor_kind")
        {
            columns["actor"] = Guid.NewGuid().ToString("D");
        }

        var partition = OAuthStateRow.PartitionOf((byte[])row.Columns["digest"]);
        await stage.Store.Inner.Commit(table, partition, [new RowWrite.Replace(row.Key, "*", columns)], default);

        await Refused(stage, OAuthRefusal.State, () => stage.Flow.Arrive("salesforce", brought, default));

        Assert.DoesNotContain(stage.Salesforce.Calls, call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(NoDataCentre))]
    public async Task A_data_centre_that_is_none_of_the_providers_gets_no_secret(string? location, string? accountsServer)
    {
        await using var stage = await OAuthStage.Start();
        var brought = await stage.Bring("zoho");

        await Refused(stage, OAuthRefusal.Site, () => stage.Flow.Arrive("zoho", brought with { Location = location, AccountsServer = accountsServer }, default));

        Assert.DoesNotContain(stage.Zoho.Calls, call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://skyline.my.salesforce.com.evil.example")]
    [InlineData("https://skyline.my.salesforce.com@evil.example")]
    [InlineData("http://skyline.my.salesforce.com")]
    [InlineData("https://169.254.169.254")]
    [InlineData("")]
    public async Task An_instance_outside_of_the_providers_domains_gets_no_token(string instance)
    {
        await using var stage = await OAuthStage.Start();
        stage.Salesforce.InstanceUrl = instance;
        var brought = await stage.Bring("salesforce");

        var refused = await Assert.ThrowsAsync<OAuthRefusedException>(() => stage.Flow.Arrive("salesforce", brought, default));

        Assert.Equal(OAuthRefusal.Exchange, refused.Refusal);
        Assert.Empty(stage.Connected);
        Assert.Equal(["oauth.started", "oauth.refused provider_error"], stage.Audited);
    }

    [Fact]
    public async Task A_data_centre_whose_tokens_are_for_another_one_is_refused()
    {
        await using var stage = await OAuthStage.Start();
        stage.Zoho.Centre = stage.Zoho.Centre with { ApiDomain = "https://www.zohoapis.com" };

        await Refused(stage, OAuthRefusal.Exchange, async () => await stage.Flow.Arrive("zoho", await stage.Bring("zoho"), default));

        Assert.Empty(stage.Connected);
        Assert.DoesNotContain("GET /crm/v8/org", stage.Zoho.Calls);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a code with blanks")]
    [InlineData("a\r\ncode")]
    [InlineData("ein-Schlüssel")]
    [InlineData(2049)]
    [InlineData(100_000)]
    public async Task What_can_be_no_code_is_not_sent_anywhere(object? code)
    {
        await using var stage = await OAuthStage.Start();
        var brought = await stage.Bring("salesforce");

        await Refused(stage, OAuthRefusal.NoCode, () => stage.Flow.Arrive("salesforce", brought with { Code = code is int length ? new string('a', length) : (string?)code }, default));

        Assert.DoesNotContain(stage.Salesforce.Calls, call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_code_of_another_sign_in_is_refused_by_PKCE()
    {
        await using var stage = await OAuthStage.Start();
        var victim = await stage.Bring("salesforce");
        var attacker = await stage.Bring("salesforce");

        var refused = await Assert.ThrowsAsync<OAuthRefusedException>(() => stage.Flow.Arrive("salesforce", attacker with { Code = victim.Code }, default));

        Assert.Equal((OAuthRefusal.Exchange, CrmErrorCode.RefreshFailed), (refused.Refusal, refused.Cause!.Code));
        Assert.Empty(stage.Connected);
    }

    [Theory]
    [InlineData("access_denied", OAuthRefusal.Denied)]
    [InlineData("server_error", OAuthRefusal.NoCode)]
    [InlineData("<script>alert(1)</script>", OAuthRefusal.NoCode)]
    public async Task A_refusal_on_the_providers_page_ends_the_sign_in(string error, OAuthRefusal refusal)
    {
        await using var stage = await OAuthStage.Start();
        var brought = await stage.Bring("salesforce");

        await Refused(stage, refusal, () => stage.Flow.Arrive("salesforce", brought with { Error = error }, default));
        await Refused(stage, OAuthRefusal.State, () => stage.Flow.Arrive("salesforce", brought, default));

        Assert.DoesNotContain(stage.Salesforce.Calls, call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    private static byte[] Flip(byte[] bytes)
    {
        var flipped = bytes.ToArray();
        flipped[0] ^= 1;
        return flipped;
    }

    private static async Task Refused(OAuthStage stage, OAuthRefusal refusal, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<OAuthRefusedException>(call);
        Assert.Equal(refusal, refused.Refusal);
        Assert.True(stage.Connected.Count <= 1);
    }
}
