using Vorel.Core.Crm.Mirror;
using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Domain;

/// <summary>Each kind of record once through its life, on real tables and a real queue.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class RecordKindTests(AzuriteFixture azurite)
{
    private readonly RealWorld _real = new(azurite);

    private World Domain => _real.Domain;

    [Fact]
    public async Task A_customer_is_made_found_changed_and_mirrored()
    {
        await Domain.Connect();
        var made = await Domain.FindOrCreateCustomer("""{"phone":"+14155550100","email":"ada@example.com"}""");
        var found = await Domain.FindOrCreateCustomer("""{"email":"ADA@example.com","external_id":"A-1"}""");
        Assert.Equal((201, 200, made.Record.Id), (made.Status, found.Status, found.Record.Id));
        await Domain.Patch(found.Record, """{"phone":"+14155550101"}""");
        await Assert.ThrowsAsync<ConflictException>(() => Domain.Create(RecordKinds.Customer, """{"external_id":"A-1"}"""));
        Assert.Equal(201, (await Domain.FindOrCreateCustomer("""{"phone":"+14155550100"}""")).Status);
        Assert.Equal(4, (await _real.Keys(RecordRow.Table, "ix|customer|")).Count);

        await Mirror(RecordKinds.Customer, made.Record.Id);
        Assert.Empty(await _real.Keys(RecordRow.Table, $"todo|mirror|customer:{made.Record.Id:D}|"));
    }

    [Fact]
    public async Task A_transcript_is_appended_to_by_several_at_once_and_mirrored_in_order()
    {
        await Domain.Connect();
        var conversation = await Domain.Conversation();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 6).Select(index => Domain.Say(conversation, $"{index}", $"turn-{index}")));
        Assert.Equal([1L, 2, 3, 4, 5, 6], numbers.Select(message => message.Sequence).Order());
        Assert.Equal(numbers[3].Sequence, (await Domain.Say(conversation, "3", "turn-3")).Sequence);

        await Mirror(RecordKinds.Conversation, conversation.Id);
        await Mirror(RecordKinds.Message, conversation.Id);
        Assert.Empty(await _real.Keys(RecordRow.Table, "todo|"));
        var read = await Domain.Transcripts.Read(Domain.Tenant, conversation.Id.ToString("D"), 100, 0, default);
        Assert.Equal([1L, 2, 3, 4, 5, 6], read.Select(message => message.Sequence));
        Assert.All(read, message => Assert.True(message.Sync is { Version: 1 }));
    }

    [Fact]
    public async Task An_appointment_moves_in_its_list_and_is_mirrored_with_the_case_behind_the_closed_conversation()
    {
        await Domain.Connect();
        var conversation = await Domain.Conversation();
        var opened = (await Domain.Create(RecordKinds.Case, $$"""{"subject":"x","conversation_id":"{{conversation.Id:D}}"}""")).Record;
        var early = await Book(1);
        var late = await Book(2);
        Assert.Equal([late.Id, early.Id], await List());
        await Domain.Patch(early, """{"scheduled_start":"2026-02-03T09:00:00+04:00"}""");
        Assert.Equal([early.Id, late.Id], await List());
        Assert.Equal("closed", (await Domain.Conversations.Close(Domain.Tenant, conversation.Id.ToString("D"), default)).Values["status"]);

        await Mirror(RecordKinds.Conversation, conversation.Id);
        await Mirror(RecordKinds.Case, opened.Id);
        await Mirror(RecordKinds.Appointment, early.Id);
        await Mirror(RecordKinds.Appointment, late.Id);
        Assert.Empty(await _real.Keys(RecordRow.Table, "todo|"));
        Assert.Equal(Domain.Domain.GetUtcNow().AddDays(90), (await Domain.Records.Get(Domain.Tenant, RecordKinds.Case, opened.Id.ToString("D"), default)).PurgeDue);
    }

    [Fact]
    public async Task An_offering_goes_out_from_its_own_table_and_is_hidden_once_deleted()
    {
        await Domain.Subscribe("offering.created");
        var offering = (await Domain.Create(RecordKinds.Offering, """{"title":"Villa","price":1250000.10,"photos":["https://example.com/1.jpg"]}""", "key-1")).Record;
        Assert.Equal(offering.Id, (await Domain.Create(RecordKinds.Offering, """{"title":"Villa","price":1250000.10,"photos":["https://example.com/1.jpg"]}""", "key-1")).Record.Id);
        await _real.Dispatch();
        Assert.Equal("offering.created", (await Domain.OnlyDelivery()).Event);
        Assert.Empty(await _real.Keys("Offerings", "outbox"));
        Assert.Equal("1250000.10", (await Domain.Records.Get(Domain.Tenant, RecordKinds.Offering, offering.Id.ToString("D"), default)).Values["price"]);

        await Domain.Offerings.Delete(Domain.Tenant, offering.Id.ToString("D"), default);
        Assert.Empty((await Domain.Records.List(Domain.Tenant, RecordKinds.Offering, 10, null, default)).Records);
        Assert.Single(await _real.Keys("Offerings", "offering|"));
    }

    private async Task<RecordRow> Book(int day) => (await Domain.Create(
        RecordKinds.Appointment,
        $$"""{"customer_name":"Ada","customer_phone":"12345","scheduled_start":"2026-02-0{{day}}T09:00:00Z","scheduled_end":"2026-02-04T10:00:00Z"}""")).Record;

    private async Task<IEnumerable<Guid>> List() =>
        (await Domain.Records.List(Domain.Tenant, RecordKinds.Appointment, 10, null, default)).Records.Select(record => record.Id);

    private async Task Mirror(RecordKind kind, Guid id)
    {
        MirrorStep step;
        do
        {
            step = await Domain.Mirror.Mirror(Domain.Tenant, kind, id, default);
        }
        while (step is MirrorStep.Again);

        Assert.IsType<MirrorStep.Done>(step);
    }
}
