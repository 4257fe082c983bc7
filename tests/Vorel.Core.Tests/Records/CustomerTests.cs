using System.Text;
using Vorel.Core.Crm;
using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Records;

public sealed class CustomerTests
{
    private const string Ada = """{"phone":"+14155550100","email":"Ada@Example.com","external_id":"A-1","name":"Ada","language":"en"}""";

    private readonly World _world = new();

    [Fact]
    public async Task A_customer_reads_as_they_were_created_and_emits_nothing()
    {
        var customer = (await _world.Create(RecordKinds.Customer, Ada)).Record;
        Assert.Equal(
            $$"""{"id":"{{customer.Id:D}}","phone":"\u002B14155550100","email":"Ada@Example.com","external_id":"A-1","name":"Ada","language":"en","created_at":"2026-01-05T09:00:00.000Z","updated_at":"2026-01-05T09:00:00.000Z"}""",
            Encoding.UTF8.GetString(RecordJson.Write(await Get(customer))));
        Assert.Equal(3, _world.Keys("ix|customer|").Count);
        Assert.Single(_world.Keys($"todo|mirror|customer:{customer.Id:D}|"));
        Assert.Empty(await _world.AllDeliveries());
    }

    [Fact]
    public async Task A_customer_goes_to_the_CRM_as_a_contact()
    {
        await _world.Connect();
        var customer = (await _world.Create(RecordKinds.Customer, Ada)).Record;
        await _world.Dispatch();
        Assert.Contains(_world.Orchestrations.Starts, start => start.Instance == $"record:{_world.Tenant}:customer:{customer.Id:D}");
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Customer, customer.Id, default);
        var call = Assert.Single(_world.Crm.Calls);
        Assert.Equal(("create", CrmObject.Contact, customer.Id.ToString("D")), (call.Verb, call.Object, call.Key));
        Assert.Equal("""{"phone":"\u002B14155550100","email":"Ada@Example.com","external_id":"A-1","name":"Ada","language":"en"}""", call.Fields.Values.ToJsonString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":"Ada"}""")]
    [InlineData("""{"phone":null,"email":null}""")]
    public async Task A_customer_is_known_by_something(string json)
    {
        var exception = await Assert.ThrowsAsync<ValidationException>(() => _world.Create(RecordKinds.Customer, json));
        Assert.Equal("", Assert.Single(exception.Errors).Pointer);
        await Assert.ThrowsAsync<ValidationException>(() => _world.FindOrCreateCustomer(json));
    }

    [Fact]
    public async Task A_change_that_takes_the_last_identity_is_refused_and_writes_nothing()
    {
        var customer = (await _world.Create(RecordKinds.Customer, """{"phone":"+14155550100"}""")).Record;
        await Assert.ThrowsAsync<ValidationException>(() => _world.Patch(customer, """{"phone":null,"name":"Ada"}"""));
        Assert.Equal(1, (await Get(customer)).Version);
        Assert.Single(_world.Keys("ix|customer|"));
    }

    [Theory]
    [InlineData("""{"phone":"+14155550100"}""")]
    [InlineData("""{"email":"ada@example.COM"}""")]
    [InlineData("""{"external_id":"A-1"}""")]
    [InlineData("""{"phone":"+14155550199","external_id":"A-1"}""")]
    public async Task A_second_customer_with_one_of_the_identities_is_a_conflict(string json)
    {
        await _world.Create(RecordKinds.Customer, Ada);
        await Assert.ThrowsAsync<ConflictException>(() => _world.Create(RecordKinds.Customer, json));
        Assert.Equal(3, _world.Keys("ix|customer|").Count);
        await _world.Create(RecordKinds.Customer, json, tenant: TenantId.New(TimeProvider.System));
    }

    [Fact]
    public async Task Identities_of_different_sorts_never_meet()
    {
        await _world.Create(RecordKinds.Customer, """{"external_id":"ada@example.com"}""");
        await _world.Create(RecordKinds.Customer, """{"email":"ada@example.com"}""");
        await _world.Create(RecordKinds.Customer, """{"external_id":"Ada@example.com"}""");
        Assert.Equal(3, _world.Keys("customer|").Count);
    }

    [Fact]
    public async Task An_identity_that_changes_is_free_for_others_and_the_new_one_is_not()
    {
        var ada = (await _world.Create(RecordKinds.Customer, Ada)).Record;
        await _world.Patch(ada, """{"phone":"+14155550101","email":null}""");
        Assert.Equal(2, _world.Keys("ix|customer|").Count);

        var eve = (await _world.Create(RecordKinds.Customer, """{"phone":"+14155550100","email":"ada@example.com"}""")).Record;
        await Assert.ThrowsAsync<ConflictException>(() => _world.Patch(eve, """{"phone":"+14155550101"}"""));
        await Assert.ThrowsAsync<ConflictException>(() => _world.Patch(ada, """{"email":"ADA@example.com"}"""));
        Assert.Equal("+14155550100", (await Get(eve)).Values["phone"]);
        Assert.Equal(4, _world.Keys("ix|customer|").Count);
    }

    [Fact]
    public async Task A_change_of_case_alone_keeps_the_identity_and_stores_what_was_given()
    {
        var ada = (await _world.Create(RecordKinds.Customer, Ada)).Record;
        var keys = _world.Keys("ix|customer|");
        Assert.Equal("ADA@example.com", (await _world.Patch(ada, """{"email":"ADA@example.com"}""")).Record.Values["email"]);
        Assert.Equal(keys, _world.Keys("ix|customer|"));
    }

    [Fact]
    public async Task Two_who_want_one_identity_at_once_get_it_once()
    {
        var ada = (await _world.Create(RecordKinds.Customer, Ada)).Record;
        var eve = (await _world.Create(RecordKinds.Customer, """{"external_id":"E-1"}""")).Record;
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes.Count > 1)
            {
                _world.Store.BeforeCommit = null;
                await _world.Patch(eve, """{"phone":"+14155550109"}""");
            }
        };
        await Assert.ThrowsAsync<ConflictException>(() => _world.Patch(ada, """{"phone":"+14155550109"}"""));
        Assert.Equal("+14155550100", (await Get(ada)).Values["phone"]);
        Assert.Equal("+14155550109", (await Get(eve)).Values["phone"]);
    }

    [Fact]
    public async Task The_identities_of_a_customer_past_their_window_are_taken_over_and_the_rest_of_them_goes()
    {
        await _world.Connect();
        var old = (await _world.Create(RecordKinds.Customer, Ada)).Record;
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Customer, old.Id, default);
        _world.Advance(TimeSpan.FromDays(30));
        var next = (await _world.Create(RecordKinds.Customer, """{"phone":"+14155550100","email":"ada@example.com"}""")).Record;

        // An index row points to its record as long as that is stored: the retention sweep counts on it.
        Assert.Null(await _world.Reader.FindStored(_world.Tenant, RecordKinds.Customer, old.Id, default));
        var index = new RecordIndex(_world.Store, _world.Reader, _world.Digests);
        Assert.Equal(index.RowsOf(_world.Tenant, next).Select(row => row.RowKey).Order(), _world.Keys("ix|customer|").Order());
        Assert.Equal(next.Id, (await index.FindOwner(_world.Tenant, old, RecordKinds.Customer.Unique[0], default))!.Row.Id);
        Assert.Null(await index.FindOwner(_world.Tenant, old, RecordKinds.Customer.Unique[2], default));
    }

    [Fact]
    public async Task Keys_hold_nothing_of_the_customer()
    {
        await _world.FindOrCreateCustomer(Ada);
        Assert.DoesNotContain(_world.Store.Inner.Dump(), entry =>
            entry.Row.Key.Contains("415", StringComparison.Ordinal) || entry.Row.Key.Contains("ada", StringComparison.OrdinalIgnoreCase) || entry.Row.Key.Contains("A-1", StringComparison.Ordinal));
    }

    private Task<RecordRow> Get(RecordRow record) => _world.Records.Get(_world.Tenant, record.Kind, record.Id.ToString("D"), default);
}
