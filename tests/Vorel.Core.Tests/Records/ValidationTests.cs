using System.Text;
using Vorel.Core.Errors;
using Vorel.Core.Json;
using Vorel.Core.Records;

namespace Vorel.Core.Tests.Records;

public sealed class ValidationTests
{
    private const string Id = "019b8d5e-0000-7000-8000-000000000000";

    public static TheoryData<string, string> BadConversations => new()
    {
        { """[]""", "" },
        { """null""", "" },
        { """{}""", "/channel /customer_identifier" },
        { """{"channel":"fax","customer_identifier":"1"}""", "/channel" },
        { """{"channel":"Voice","customer_identifier":"1"}""", "/channel" },
        { """{"channel":1,"customer_identifier":2}""", "/channel /customer_identifier" },
        { """{"channel":null,"customer_identifier":null}""", "/channel /customer_identifier" },
        { """{"channel":"voice","customer_identifier":""}""", "/customer_identifier" },
        { $$"""{"channel":"voice","customer_identifier":"{{new string('x', 256)}}"}""", "/customer_identifier" },
        { $$"""{"channel":"voice","customer_identifier":"1","customer_name":"{{new string('x', 201)}}"}""", "/customer_name" },
        { """{"channel":"voice","customer_identifier":"1","customer_language":"english"}""", "/customer_language" },
        { """{"channel":"voice","customer_identifier":"1","customer_language":"EN"}""", "/customer_language" },
        { """{"channel":"voice","customer_identifier":"1","customer_language":"en-us"}""", "/customer_language" },
        { """{"channel":"voice","customer_identifier":"1","customer_language":"en\n"}""", "/customer_language" },
        { """{"channel":"voice","customer_identifier":"1","status":"closed"}""", "/status" },
        { """{"channel":"voice","customer_identifier":"1","id":"1"}""", "/id" },
        { """{"channel":"voice","customer_identifier":"1","Channel":"voice"}""", "/Channel" },
        { """{"channel":"voice","customer_identifier":"1","a/b~c":1}""", "/a~1b~0c" },
        { """{"x":1,"channel":2}""", "/x /channel /customer_identifier" },
    };

    [Theory]
    [MemberData(nameof(BadConversations))]
    public void A_bad_conversation_is_refused_with_all_its_errors(string json, string pointers) =>
        Assert.Equal(pointers, Refused(json, body => RecordInput.ForCreate(RecordKinds.Conversation, body)));

    public static TheoryData<string, string> BadLeadMembers => new()
    {
        { "\"conversation_id\":\"x\"", "/conversation_id" },
        { "\"conversation_id\":null", "/conversation_id" },
        { "\"name\":1", "/name" },
        { "\"email\":\"ada\"", "/email" },
        { "\"email\":\"ada@localhost\"", "/email" },
        { "\"email\":\"a da@example.com\"", "/email" },
        { "\"email\":\"ada@exa mple.com\"", "/email" },
        { "\"email\":\"ada@@example.com\"", "/email" },
        { "\"email\":\".ada@example.com\"", "/email" },
        { "\"email\":\"ada@example..com\"", "/email" },
        { "\"email\":\"ada@-example.com\"", "/email" },
        { "\"email\":\"ada@example.com\\r\\nBcc: x@y.zz\"", "/email" },
        { $"\"email\":\"{new string('a', 65)}@example.com\"", "/email" },
        { $"\"phone\":\"{new string('1', 33)}\"", "/phone" },
        { $"\"intent\":\"{new string('1', 41)}\"", "/intent" },
        { $"\"timeline\":\"{new string('1', 41)}\"", "/timeline" },
        { $"\"source\":\"{new string('1', 41)}\"", "/source" },
        { "\"qualification_score\":-1", "/qualification_score" },
        { "\"qualification_score\":101", "/qualification_score" },
        { "\"qualification_score\":85.0", "/qualification_score" },
        { "\"qualification_score\":8.5e1", "/qualification_score" },
        { "\"qualification_score\":\"85\"", "/qualification_score" },
        { "\"qualification_score\":12345678901234567890", "/qualification_score" },
        { "\"qualification_score\":true", "/qualification_score" },
        { "\"status\":\"won\"", "/status" },
        { "\"status\":null", "/status" },
        { "\"attributes\":null", "/attributes" },
        { "\"attributes\":[]", "/attributes" },
        { "\"attributes\":{\"1\":{\"2\":{\"3\":{\"4\":{\"5\":{}}}}}}", "/attributes" },
        { "\"attributes\":{\"1\":{\"2\":{\"3\":{\"4\":[[]]}}}}", "/attributes" },
        { $"\"attributes\":{{\"a\":\"{new string('x', 32 * 1024)}\"}}", "/attributes" },
        { $"\"notes\":\"{new string('x', 5001)}\"", "/notes" },
        { "\"updated_at\":\"2026-01-01T00:00:00Z\"", "/updated_at" },
        { "\"created_at\":\"2026-01-01T00:00:00Z\"", "/created_at" },
    };

