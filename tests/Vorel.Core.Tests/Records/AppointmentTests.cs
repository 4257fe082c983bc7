using System.Text;
using Vorel.Core.Crm;
using Vorel.Core.Errors;
using Vorel.Core.Json;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Records;

public sealed class AppointmentTests
{
    private const string Person = "\"customer_name\":\"Ada\",\"customer_phone\":\"+14155550100\"";
    private const string Times = "\"scheduled_start\":\"2026-02-01T13:00:00+04:00\",\"scheduled_end\":\"2026-02-01T14:00:00+04:00\"";

    private readonly World _world = new();

    public static TheoryData<string, string> BadMembers => new()
    {
        { "\"customer_name\":\"\"", "/customer_name" },
        { "\"customer_name\":null", "/customer_name" },
        { $"\"customer_name\":\"{new string('x', 201)}\"", "/customer_name" },
        { "\"customer_phone\":\"1234\"", "/customer_phone" },
        { $"\"customer_phone\":\"{new string('1', 33)}\"", "/customer_phone" },
        { "\"customer_email\":\"ada\"", "/customer_email" },
        { "\"scheduled_start\":\"2026-02-01T13:00:00\"", "/scheduled_start" },
        { "\"scheduled_start\":\"2026-02-01 13:00:00Z\"", "/scheduled_start" },
        { "\"scheduled_start\":\"2026-02-01T13:00Z\"", "/scheduled_start" },
        { "\"scheduled_start\":\"2026-02-01\"", "/scheduled_start" },
        { "\"scheduled_start\":\"2026-02-30T13:00:00Z\"", "/scheduled_start" },
        { "\"scheduled_start\":\"2026-02-01T24:00:00Z\"", "/scheduled_start" },
        { "\"scheduled_start\":\"2026-02-01T13:00:60Z\"", "/scheduled_start" },
        { "\"scheduled_start\":\"2026-02-01T13:00:00+0400\"", "/scheduled_start" },
        { "\"scheduled_start\":\"2026-02-01T13:00:00+15:00\"", "/scheduled_start" },
        { "\"scheduled_start\":\"2026-02-01T13:00:00.Z\"", "/scheduled_start" },
        { "\"scheduled_start\":\"2026-02-01T13:00:00Z\\n\"", "/scheduled_start" },
        { "\"scheduled_start\":\"\\u0662026-02-01T13:00:00Z\"", "/scheduled_start" },
        { "\"scheduled_start\":\"1999-12-31T23:59:59Z\"", "/scheduled_start" },
        { "\"scheduled_start\":\"3000-01-01T00:00:00Z\"", "/scheduled_start" },
        { "\"scheduled_start\":\"0001-01-01T00:00:00+14:00\"", "/scheduled_start" },
        { "\"scheduled_start\":1769936400", "/scheduled_start" },
        { "\"scheduled_start\":null", "/scheduled_start" },
        { $"\"location_text\":\"{new string('x', 501)}\"", "/location_text" },
        { "\"status\":\"booked\"", "/status" },
        { "\"conversation_id\":\"x\"", "/conversation_id" },
        { "\"google_calendar_event_id\":\"x\"", "/google_calendar_event_id" },
        { $"\"notes\":\"{new string('x', 5001)}\"", "/notes" },
        { "\"assigned_user_id\":\"x\"", "/assigned_user_id" },
        { "\"booking_id\":\"x\"", "/booking_id" },
    };

