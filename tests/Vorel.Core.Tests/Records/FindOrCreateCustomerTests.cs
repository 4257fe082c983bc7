using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Records;

public sealed class FindOrCreateCustomerTests
{
    private const string Ada = """{"phone":"+14155550100","email":"ada@example.com"}""";

    private readonly World _world = new();

    [Fact]
    public async Task Who_is_not_known_is_made_and_a_repeat_finds_them_and_writes_nothing()
    {
        var first = await _world.FindOrCreateCustomer(Ada);
        var before = _world.Store.Inner.Dump().Select(entry => (entry.Row.Key, entry.Row.ETag)).ToList();
        var second = await _world.FindOrCreateCustomer("""{"phone":"+14155550100","email":"ADA@EXAMPLE.COM"}""");
        Assert.Equal((201, 200, first.Record.Id), (first.Status, second.Status, second.Record.Id));
        Assert.Equal(before, _world.Store.Inner.Dump().Select(entry => (entry.Row.Key, entry.Row.ETag)));
    }

    [Theory]
    [InlineData("""{"phone":"+14155550100"}""")]
    [InlineData("""{"email":"Ada@example.com"}""")]
    [InlineData("""{"phone":"+14155550177","email":"ada@example.com"}""")]
    public async Task Any_known_identity_finds(string json)
    {
        var ada = await _world.FindOrCreateCustomer(Ada);
        var found = await _world.FindOrCreateCustomer(json);
        Assert.Equal((200, ada.Record.Id, "+14155550100"), (found.Status, found.Record.Id, found.Record.Values["phone"]));
    }

    [Fact]
    public async Task What_the_customer_lacks_is_added_and_what_they_have_stays()
    {
        await _world.FindOrCreateCustomer("""{"phone":"+14155550100","name":"Ada"}""");
        var found = await _world.FindOrCreateCustomer("""{"phone":"+14155550100","name":"Eve","email":"ada@example.com","language":"ar","external_id":null}""");
        Assert.Equal(("Ada", "ada@example.com", "ar", 2L), (found.Record.Values["name"], found.Record.Values["email"], found.Record.Values["language"], found.Record.Version));
        Assert.Equal(found.Record.Id, (await _world.FindOrCreateCustomer("""{"email":"ada@example.com"}""")).Record.Id);
    }

    [Fact]
    public async Task Of_two_customers_the_one_with_the_phone_is_meant_then_the_one_with_the_address_and_neither_is_changed()
    {
        var byPhone = (await _world.FindOrCreateCustomer("""{"phone":"+14155550100"}""")).Record;
        var byEmail = (await _world.FindOrCreateCustomer("""{"email":"ada@example.com"}""")).Record;
        var byId = (await _world.FindOrCreateCustomer("""{"external_id":"A-1"}""")).Record;

        foreach (var (json, meant) in new[]
        {
            ("""{"external_id":"A-1","email":"ada@example.com","phone":"+14155550100"}""", byPhone),
            ("""{"external_id":"A-1","phone":"+14155550100"}""", byPhone),
            ("""{"external_id":"A-1","email":"ada@example.com"}""", byEmail),
        })
        {
            var found = await _world.FindOrCreateCustomer(json);
            Assert.Equal((200, meant.Id, 1L), (found.Status, found.Record.Id, found.Record.Version));
        }

        Assert.Equal(3, _world.Keys("ix|customer|").Count);
        Assert.Equal(1, (await _world.Records.Get(_world.Tenant, RecordKinds.Customer, byId.Id.ToString("D"), default)).Version);
    }

    [Fact]
    public async Task Two_at_once_make_one_customer()
    {
        RecordAnswer? first = null;
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes.Count > 1)
            {
                _world.Store.BeforeCommit = null;
                first = await _world.FindOrCreateCustomer("""{"phone":"+14155550100"}""");
            }
        };
        var second = await _world.FindOrCreateCustomer(Ada);
        Assert.Equal((201, 200, first!.Record.Id), (first.Status, second.Status, second.Record.Id));
        Assert.Equal("ada@example.com", second.Record.Values["email"]);
        Assert.Single(_world.Keys("customer|"));
    }

    [Fact]
    public async Task An_identity_that_another_takes_meanwhile_stays_with_them()
    {
        var ada = (await _world.FindOrCreateCustomer("""{"phone":"+14155550100"}""")).Record;
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes.Count > 1)
            {
                _world.Store.BeforeCommit = null;
                await _world.FindOrCreateCustomer("""{"email":"ada@example.com"}""");
            }
        };
        var found = await _world.FindOrCreateCustomer(Ada);
        Assert.Equal((200, ada.Id), (found.Status, found.Record.Id));
        Assert.False(found.Record.Values.ContainsKey("email"));
        Assert.Equal(2, _world.Keys("customer|").Count);
    }

    [Fact]
    public async Task A_store_that_is_away_is_told()
    {
        _world.Plan.BreaksAt = _world.Plan.Calls;
        var exception = await Assert.ThrowsAsync<UnavailableException>(() => _world.FindOrCreateCustomer(Ada));
        Assert.IsType<StoreUnavailableException>(exception.InnerException);
    }
}