    [Theory]
    [MemberData(nameof(BadLeadMembers))]
    public void A_bad_member_of_a_lead_is_pointed_at(string member, string pointer)
    {
        var json = member.Contains("conversation_id", StringComparison.Ordinal) ? $"{{{member}}}" : $$"""{"conversation_id":"{{Id}}",{{member}}}""";
        Assert.Equal(pointer, Refused(json, body => RecordInput.ForCreate(RecordKinds.Lead, body)));
    }

    public static TheoryData<string> GoodLeadMembers => new()
    {
        "\"name\":\"\"",
        "\"name\":null",
        $"\"name\":\"{string.Concat(Enumerable.Repeat("\\ud83d\\ude00", 200))}\"",
        "\"email\":\"ada.lovelace+crm@mail.example.co\"",
        "\"email\":\"дара@пример.рф\"",
        "\"email\":null",
        $"\"phone\":\"{new string('1', 32)}\"",
        "\"qualification_score\":0",
        "\"qualification_score\":100",
        "\"qualification_score\":-0",
        "\"qualification_score\":null",
        "\"attributes\":{}",
        "\"attributes\":{\"1\":{\"2\":{\"3\":{\"4\":{\"5\":1}}}}}",
        $"\"notes\":\"{new string('x', 5000)}\"",
    };

