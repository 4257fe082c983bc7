using System.Text;
using Vorel.Core.Errors;
using Vorel.Core.Json;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Records;

public sealed class OfferingTests
{
    private const string Villa = """{"title":"Villa","price":1250000.10}""";

    private readonly World _world = new();

    public static TheoryData<string, string> BadMembers => new()
    {
        { "\"title\":\"\"", "/title" },
        { $"\"title\":\"{new string('x', 501)}\"", "/title" },
        { $"\"title_ar\":\"{new string('x', 501)}\"", "/title_ar" },
        { "\"price\":-1", "/price" },
        { "\"price\":-0", "/price" },
        { "\"price\":1e3", "/price" },
        { "\"price\":1.1234567", "/price" },
        { "\"price\":1234567890123456", "/price" },
        { "\"price\":\"1\"", "/price" },
        { "\"price\":null", "/price" },
        { "\"price\":[]", "/price" },
        { "\"price_currency\":\"aed\"", "/price_currency" },
        { "\"price_currency\":\"AEDX\"", "/price_currency" },
        { "\"price_currency\":null", "/price_currency" },
        { $"\"external_id\":\"{new string('x', 121)}\"", "/external_id" },
        { $"\"reference_number\":\"{new string('x', 121)}\"", "/reference_number" },
        { $"\"description\":\"{new string('x', 10_001)}\"", "/description" },
        { $"\"description_ar\":\"{new string('x', 10_001)}\"", "/description_ar" },
        { "\"attributes\":[]", "/attributes" },
        { $"\"address\":\"{new string('x', 501)}\"", "/address" },
        { "\"photos\":\"https://example.com/1.jpg\"", "/photos" },
        { "\"photos\":[\"1.jpg\"]", "/photos" },
        { "\"photos\":[null]", "/photos" },
        { "\"photos\":[\"https://crm.example.com@evil.example/\"]", "/photos" },
        { "\"photos\":{}", "/photos" },
        { "\"photos\":null", "/photos" },
        { $"\"photos\":[\"https://example.com/{new string('x', 2048)}\"]", "/photos" },
        { $"\"photos\":[{string.Join(',', Enumerable.Repeat("\"https://example.com/1.jpg\"", 21))}]", "/photos" },
        { $"\"status\":\"{new string('x', 41)}\"", "/status" },
        { "\"available_from\":\"2026-02-30\"", "/available_from" },
        { "\"available_from\":\"2026-02-01T00:00:00Z\"", "/available_from" },
        { "\"available_from\":\"01.02.2026\"", "/available_from" },
        { "\"deleted_at\":\"2026-02-01T00:00:00Z\"", "/deleted_at" },
        { "\"deleted_at\":null", "/deleted_at" },
        { "\"assigned_user_id\":\"x\"", "/assigned_user_id" },
    };

    [Theory]
    [MemberData(nameof(BadMembers))]
    public void A_bad_member_is_pointed_at(string member, string pointer)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes($"{{{member}}}"));
        foreach (var read in new Func<RecordInput>[]
        {
            () => RecordInput.ForPatch(RecordKinds.Offering, document.RootElement),
            () => RecordInput.ForCreate(RecordKinds.Offering, document.RootElement),
        })
        {
            Assert.Contains(pointer, Assert.Throws<ValidationException>(read).Errors.Select(error => error.Pointer));
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.10")]
    [InlineData("1250000.10")]
    [InlineData("999999999999999.999999")]
    public async Task A_price_is_kept_digit_for_digit_and_shown_as_text(string price)
    {
        var offering = (await _world.Create(RecordKinds.Offering, $$"""{"title":"x","price":{{price}}}""")).Record;
        Assert.Contains($$""","price":"{{price}}",""", Encoding.UTF8.GetString(RecordJson.Write(await Get(offering))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offering_reads_as_it_was_created_with_what_was_left_out()
    {
        var offering = (await _world.Create(RecordKinds.Offering, """{"title":"Villa","price":1,"photos":["https://example.com/1.jpg"],"available_from":"2026-02-28"}""")).Record;
        Assert.Equal(
            $$$"""{"id":"{{{offering.Id:D}}}","title":"Villa","title_ar":null,"price":"1","price_currency":"AED","external_id":null,"reference_number":null,"description":null,"description_ar":null,"attributes":{},"address":null,"photos":["https://example.com/1.jpg"],"status":"active","available_from":"2026-02-28","created_at":"2026-01-05T09:00:00.000Z","updated_at":"2026-01-05T09:00:00.000Z"}""",
            Encoding.UTF8.GetString(RecordJson.Write(await Get(offering))));
    }

    [Fact]
    public async Task It_lies_in_a_table_of_its_own_and_the_CRM_is_owed_nothing()
    {
        await _world.Connect();
        await _world.Subscribe("offering.created");
        await _world.Dispatch();
        await _world.Create(RecordKinds.Offering, Villa, "key-1");
        Assert.Equal(
            ["idem", "idemx", "offering", "outbox.offerings"],
            _world.Store.Inner.Dump().Where(entry => entry.Table == "Offerings").Select(entry => entry.Row.Key.Split('|')[0]).Order());
        Assert.DoesNotContain(_world.Store.Inner.Dump(), entry => entry.Table == RecordRow.Table);

        await _world.Dispatch();
        Assert.Empty(_world.Keys("outbox.offerings|"));
        Assert.Equal("offering.created", (await _world.OnlyDelivery()).Event);
        Assert.DoesNotContain(_world.Orchestrations.Starts, start => start.Name == "RecordLifecycle");
    }

    [Theory]
    [InlineData("""{"price":2}""", "offering.updated")]
    [InlineData("""{"photos":["https://example.com/2.jpg"]}""", "offering.updated")]
    [InlineData("""{"attributes":{"bedrooms":3}}""", "offering.updated")]
    public async Task A_change_emits_updated_and_a_creation_created(string patch, string events)
    {
        var offering = (await _world.Create(RecordKinds.Offering, Villa)).Record;
        Assert.Equal("offering.created", await _world.EventsOfLastWrite());
        await _world.Patch(offering, patch);
        Assert.Equal(events, await _world.EventsOfLastWrite());
    }

    [Fact]
    public async Task A_change_that_changes_nothing_writes_nothing()
    {
        var offering = (await _world.Create(RecordKinds.Offering, Villa)).Record;
        var messages = _world.Queue.Inner.Messages(WorkQueues.Live).Count;
        await _world.Patch(offering, """{"price":1250000.10,"photos":[],"attributes":{}}""", "key-1");
        Assert.Equal((messages, 1L), (_world.Queue.Inner.Messages(WorkQueues.Live).Count, (await Get(offering)).Version));
    }

    [Fact]
    public async Task A_repeat_of_a_key_makes_no_second_offering()
    {
        var first = await _world.Create(RecordKinds.Offering, Villa, "key-1");
        Assert.Equal(first.Record.Id, (await _world.Create(RecordKinds.Offering, Villa, "key-1")).Record.Id);
        await Assert.ThrowsAsync<IdempotencyConflictException>(() => _world.Create(RecordKinds.Offering, """{"title":"x","price":1}""", "key-1"));
        Assert.Single(_world.Keys("offering|"));
    }

    [Fact]
    public async Task What_was_deleted_is_not_there_any_more_emits_nothing_and_is_kept()
    {
        var offering = (await _world.Create(RecordKinds.Offering, Villa)).Record;
        var other = (await _world.Create(RecordKinds.Offering, Villa)).Record;
        var messages = _world.Queue.Inner.Messages(WorkQueues.Live).Count;
        await _world.Offerings.Delete(_world.Tenant, offering.Id.ToString("D"), default);

        await Assert.ThrowsAsync<NotFoundException>(() => Get(offering));
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Patch(offering, """{"price":2}"""));
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Offerings.Delete(_world.Tenant, offering.Id.ToString("D"), default));
        var booking = await Assert.ThrowsAsync<NotFoundException>(() => _world.Create(
            RecordKinds.Appointment,
            $$"""{"customer_name":"Ada","customer_phone":"12345","scheduled_start":"2026-02-01T09:00:00Z","scheduled_end":"2026-02-01T10:00:00Z","offering_id":"{{offering.Id:D}}"}"""));
        Assert.Equal("offering", booking.What);
        Assert.Equal([other.Id], (await _world.Records.List(_world.Tenant, RecordKinds.Offering, 10, null, default)).Records.Select(record => record.Id));
        Assert.Equal(messages, _world.Queue.Inner.Messages(WorkQueues.Live).Count);
        Assert.Equal(2, _world.Keys("offering|").Count);
    }

    [Fact]
    public async Task An_offering_is_there_after_years_and_for_its_tenant_only()
    {
        var offering = (await _world.Create(RecordKinds.Offering, Villa)).Record;
        _world.Advance(TimeSpan.FromDays(4000));
        Assert.Equal(offering.Id, (await Get(offering)).Id);
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Records.Get(TenantId.New(TimeProvider.System), RecordKinds.Offering, offering.Id.ToString("D"), default));
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Offerings.Delete(TenantId.New(TimeProvider.System), offering.Id.ToString("D"), default));
    }

    [Fact]
    public async Task Lists_are_newest_first()
    {
        var made = new List<Guid>();
        for (var number = 0; number < 3; number++)
        {
            made.Add((await _world.Create(RecordKinds.Offering, Villa)).Record.Id);
        }

        var first = await _world.Records.List(_world.Tenant, RecordKinds.Offering, 2, null, default);
        var second = await _world.Records.List(_world.Tenant, RecordKinds.Offering, 2, first.NextCursor, default);
        Assert.Equal([made[2], made[1], made[0]], first.Records.Concat(second.Records).Select(record => record.Id));
    }

    private Task<RecordRow> Get(RecordRow record) => _world.Records.Get(_world.Tenant, record.Kind, record.Id.ToString("D"), default);
}
