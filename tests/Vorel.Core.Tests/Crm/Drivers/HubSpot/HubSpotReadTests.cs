using System.Globalization;
using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Drivers.HubSpot;

namespace Vorel.Core.Tests.Crm.Drivers.HubSpot;

public sealed class HubSpotReadTests : IAsyncLifetime
{
    private readonly HubSpotStage _stage = new();

    private ICrmDriver Driver => field ??= _stage.Open();

    public Task InitializeAsync() => _stage.Start();

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [Theory]
    [InlineData("+14155550100")]
    [InlineData("14155550100")]
    [InlineData("+1 (415) 555-0100")]
    [InlineData("001 415 555 0100")]
    [InlineData("+1.415.555.0100")]
    public async Task Finds_a_customer_by_a_number_in_whatever_spelling(string stored)
    {
        var contact = await Contact("phone", stored);
        Assert.Equal(contact, (await Lookup(phone: "+14155550100"))?.ExternalId);
    }

    [Fact]
    public async Task Finds_a_customer_by_the_mobile_number() => Assert.Equal(await Contact("mobile", "+14155550100"), (await Lookup(phone: "+14155550100"))?.ExternalId);

    [Theory]
    [InlineData("+4155550100")]
    [InlineData("4155550100")]
    [InlineData("+444155550100")]
    [InlineData("+141555501001")]
    [InlineData("+14155550100 x12")]
    [InlineData("+1415555010")]
    public async Task Never_takes_somebody_whose_number_ends_alike(string stored)
    {
        await Contact("phone", stored);
        Assert.Null(await Lookup(phone: "+14155550100"));
    }

    [Theory]
    [InlineData("4155550100")]
    [InlineData("+1")]
    [InlineData("+1415555010012345")]
    [InlineData("call me")]
    [InlineData("")]
    public async Task A_number_that_does_not_say_its_country_finds_nobody(string phone)
    {
        await Contact("phone", phone.Length == 0 ? "+14155550100" : phone);
        Assert.Null(await Lookup(phone: phone));
        Assert.Equal(1, _stage.HubSpot.Requests.Count(request => request.Method == "POST" && request.Path == "/crm/v3/objects/contacts"));
    }

    [Fact]
    public async Task Of_several_with_one_number_it_is_the_one_with_the_address_else_the_one_that_changed_last()
    {
        var first = await Contact("phone", "+14155550100", "first@example.com");
        _stage.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await Contact("phone", "+14155550100", "second@example.com");
        Assert.Equal(second, (await Lookup(phone: "+14155550100"))?.ExternalId);
        Assert.Equal(first, (await Lookup("+14155550100", "FIRST@example.com"))?.ExternalId);
    }

    [Fact]
    public async Task Prefers_the_number_to_the_address_and_the_address_to_the_id()
    {
        var byPhone = await Contact("phone", "+14155550100");
        var byEmail = await Contact("email", "ada@example.com");
        var byId = await Contact("external_id", "A-17");
        Assert.Equal(byPhone, (await Lookup("+14155550100", "ada@example.com", "A-17"))?.ExternalId);
        Assert.Equal(byEmail, (await Lookup("+14155550199", "ADA@example.com", "A-17"))?.ExternalId);
        Assert.Equal(byId, (await Lookup("+14155550199", "nobody@example.com", "A-17"))?.ExternalId);
        Assert.Null(await Lookup("+14155550199", "nobody@example.com", "A-18"));
        Assert.Null(await Lookup());
    }

    [Fact]
    public async Task A_customer_comes_back_in_canonical_fields()
    {
        await Driver.CreateRecord(
            CrmObject.Contact,
            new CrmFields(new JsonObject { ["name"] = "Ada King Lovelace", ["email"] = "ada@example.com", ["language"] = "en", ["notes"] = "one\ntwo" }),
            "key-1",
            default);
        var found = (await Lookup(email: "ada@example.com"))!;
        Assert.Equal(
            """{"language":"en","notes":"one\ntwo","first_name":"Ada King","last_name":"Lovelace","email":"ada@example.com","name":"Ada King Lovelace"}""",
            found.Fields.Values.ToJsonString());
        Assert.Equal((CrmObject.Contact, _stage.Clock.GetUtcNow()), (found.Object, found.ModifiedAt));
    }

    [Fact]
    public async Task Searches_an_object_and_gives_no_more_than_was_asked_for()
    {
        for (var deal = 0; deal < 5; deal++)
        {
            await Deal($"Villa {deal}");
        }

        await Deal("Flat");
        Assert.Equal(3, (await Driver.SearchRecords(CrmObject.Deal, "villa", 3, default)).Count);
        Assert.Equal(5, (await Driver.SearchRecords(CrmObject.Deal, "villa", 1_000, default)).Count);
        Assert.Empty(await Driver.SearchRecords(CrmObject.Deal, " ", 10, default));
        Assert.Empty(await Driver.SearchRecords(CrmObject.Deal, "villa", 0, default));
        Assert.Empty(await Driver.SearchRecords(CrmObject.Deal, string.Concat(Enumerable.Repeat("👩", 2_999)), 10, default));
    }

    [Fact]
    public async Task Lists_what_changed_since_newest_first()
    {
        await Deal("old");
        _stage.Clock.Advance(TimeSpan.FromMinutes(1));
        var since = _stage.Clock.GetUtcNow();
        var first = await Deal("first");
        _stage.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await Deal("second");
        Assert.Equal([second, first], (await Driver.ListRecent(CrmObject.Deal, since, 10, default)).Select(record => record.ExternalId));
        Assert.Equal([second], (await Driver.ListRecent(CrmObject.Deal, since, 1, default)).Select(record => record.ExternalId));
    }

    [Fact]
    public async Task Lists_more_records_of_one_moment_than_a_page_has_each_once()
    {
        var expected = new List<string>();
        for (var deal = 0; deal < 450; deal++)
        {
            // 150 before, 250 in one moment, 50 after.
            if (deal is 150 or 400)
            {
                _stage.Clock.Advance(TimeSpan.FromMinutes(1));
            }

            expected.Add(await Deal("a" + deal.ToString(CultureInfo.InvariantCulture)));
        }

        var listed = (await Driver.ListRecent(CrmObject.Deal, DateTimeOffset.UnixEpoch, 1_000, default)).Select(record => record.ExternalId).ToList();
        Assert.Equal(450, listed.Count);
        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Equal(expected[400..].Order(StringComparer.Ordinal), listed[..50].Order(StringComparer.Ordinal));
        Assert.Equal(300, (await Driver.ListRecent(CrmObject.Deal, DateTimeOffset.UnixEpoch, 300, default)).Select(record => record.ExternalId).Distinct().Count());
        Assert.DoesNotContain(_stage.HubSpot.Requests, request => request.Body.Contains("\"after\"", StringComparison.Ordinal));
    }

    private async Task<string> Contact(string field, string value, string? email = null)
    {
        var fields = new JsonObject { [field] = value };
        if (email is not null)
        {
            fields["email"] = email;
        }

        return (await Driver.CreateRecord(CrmObject.Contact, new CrmFields(fields), Guid.NewGuid().ToString(), default)).ExternalId;
    }

    private async Task<string> Deal(string name) =>
        (await Driver.CreateRecord(CrmObject.Deal, new CrmFields(new JsonObject { ["name"] = name }), Guid.NewGuid().ToString(), default)).ExternalId;

    private Task<CrmRecord?> Lookup(string? phone = null, string? email = null, string? externalId = null) => Driver.LookupCustomer(new CustomerQuery(phone, email, externalId), default);
}