    [Theory]
    [MemberData(nameof(BadMembers))]
    public void A_bad_member_is_pointed_at(string member, string pointer)
    {
        var rest = string.Join(',', (Person + "," + Times).Split(",\"").Select(part => "\"" + part.TrimStart('"')).Where(part => !part.StartsWith(member.Split(':')[0], StringComparison.Ordinal)));
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes($"{{{rest},{member}}}"));
        var exception = Assert.Throws<ValidationException>(() => RecordInput.ForCreate(RecordKinds.Appointment, document.RootElement));
        Assert.Equal(pointer, Assert.Single(exception.Errors).Pointer);
    }

    [Fact]
    public void Who_and_when_must_be_told()
    {
        using var document = StrictJson.Parse("{}"u8.ToArray());
        var exception = Assert.Throws<ValidationException>(() => RecordInput.ForCreate(RecordKinds.Appointment, document.RootElement));
        Assert.Equal(["/customer_name", "/customer_phone", "/scheduled_start", "/scheduled_end"], exception.Errors.Select(error => error.Pointer));
    }

    [Theory]
    [InlineData("2026-02-01T13:00:00+04:00", "2026-02-01T09:00:00.000Z")]
    [InlineData("2026-02-01t13:00:00.1239z", "2026-02-01T13:00:00.123Z")]
    [InlineData("2026-02-01T13:00:00.123456789-00:00", "2026-02-01T13:00:00.123Z")]
    [InlineData("2026-01-31T23:30:00-09:30", "2026-02-01T09:00:00.000Z")]
    [InlineData("2000-01-01T13:59:00.9+14:00", "1999-12-31T23:59:00.900Z")]
    public void A_moment_is_read_with_its_offset_to_the_millisecond(string text, string utc)
    {
        Assert.True(MomentText.TryParse(text, out var moment));
        Assert.Equal((utc, TimeSpan.Zero), (WireTime.Format(moment), moment.Offset));
    }

    [Fact]
    public async Task An_appointment_reads_as_it_was_created_in_UTC_without_its_notes()
    {
        var conversation = await _world.Conversation();
        var lead = await _world.Lead(conversation);
        var offering = (await _world.Create(RecordKinds.Offering, """{"title":"Viewing","price":0}""")).Record;
        var appointment = await Create($$""","location_text":"Room 1","notes":"allergic","conversation_id":"{{conversation.Id:D}}","lead_id":"{{lead.Id:D}}","offering_id":"{{offering.Id:D}}" """);
        Assert.Equal(
            $$"""{"id":"{{appointment.Id:D}}","customer_name":"Ada","customer_phone":"\u002B14155550100","customer_email":null,"scheduled_start":"2026-02-01T09:00:00.000Z","scheduled_end":"2026-02-01T10:00:00.000Z","location_text":"Room 1","status":"confirmed","conversation_id":"{{conversation.Id:D}}","lead_id":"{{lead.Id:D}}","offering_id":"{{offering.Id:D}}","google_calendar_event_id":null,"created_at":"2026-01-05T09:00:00.000Z"}""",
            Encoding.UTF8.GetString(RecordJson.Write(await Get(appointment))));
    }

    [Fact]
    public async Task Its_events_name_the_booking_by_its_id()
    {
        var appointment = await Create();
        Assert.StartsWith($$"""{"id":"{{appointment.Id:D}}","booking_id":"{{appointment.Id:D}}","customer_name":""", Encoding.UTF8.GetString(RecordJson.WriteData(appointment)), StringComparison.Ordinal);
        Assert.DoesNotContain("booking_id", Encoding.UTF8.GetString(RecordJson.Write(appointment)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-02-01T10:00:00Z", "2026-02-01T10:00:00Z")]
    [InlineData("2026-02-01T10:00:00.0001Z", "2026-02-01T10:00:00.0009Z")]
    [InlineData("2026-02-01T13:00:00Z", "2026-02-01T14:00:00+02:00")]
    public async Task It_ends_after_it_starts(string start, string end)
    {
        var exception = await Assert.ThrowsAsync<ValidationException>(() =>
            _world.Create(RecordKinds.Appointment, $$"""{{{Person}},"scheduled_start":"{{start}}","scheduled_end":"{{end}}"}"""));
        Assert.Equal("/scheduled_end", Assert.Single(exception.Errors).Pointer);
    }

    [Theory]
    [InlineData("""{"scheduled_start":"2026-02-01T10:00:00Z"}""")]
    [InlineData("""{"scheduled_end":"2026-02-01T09:00:00Z"}""")]
    public async Task A_change_of_one_side_cannot_turn_it_round(string patch)
    {
        var appointment = await Create();
        await Assert.ThrowsAsync<ValidationException>(() => _world.Patch(appointment, patch));
        Assert.Equal(1, (await Get(appointment)).Version);
    }

    [Theory]
    [InlineData("""{"scheduled_start":"2026-02-01T09:30:00Z"}""", "booking.rescheduled")]
    [InlineData("""{"scheduled_end":"2026-02-01T11:00:00Z","location_text":"Room 2"}""", "booking.rescheduled")]
    [InlineData("""{"scheduled_start":"2026-02-01T09:00:00Z","location_text":"Room 2"}""", "")]
    [InlineData("""{"status":"cancelled"}""", "booking.cancelled")]
    [InlineData("""{"status":"completed"}""", "booking.completed")]
    [InlineData("""{"status":"no_show"}""", "")]
    [InlineData("""{"status":"rescheduled"}""", "")]
    [InlineData("""{"status":"cancelled","scheduled_end":"2026-02-01T11:00:00Z"}""", "booking.rescheduled booking.cancelled")]
    public async Task A_change_emits_what_it_is_worth(string patch, string events)
    {
        var appointment = await Create();
        Assert.Equal("booking.created", await _world.EventsOfLastWrite());
        await _world.Patch(appointment, patch);
        Assert.Equal(events, await _world.EventsOfLastWrite());
    }

    [Fact]
    public async Task An_event_comes_with_every_transition_and_with_no_repeat()
    {
        var appointment = await Create();
        var seen = new List<string>();
        foreach (var status in new[] { "cancelled", "confirmed", "cancelled" })
        {
            await _world.Patch(appointment, $$"""{"status":"{{status}}"}""");
            seen.Add(await _world.EventsOfLastWrite());
        }

        Assert.Equal(["booking.cancelled", "", "booking.cancelled"], seen);
        var messages = _world.Queue.Inner.Messages("live").Count;
        await _world.Patch(appointment, """{"status":"cancelled"}""");
        Assert.Equal(messages, _world.Queue.Inner.Messages("live").Count);
    }

    [Theory]
    [InlineData("conversation_id", "conversation")]
    [InlineData("lead_id", "lead")]
    [InlineData("offering_id", "offering")]
    public async Task What_it_refers_to_must_be_there(string field, string kind)
    {
        var exception = await Assert.ThrowsAsync<NotFoundException>(() => Create($$""","{{field}}":"{{_world.Ids.Next():D}}" """));
        Assert.Equal(kind, exception.What);
        var appointment = await Create();
        await Assert.ThrowsAsync<ValidationException>(() => _world.Patch(appointment, $$"""{"{{field}}":null}"""));
    }

    [Fact]
    public async Task Lists_have_the_latest_start_first_and_of_two_at_once_the_newer_page_by_page()
    {
        var made = new List<Guid>();
        foreach (var day in new[] { 3, 1, 2, 2 })
        {
            made.Add((await Create(times: $$""" "scheduled_start":"2026-02-0{{day}}T09:00:00Z","scheduled_end":"2026-02-09T10:00:00Z" """)).Id);
        }

        Assert.Equal([made[0], made[3], made[2], made[1]], await List());

        // It moves with its start.
        await _world.Patch(await Get(made[1]), """{"scheduled_start":"2026-02-04T09:00:00Z"}""");
        await _world.Patch(await Get(made[2]), """{"location_text":"Room 2"}""");
        Assert.Equal([made[1], made[0], made[3], made[2]], await List());
        Assert.Equal(4, _world.Keys("ix|appointment.scheduled_start|").Count);
        await Assert.ThrowsAsync<ValidationException>(() => _world.Records.List(_world.Tenant, RecordKinds.Appointment, 2, _world.Ids.Next().ToString("D"), default));
    }

    [Theory]
    [InlineData("2026-03-01T09:00:00Z")]
    [InlineData("2026-01-10T09:00:00Z")]
    public async Task A_page_goes_on_where_the_one_before_ended_wherever_its_last_has_moved_since(string start)
    {
        var made = new List<Guid>();
        foreach (var day in new[] { 8, 6, 4, 2 })
        {
            made.Add((await Create(times: $$""" "scheduled_start":"2026-02-0{{day}}T09:00:00Z","scheduled_end":"2026-04-09T10:00:00Z" """)).Id);
        }

        var first = await _world.Records.List(_world.Tenant, RecordKinds.Appointment, 2, null, default);
        await _world.Patch(await Get(made[1]), $$"""{"scheduled_start":"{{start}}"}""");
        var second = await _world.Records.List(_world.Tenant, RecordKinds.Appointment, 10, first.NextCursor, default);

        Assert.Equal([made[0], made[1]], first.Records.Select(record => record.Id));
        Assert.Equal([made[2], made[3]], second.Records.Select(record => record.Id).Except([made[1]]));
    }

    [Fact]
    public async Task A_cursor_of_another_form_or_tenant_is_refused()
    {
        await Create();
        await Create();
        var cursor = (await _world.Records.List(_world.Tenant, RecordKinds.Appointment, 1, null, default)).NextCursor!;
        string[] others = ["", ".", cursor[20..], cursor[..20], "x" + cursor[1..], "\u0661" + cursor[1..], cursor + "0", cursor.Replace('.', '|'), $"{cursor[..20]}{_world.Ids.Next():D}"];
        foreach (var other in others)
        {
            await Assert.ThrowsAsync<ValidationException>(() => _world.Records.List(_world.Tenant, RecordKinds.Appointment, 1, other, default));
        }

        await Assert.ThrowsAsync<ValidationException>(() =>
            _world.Records.List(Core.Tenants.TenantId.New(TimeProvider.System), RecordKinds.Appointment, 1, cursor, default));
    }

    [Theory]
    [InlineData(10, 40)]
    [InlineData(-10, 30)]
    [InlineData(59, 89)]
    [InlineData(61, 90)]
    [InlineData(400, 90)]
    public async Task It_is_there_for_thirty_days_after_its_end_and_at_most_ninety_after_the_CRM_took_it(int endsAfter, int dueAfter)
    {
        await _world.Connect();
        var end = _world.Domain.GetUtcNow().AddDays(endsAfter);
        var appointment = await Create(times: $$""" "scheduled_start":"2020-01-01T00:00:00Z","scheduled_end":"{{WireTime.Format(end)}}" """);
        Assert.Null(appointment.PurgeDue);
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Appointment, appointment.Id, default);
        var due = _world.Domain.GetUtcNow().AddDays(dueAfter);
        Assert.Equal(due, (await Get(appointment)).PurgeDue);
        Assert.Contains(_world.Store.Inner.Dump(), entry => entry.Table == "PurgeIndex" && entry.Partition[2..].StartsWith(due.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));

        _world.Advance(TimeSpan.FromDays(dueAfter) - TimeSpan.FromMilliseconds(1));
        Assert.Single(await List());
        _world.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Empty(await List());
        await Assert.ThrowsAsync<NotFoundException>(() => Get(appointment));
    }

    [Fact]
    public async Task It_goes_to_the_CRM_behind_what_it_refers_to()
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        var offering = (await _world.Create(RecordKinds.Offering, """{"title":"Viewing","price":0}""")).Record;
        var appointment = await Create($$""","conversation_id":"{{conversation.Id:D}}","offering_id":"{{offering.Id:D}}" """);
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Appointment, appointment.Id, default);
        Assert.Empty(_world.Crm.Calls);
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Conversation, conversation.Id, default);
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Appointment, appointment.Id, default);
        Assert.Equal([CrmObject.Conversation, CrmObject.Appointment], _world.Crm.Calls.Select(call => call.Object));
        Assert.Equal("2026-02-01T09:00:00.000Z", (string)_world.Crm.Calls[1].Fields.Values["scheduled_start"]!);
    }

    private async Task<RecordRow> Create(string more = "", string times = Times) =>
        (await _world.Create(RecordKinds.Appointment, $$"""{{{Person}},{{times}}{{more}}}""")).Record;

    private Task<RecordRow> Get(RecordRow record) => Get(record.Id);

    private Task<RecordRow> Get(Guid id) => _world.Records.Get(_world.Tenant, RecordKinds.Appointment, id.ToString("D"), default);

    private async Task<IReadOnlyList<Guid>> List()
    {
        var ids = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await _world.Records.List(_world.Tenant, RecordKinds.Appointment, 3, cursor, default);
            ids.AddRange(page.Records.Select(record => record.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        return ids;
    }
}