    [Theory]
    [MemberData(nameof(GoodLeadMembers))]
    public void A_good_member_of_a_lead_is_taken(string member)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes($$"""{"conversation_id":"{{Id}}",{{member}}}"""));
        Assert.Equal(2, RecordInput.ForCreate(RecordKinds.Lead, document.RootElement).Values.Count);
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("[]", "")]
    [InlineData("""{"conversation_id":"019b8d5e-0000-7000-8000-000000000000"}""", "/conversation_id")]
    [InlineData("""{"notes":"x"}""", "/notes")]
    [InlineData("""{"id":"x","status":"won","name":5}""", "/id /status /name")]
    public void A_patch_names_only_what_may_change_and_at_least_one(string json, string pointers) =>
        Assert.Equal(pointers, Refused(json, body => RecordInput.ForPatch(RecordKinds.Lead, body)));

    [Theory]
    [InlineData("""{"channel":"voice"}""", "/channel")]
    [InlineData("""{"customer_identifier":"1"}""", "/customer_identifier")]
    [InlineData("""{"status":"closed"}""", "/status")]
    public void A_conversation_changes_its_name_and_language_only(string json, string pointers) =>
        Assert.Equal(pointers, Refused(json, body => RecordInput.ForPatch(RecordKinds.Conversation, body)));

    [Theory]
    [InlineData("""{"phone":"14155550100"}""", "/phone")]
    [InlineData("""{"phone":"+0155550100"}""", "/phone")]
    [InlineData("""{"phone":"+1"}""", "/phone")]
    [InlineData("""{"phone":"+1234567890123456"}""", "/phone")]
    [InlineData("""{"phone":"+1 415 555 0100"}""", "/phone")]
    [InlineData("""{"phone":"+14155550100\n"}""", "/phone")]
    [InlineData("""{"phone":"+\u0661\u0664\u0661\u0665"}""", "/phone")]
    [InlineData("""{"phone":14155550100}""", "/phone")]
    [InlineData("""{"email":"ada"}""", "/email")]
    [InlineData("""{"external_id":""}""", "/external_id")]
    [InlineData("""{"phone":"+14155550100","language":"english","status":"vip"}""", "/language /status")]
    [InlineData("""{"phone":"+14155550100","id":"1"}""", "/id")]
    public void A_bad_customer_is_refused_with_all_its_errors(string json, string pointers) =>
        Assert.Equal(pointers, Refused(json, body => RecordInput.ForCreate(RecordKinds.Customer, body)));

    [Theory]
    [InlineData("external_id", 255)]
    [InlineData("name", 200)]
    public void A_text_of_a_customer_has_its_limit(string field, int limit)
    {
        var json = $$"""{"phone":"+14155550100","{{field}}":"{{new string('x', limit)}}"}""";
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(json));
        Assert.Equal(2, RecordInput.ForCreate(RecordKinds.Customer, document.RootElement).Values.Count);
        Assert.Equal("/" + field, Refused(json.Replace("xx", "xxx", StringComparison.Ordinal), body => RecordInput.ForCreate(RecordKinds.Customer, body)));
    }

    [Theory]
    [InlineData("{}", "/role")]
    [InlineData("""{"role":"assistant","content":"x"}""", "/role")]
    [InlineData("""{"role":"customer","content":""}""", "/content")]
    [InlineData("""{"role":"customer","content":1}""", "/content")]
    [InlineData("""{"role":"customer","content":"x","language":"arabic"}""", "/language")]
    [InlineData("""{"role":"customer","content":"x","language":"Mixed"}""", "/language")]
    [InlineData("""{"role":"customer","media_url":"x"}""", "/media_url")]
    [InlineData("""{"role":"customer","media_url":"ftp://example.com/x"}""", "/media_url")]
    [InlineData("""{"role":"customer","media_url":"https://example.com/a b"}""", "/media_url")]
    [InlineData("""{"role":"customer","media_url":"javascript:alert(1)"}""", "/media_url")]
    [InlineData("""{"role":"customer","media_url":"https://crm.example.com@evil.example/"}""", "/media_url")]
    [InlineData("""{"role":"customer","media_url":"https:\\\\evil.example"}""", "/media_url")]
    [InlineData("""{"role":"customer","media_url":"https://crm.example.com\\\\@evil.example/"}""", "/media_url")]
    [InlineData("""{"role":"tool","tool_payload":[]}""", "/tool_payload")]
    [InlineData("""{"role":"tool","tool_payload":{"1":{"2":{"3":{"4":{"5":{}}}}}}}""", "/tool_payload")]
    [InlineData("""{"role":"customer","content":"x","sequence_number":1,"conversation_id":"019b8d5e-0000-7000-8000-000000000000","id":"1"}""", "/sequence_number /conversation_id /id")]
    public void A_bad_message_is_refused_with_all_its_errors(string json, string pointers) =>
        Assert.Equal(pointers, Refused(json, body => RecordInput.ForCreate(RecordKinds.Message, body)));

    [Theory]
    [InlineData("content")]
    [InlineData("content_translated")]
    public void A_text_of_a_message_has_at_most_sixteen_thousand_characters(string field)
    {
        var most = string.Concat(Enumerable.Repeat("\U0001F600", 16_000));
        Assert.InRange(most.Length, 16_001, 32_767);
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes($$"""{"role":"customer","{{field}}":"{{most}}"}"""));
        Assert.Equal(2, RecordInput.ForCreate(RecordKinds.Message, document.RootElement).Values.Count);
        Assert.Equal("/" + field, Refused($$"""{"role":"customer","{{field}}":"{{most}}x"}""", body => RecordInput.ForCreate(RecordKinds.Message, body)));
    }

    [Fact]
    public void A_message_does_not_change() =>
        Assert.Equal("/role /content", Refused("""{"role":"tool","content":"x"}""", body => RecordInput.ForPatch(RecordKinds.Message, body)));

    [Fact]
    public void Attributes_that_grow_too_large_by_merging_are_refused()
    {
        var half = Encoding.UTF8.GetBytes($$"""{"a":"{{new string('x', 20 * 1024)}}"}""");
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes($$"""{"b":"{{new string('x', 20 * 1024)}}"}"""));
        Assert.Throws<ValidationException>(() => Attributes.Merge(half, document.RootElement, "/attributes"));
        using var replacement = StrictJson.Parse(Encoding.UTF8.GetBytes($$"""{"a":"{{new string('y', 20 * 1024)}}"}"""));
        Assert.Equal(half.Length, Attributes.Merge(half, replacement.RootElement, "/attributes").Length);
    }

    [Fact]
    public void Messages_do_not_repeat_the_value()
    {
        var exception = Assert.Throws<ValidationException>(() =>
        {
            using var document = StrictJson.Parse(Encoding.UTF8.GetBytes("""{"channel":"canary-1","customer_identifier":7,"customer_language":"canary-2"}"""));
            RecordInput.ForCreate(RecordKinds.Conversation, document.RootElement);
        });
        Assert.DoesNotContain(exception.Errors, error => error.Message.Contains("canary", StringComparison.Ordinal));
    }

    private static string Refused(string json, Action<System.Text.Json.JsonElement> read)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(json));
        var exception = Assert.Throws<ValidationException>(() => read(document.RootElement));
        return string.Join(' ', exception.Errors.Select(error => error.Pointer));
    }
}
