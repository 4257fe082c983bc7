using System.Text;
using Vorel.Core.Crm;
using Vorel.Core.Errors;
using Vorel.Core.Json;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Records;

public sealed class CaseTests
{
    private readonly World _world = new();

    public static TheoryData<string, string> BadCases => new()
    {
        { "{}", "/subject" },
        { """{"subject":""}""", "/subject" },
        { $$"""{"subject":"{{new string('x', 201)}}"}""", "/subject" },
        { $$"""{"subject":"x","description":"{{new string('x', 5001)}}"}""", "/description" },
        { """{"subject":"x","status":"resolved"}""", "/status" },
        { """{"subject":"x","status":null}""", "/status" },
        { """{"subject":"x","customer_id":"1","conversation_id":2}""", "/customer_id /conversation_id" },
        { """{"subject":"x","attributes":[]}""", "/attributes" },
        { """{"subject":"x","priority":"high"}""", "/priority" },
    };

    [Theory]
    [MemberData(nameof(BadCases))]
    public void A_bad_case_is_refused_with_all_its_errors(string json, string pointers)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(json));
        var exception = Assert.Throws<ValidationException>(() => RecordInput.ForCreate(RecordKinds.Case, document.RootElement));
        Assert.Equal(pointers, string.Join(' ', exception.Errors.Select(error => error.Pointer)));
    }

    [Fact]
    public async Task A_case_is_opened_worked_on_closed_and_opened_again_and_emits_nothing()
    {
        var conversation = await _world.Conversation();
        var customer = (await _world.FindOrCreateCustomer("""{"phone":"+14155550100"}""")).Record;
        var opened = await Create($$"""{"subject":"Late","conversation_id":"{{conversation.Id:D}}","customer_id":"{{customer.Id:D}}"}""");
        Assert.Equal(
            $$$"""{"id":"{{{opened.Id:D}}}","subject":"Late","description":null,"status":"open","conversation_id":"{{{conversation.Id:D}}}","customer_id":"{{{customer.Id:D}}}","attributes":{},"created_at":"2026-01-05T09:00:00.000Z","updated_at":"2026-01-05T09:00:00.000Z"}""",
            Encoding.UTF8.GetString(RecordJson.Write(opened)));
        foreach (var status in new[] { "pending", "closed", "open" })
        {
            Assert.Equal(status, (await _world.Patch(opened, $$"""{"status":"{{status}}"}""")).Record.Values["status"]);
            Assert.Equal("", await _world.EventsOfLastWrite());
        }

        // A conversation and a customer may have many.
        await Create($$"""{"subject":"Later","conversation_id":"{{conversation.Id:D}}","customer_id":"{{customer.Id:D}}"}""");
    }

    [Theory]
    [InlineData("conversation")]
    [InlineData("customer")]
    public async Task What_it_refers_to_must_be_there_and_stays(string kind)
    {
        var exception = await Assert.ThrowsAsync<NotFoundException>(() => Create($$"""{"subject":"x","{{kind}}_id":"{{_world.Ids.Next():D}}"}"""));
        Assert.Equal(kind, exception.What);
        var opened = await Create("""{"subject":"x"}""");
        await Assert.ThrowsAsync<ValidationException>(() => _world.Patch(opened, $$"""{"{{kind}}_id":null}"""));
    }

    [Fact]
    public async Task It_goes_to_the_CRM_as_a_case_and_is_there_for_ninety_days_after()
    {
        await _world.Connect();
        var opened = await Create("""{"subject":"x"}""");
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Case, opened.Id, default);
        Assert.Equal(CrmObject.Case, Assert.Single(_world.Crm.Calls).Object);
        _world.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        Assert.Single((await _world.Records.List(_world.Tenant, RecordKinds.Case, 10, null, default)).Records);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty((await _world.Records.List(_world.Tenant, RecordKinds.Case, 10, null, default)).Records);
    }

    private async Task<RecordRow> Create(string json) => (await _world.Create(RecordKinds.Case, json)).Record;
}
