using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Drivers.HubSpot;
using Vorel.Fakes;
using FakeHubSpot = Vorel.Fakes.HubSpot.FakeHubSpot;

namespace Vorel.Core.Tests.Crm.Drivers.HubSpot;

public sealed class HubSpotDriverTests : CrmDriverContract
{
    private readonly HubSpotStage _stage = new();

    protected override CrmStage Stage => _stage;

    private FakeHubSpot HubSpot => _stage.HubSpot;

    [Fact]
    public async Task A_scope_that_the_grant_lacks_is_named_by_the_call_that_needs_it_too()
    {
        _stage.Scopes = [.. HubSpotDefaults.Scopes.Except(["crm.objects.deals.write"])];
        var exception = await Fails(() => Create("key-1", Canary));
        Assert.Equal((CrmErrorCode.InsufficientScope, false), (exception.Code, exception.Retryable));
        Assert.Contains("crm.objects.deals.write", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_leads_to_the_record_in_the_account()
    {
        var reference = await Create("key-1", "Ada");
        Assert.Equal(new Uri($"https://app-eu1.hubspot.com/contacts/{HubSpot.Portal.Id}/record/0-3/{reference.ExternalId}"), reference.Url);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("app.hubspot.com.evil.example")]
    [InlineData("app@evil.example/.hubspot.com")]
    [InlineData("APP.hubspot.com")]
    [InlineData("")]
    public async Task A_domain_that_is_not_HubSpots_makes_no_link(string domain)
    {
        var reference = await _stage.Open(new JsonObject { ["ui_domain"] = domain }).CreateRecord(CrmObject.Lead, Fields("Ada"), "key-1", default);
        Assert.Equal("app.hubspot.com", reference.Url!.Host);
    }

    [Fact]
    public async Task A_lead_is_a_deal_in_the_first_open_stage_with_its_person_and_its_conversation()
    {
        var conversation = await Driver.CreateRecord(CrmObject.Conversation, Sample(CrmObject.Conversation), "conversation", default);
        await Driver.CreateRecord(
            CrmObject.Lead,
            new CrmFields(new JsonObject { ["name"] = "Ada Example", ["phone"] = "+44 20 7946 0100", ["email"] = "ada@example.com", ["attributes"] = new JsonObject { ["bedrooms"] = 3 } })
            {
                Parents = [new CrmParent(CrmObject.Conversation, conversation.ExternalId)],
            },
            "lead",
            default);

        var deal = _stage.The("deals");
        Assert.Equal(("Ada Example", "default", "appointmentscheduled", "lead"), (deal["dealname"], deal["pipeline"], deal["dealstage"], deal["vorel_key"]));
        Assert.Equal("phone: +44 20 7946 0100\nemail: ada@example.com\nattributes: {\"bedrooms\":3}", deal["vorel_details"]);
        Assert.Equal([conversation.ExternalId], _stage.TiedTo(deal.Id, "notes"));
        var person = HubSpot.Records.Single(record => record.Id == Assert.Single(_stage.TiedTo(deal.Id, "contacts")));
        Assert.Equal(("Ada", "Example", "ada@example.com"), (person["firstname"], person["lastname"], person["email"]));
    }

    [Fact]
    public async Task A_lead_without_number_and_address_belongs_to_the_person_of_its_conversation()
    {
        var conversation = await Driver.CreateRecord(CrmObject.Conversation, Sample(CrmObject.Conversation), "conversation", default);
        await Driver.CreateRecord(CrmObject.Lead, Fields("Ada") with { Parents = [new CrmParent(CrmObject.Conversation, conversation.ExternalId)] }, "lead", default);
        Assert.Equal([_stage.The("contacts").Id], _stage.TiedTo(_stage.The("deals").Id, "contacts"));
    }

    [Fact]
    public async Task A_lead_whose_number_becomes_known_later_gets_its_person_then()
    {
        var reference = await Create("lead", "Ada Example");
        Assert.Empty(HubSpot.Living("contacts"));
        var fields = new CrmFields(new JsonObject { ["name"] = "Ada Example", ["phone"] = "+14155550100" });
        await Driver.UpdateRecord(CrmObject.Lead, reference.ExternalId, fields, "lead:2", 2, default);
        await Driver.UpdateRecord(CrmObject.Lead, reference.ExternalId, fields, "lead:3", 3, default);
        Assert.Equal([_stage.The("contacts").Id], _stage.TiedTo(reference.ExternalId, "contacts"));
    }

    [Fact]
    public async Task A_parent_that_somebody_archived_does_not_keep_a_record_out()
    {
        var conversation = await Driver.CreateRecord(CrmObject.Conversation, Sample(CrmObject.Conversation), "conversation", default);
        await Driver.DeleteRecord(CrmObject.Conversation, conversation.ExternalId, default);
        await Driver.CreateRecord(CrmObject.Lead, Fields("Ada") with { Parents = [new CrmParent(CrmObject.Conversation, conversation.ExternalId)] }, "lead", default);
        Assert.Empty(_stage.TiedTo(_stage.The("deals").Id, "notes"));
    }

    [Fact]
    public async Task A_conversation_is_a_note_at_its_person_and_its_messages_are_too()
    {
        var conversation = await Driver.CreateRecord(CrmObject.Conversation, Sample(CrmObject.Conversation), "conversation", default);
        var batch = await Driver.CreateRecord(
            CrmObject.Message, Sample(CrmObject.Message) with { Parents = [new CrmParent(CrmObject.Conversation, conversation.ExternalId)] }, "conversation:1-2", default);

        var person = _stage.The("contacts");
        Assert.Equal("+14155550100", person["phone"]);
        Assert.Equal([person.Id], _stage.TiedTo(conversation.ExternalId, "contacts"));
        Assert.Equal([person.Id], _stage.TiedTo(batch.ExternalId, "contacts"));
        var body = HubSpot.Records.Single(record => record.Id == batch.ExternalId)["hs_note_body"]!;
        Assert.Equal(
            "Conversation c1, messages 1 to 2<br><br>1 · customer · 2026-01-05T09:00:00.000Z<br>Hello<br>id: m1<br><br>2 · agent_bot · 2026-01-05T09:00:01.000Z<br>مرحبا<br>id: m2",
            System.Net.WebUtility.HtmlDecode(body));
    }

    [Fact]
    public async Task A_conversation_with_somebody_who_has_no_number_has_a_person_all_the_same()
    {
        var fields = new CrmFields(new JsonObject { ["channel"] = "instagram", ["customer_identifier"] = "ada_1815", ["status"] = "active" });
        var conversation = await Driver.CreateRecord(CrmObject.Conversation, fields, "conversation", default);
        Assert.Equal("ada_1815", _stage.The("contacts")["firstname"]);
        Assert.Equal([_stage.The("contacts").Id], _stage.TiedTo(conversation.ExternalId, "contacts"));
    }

    [Fact]
    public async Task An_update_of_a_conversation_keeps_what_it_does_not_name()
    {
        var conversation = await Driver.CreateRecord(CrmObject.Conversation, Sample(CrmObject.Conversation), "conversation", default);
        await Driver.UpdateRecord(CrmObject.Conversation, conversation.ExternalId, new CrmFields(new JsonObject { ["status"] = "closed", ["customer_name"] = null }), "c:2", 2, default);
        var note = _stage.The("notes");
        Assert.Equal("channel: whatsapp\ncustomer_identifier: +14155550100\nstatus: closed", note["vorel_details"]);
        Assert.Equal("channel: whatsapp<br>customer_identifier: +14155550100<br>status: closed", note["hs_note_body"]);
    }

    [Fact]
    public async Task Markup_of_a_customer_is_text_in_a_note()
    {
        var fields = Sample(CrmObject.Message);
        fields.Values["messages"]![0]!["content"] = "<img src=x onerror=alert(1)>&";
        await Driver.CreateRecord(CrmObject.Message, fields, "c:1-2", default);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;&amp;", _stage.The("notes")["hs_note_body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transcript_that_one_note_cannot_hold_takes_several_that_are_found_and_deleted_as_one()
    {
        var fields = Sample(CrmObject.Message);
        var letters = string.Concat(Enumerable.Repeat("<👩‍👩‍👧‍👦>", 3_000));
        fields.Values["messages"]![0]!["content"] = letters;
        fields.Values["messages"]![1]!["content"] = new string('&', 16_000);

        var batch = await Driver.CreateRecord(CrmObject.Message, fields, "c:1-2", default);
        Assert.Equal(batch, await Driver.CreateRecord(CrmObject.Message, fields, "c:1-2", default));

        var notes = HubSpot.Living("notes");
        Assert.InRange(notes.Count, 2, 10);
        Assert.Equal(notes.Select(note => note.Id), batch.ExternalId.Split(';'));
        Assert.All(notes, note => Assert.InRange(note["hs_note_body"]!.Length, 1, 65_536));
        Assert.Contains(letters, System.Net.WebUtility.HtmlDecode(string.Concat(notes.Select(note => note["hs_note_body"]))), StringComparison.Ordinal);
        Assert.Equal(CrmDeletion.Soft, await Driver.DeleteRecord(CrmObject.Message, batch.ExternalId, default));
        Assert.Empty(HubSpot.Living("notes"));
    }

    [Fact]
    public async Task A_note_whose_answer_was_lost_is_repeated_only_when_a_search_would_find_it()
    {
        HubSpot.Index.Lag = TimeSpan.FromSeconds(20);
        await Driver.CreateRecord(CrmObject.Message, Sample(CrmObject.Message), "warm-up", default);
        Stage.Front.Next(FrontFault.LoseAnswer, request => request.Path == "/crm/v3/objects/notes");
        var lost = await Fails(() => Driver.CreateRecord(CrmObject.Message, Sample(CrmObject.Message), "c:1-2", default));
        Assert.Equal((true, TimeSpan.FromSeconds(30)), (lost.Retryable, lost.RetryAfter));

        Stage.Clock.Advance(lost.RetryAfter!.Value);
        await Driver.CreateRecord(CrmObject.Message, Sample(CrmObject.Message), "c:1-2", default);
        Assert.Single(HubSpot.Living("notes"), note => note["vorel_key"] == "c:1-2");
    }

    [Fact]
    public async Task A_meeting_has_its_time_its_outcome_and_its_people()
    {
        var meeting = await Driver.CreateRecord(CrmObject.Appointment, Sample(CrmObject.Appointment), "appointment", default);
        var record = _stage.The("meetings");
        Assert.Equal(("Ada Example", "2026-02-01T09:00:00.000Z", "SCHEDULED"), (record["hs_meeting_title"], record["hs_meeting_start_time"], record["hs_meeting_outcome"]));
        Assert.Equal([_stage.The("contacts").Id], _stage.TiedTo(meeting.ExternalId, "contacts"));
        await Driver.UpdateRecord(CrmObject.Appointment, meeting.ExternalId, new CrmFields(new JsonObject { ["status"] = "cancelled" }), "a:2", 2, default);
        Assert.Equal("CANCELED", _stage.The("meetings")["hs_meeting_outcome"]);
    }

    [Fact]
    public async Task A_contact_that_HubSpot_has_is_changed_not_doubled()
    {
        var first = await Driver.CreateRecord(CrmObject.Contact, Sample(CrmObject.Contact), "key-1", default);
        var fields = new CrmFields(new JsonObject { ["email"] = "GRACE@example.com", ["phone"] = "+14155550177" });
        var second = await Driver.CreateRecord(CrmObject.Contact, fields, "key-2", default);
        Assert.Equal(first, second);
        var contact = _stage.The("contacts");
        Assert.Equal(("+14155550177", "Grace", "key-1", "language: en"), (contact["phone"], contact["firstname"], contact["vorel_key"], contact["vorel_details"]));
    }

    [Fact]
    public async Task Null_clears_a_property()
    {
        var contact = await Driver.CreateRecord(CrmObject.Contact, Sample(CrmObject.Contact), "key-1", default);
        await Driver.UpdateRecord(CrmObject.Contact, contact.ExternalId, new CrmFields(new JsonObject { ["email"] = null, ["language"] = null }), "key-1:2", 2, default);
        Assert.Equal((null, null, "Grace"), (_stage.The("contacts")["email"], _stage.The("contacts")["vorel_details"], _stage.The("contacts")["firstname"]));
    }

    [Fact]
    public async Task What_the_account_has_no_property_for_is_kept_readable()
    {
        HubSpot.Portal.RemoveProperty("deals", "amount");
        await Driver.CreateRecord(CrmObject.Deal, new CrmFields(new JsonObject { ["name"] = "Villa", ["amount"] = 5, ["notes"] = "line one\nline two" }), "key-1", default);
        Assert.Equal("amount: 5\nnotes: line one\n  line two", _stage.The("deals")["vorel_details"]);
    }

    [Fact]
    public async Task A_property_of_ours_that_somebody_deleted_is_made_again()
    {
        await Create("key-1", "a");
        HubSpot.Portal.RemoveProperty("deals", "vorel_key");
        await Create("key-2", "b");
        Assert.Equal("key-2", HubSpot.Living("deals")[1]["vorel_key"]);
    }

    [Fact]
    public async Task A_property_that_vanishes_between_two_writes_costs_a_look_and_nothing_else()
    {
        await Driver.CreateRecord(CrmObject.Deal, new CrmFields(new JsonObject { ["name"] = "a", ["amount"] = 1 }), "key-1", default);
        HubSpot.Portal.RemoveProperty("deals", "amount");
        await Driver.CreateRecord(CrmObject.Deal, new CrmFields(new JsonObject { ["name"] = "b", ["amount"] = 2 }), "key-2", default);
        Assert.Equal("amount: 2", HubSpot.Living("deals")[1]["vorel_details"]);
    }

    [Fact]
    public async Task A_stage_goes_by_its_label_or_id_and_one_that_is_none_is_refused()
    {
        await Driver.CreateRecord(CrmObject.Deal, new CrmFields(new JsonObject { ["name"] = "a", ["stage"] = "closed won" }), "key-1", default);
        Assert.Equal("closedwon", _stage.The("deals")["dealstage"]);
        var exception = await Fails(() => Driver.CreateRecord(CrmObject.Deal, new CrmFields(new JsonObject { ["name"] = "a", ["stage"] = Canary }), "key-2", default));
        Assert.Equal(CrmErrorCode.ValidationError, exception.Code);
    }

    [Theory]
    [InlineData("Name")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("vorel: x\nphone")]
    [InlineData("имя")]
    public async Task A_field_that_has_no_fields_name_is_refused(string name)
    {
        var exception = await Fails(() => Driver.CreateRecord(CrmObject.Lead, new CrmFields(new JsonObject { [name] = "x" }), "key-1", default));
        Assert.Equal((CrmErrorCode.ValidationError, false), (exception.Code, exception.Retryable));
    }

    [Fact]
    public async Task A_refused_value_names_the_property_and_not_the_value()
    {
        var exception = await Fails(() => Driver.CreateRecord(CrmObject.Contact, new CrmFields(new JsonObject { ["email"] = Canary }), "key-1", default));
        Assert.Equal((CrmErrorCode.ValidationError, false), (exception.Code, exception.Retryable));
        Assert.Contains("email", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletes_contacts_for_good_only_when_that_was_asked_for()
    {
        var contact = await Driver.CreateRecord(CrmObject.Contact, Sample(CrmObject.Contact), "key-1", default);
        Assert.Equal(CrmDeletion.Hard, await _stage.Open(new JsonObject { ["gdpr_delete"] = true }).DeleteRecord(CrmObject.Contact, contact.ExternalId, default));
        Assert.True(_stage.IsGone(contact.ExternalId));
    }

    [Fact]
    public async Task Slows_down_before_HubSpot_refuses()
    {
        (HubSpot.Limits.AreOn, HubSpot.Limits.PerTenSeconds) = (true, 20);
        for (var call = 0; call < 10; call++)
        {
            await Driver.TestConnection(default);
        }

        // Ten are left for ten seconds.
        var next = Driver.TestConnection(default);
        Stage.Clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal(10, Stage.Front.Requests);
        Stage.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await next;
    }

    [Fact]
    public async Task Nothing_of_a_customer_stands_in_an_address()
    {
        var fields = new CrmFields(new JsonObject { ["name"] = "Ada", ["phone"] = "+14155550100", ["email"] = "ada@example.com" });
        await Driver.CreateRecord(CrmObject.Lead, fields, "key-1", default);
        await Driver.LookupCustomer(new CustomerQuery("+14155550100", "ada@example.com", "A-17"), default);
        await Driver.SearchRecords(CrmObject.Contact, "ada@example.com", 10, default);
        Assert.All(HubSpot.Requests, request => Assert.DoesNotMatch("ada|4155550100|A-17", request.Path + request.Query));
    }
}
