using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>Bodies that have no meaning, more than one, or one that costs too much to find out: 400 on every address that takes a body.</summary>
[Trait("Area", "hostile")]
public sealed class JsonAttackTests
{
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    private static readonly Dictionary<string, byte[]> s_bodies = new()
    {
        ["nothing"] = [],
        ["blanks"] = "  \r\n\t "u8.ToArray(),
        ["a byte order mark"] = [0xEF, 0xBB, 0xBF, .. "{}"u8],
        ["UTF-16, little end first"] = Encoding.Unicode.GetBytes("""{"name":"x"}"""),
        ["UTF-16, with its mark"] = [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("""{"name":"x"}""")],
        ["UTF-32"] = Encoding.UTF32.GetBytes("""{"name":"x"}"""),
        ["an overlong slash"] = [.. "{\"name\":\""u8, 0xC0, 0xAF, .. "\"}"u8],
        ["an overlong NUL"] = [.. "{\"name\":\""u8, 0xC0, 0x80, .. "\"}"u8],
        ["a surrogate as UTF-8"] = [.. "{\"name\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8],
        ["a character beyond Unicode"] = [.. "{\"name\":\""u8, 0xF4, 0x90, 0x80, 0x80, .. "\"}"u8],
        ["a character cut in half"] = [.. "{\"name\":\""u8, 0xE2, 0x82, .. "\"}"u8],
        ["bytes that are not UTF-8 in a name"] = [.. "{\"na"u8, 0xFF, 0xFE, .. "\":1}"u8],
        ["a raw NUL"] = "{\"name\":\"\0\"}"u8.ToArray(),
        ["a raw NUL behind"] = "{}\0"u8.ToArray(),
        ["a raw line end in a text"] = "{\"name\":\"a\nb\"}"u8.ToArray(),
        ["a raw escape in a text"] = "{\"name\":\"\u001b[31m\"}"u8.ToArray(),
        ["a blank that JSON does not know"] = "\u00A0{}"u8.ToArray(),
        ["a line separator outside of texts"] = "{}\u2028"u8.ToArray(),
        ["a vertical tab"] = "\v{}"u8.ToArray(),
        ["a compressed body"] = [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0],
        ["a JSON text sequence"] = "\u001e{}\n"u8.ToArray(),
        ["17 levels"] = Text($"{{\"attributes\":{new string('[', 16)}{new string(']', 16)}}}"),
        ["100,000 levels of arrays"] = Text(new string('[', 100_000)),
        ["100,000 levels that are closed"] = Text(new string('[', 100_000) + new string(']', 100_000)),
        ["50,000 levels of objects"] = Text(string.Concat(Enumerable.Repeat("{\"a\":", 50_000))),
        ["a number of 400,000 digits"] = Text("{\"a\":" + new string('9', 400_000) + "}"),
        ["100,000 members"] = Text("{" + string.Join(',', Enumerable.Range(0, 40_000).Select(number => $"\"m{number}\":1")) + "}"),
        ["a name of 500,000 characters"] = Text("{\"" + new string('n', 500_000) + "\":1}"),
        ["an array of 250,000 zeroes"] = Text("[" + string.Join(',', Enumerable.Repeat('0', 250_000)) + "]"),
    };

    public static TheoryData<string> Bodies => [.. s_bodies.Keys];

    public static TheoryData<string> Texts =>
    [
        "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":\"", "{\"a\":\"\\", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "[", "[1,]", "[]", "[{}]", "null", "true", "0", "\"text\"",
        "{}{}", "{}[]", "{} x", "{},", "{\"a\":1,}", "{,}", "{\"a\":1,,\"b\":2}", "{'a':1}", "{a:1}", "{\"a\":1;}", "{\"a\"=1}", "// c\n{}", "{/* c */}", "{}//c", "# c\n{}", "<!-- -->{}",
        "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":-Infinity}", "{\"a\":undefined}", "{\"a\":True}", "{\"a\":nan}", "{\"a\":1e400}", "{\"a\":-1e400}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}",
        "{\"a\":5.}", "{\"a\":0x1F}", "{\"a\":1_000}", "{\"a\":1e}", "{\"a\":--1}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\\ud800\"}", "{\"\\udfff\":1}",
        "{\"name\":\"a\",\"name\":\"b\"}", "{\"name\":\"a\",\"n\\u0061me\":\"b\"}", "{\"attributes\":{\"a\":{\"b\":1,\"b\":2}}}", "{\"Name\":\"a\",\"name\":\"b\"}", "{\"NAME\":\"a\"}", "{\"name \":\"a\"}",
        "{\"\":1}", "{\"__proto__\":{\"admin\":true}}", "{\"constructor\":{}}", "{\"$type\":\"System.IO.FileInfo\"}", "{\"$id\":\"1\",\"$ref\":\"1\"}", "{\"@odata.type\":\"x\"}", "{\"tenant\":\"x\"}",
        "{\"Tenant\":\"x\",\"tenant\":\"y\"}", "{\"id\":\"x\"}", "{\"vorel_version\":9}", "{\"Timestamp\":\"x\"}", "{\"RowKey\":\"x\"}", "{\"created_at\":\"2020-01-01T00:00:00Z\"}",
        "name=x&channel=webform", "<x/>", "a: b", "callback({})", ")]}',\n{}", "{\"name\":\"\\u0000\"}", "{\"\\u0000\":1}",
    ];

    public static TheoryData<string, string> BadValues => new()
    {
        { "1e400", "/attributes/a" },
        { "-1e400", "/attributes/a" },
        { "\"\\u0000\"", "/attributes/a" },
        { "{\"\\u0000\":1}", "/attributes/a" },
        { "[\"x\",\"a\\u0000b\"]", "/attributes/a/1" },
        { "\"\\ud83d\"", "/attributes/a" },
        { "{\"b\":1,\"b\":2}", "/attributes/a/b" },
        { "[[[[[]]]]]", "/attributes" },
    };

    public static TheoryData<string> OddValues =>
    [
        "12345678901234567890", "-0", "-0.0", "0.10", "1E+2", "1e-400", "0.1000000000000000055511151231257827", "\"\"", "\"1e400\"", "\"NaN\"", "\"-Infinity\"", "[]", "{}", "false",
        "\"\\u202Eevil\\u202C\"", "\"\\u200B\"", "\"\\uD83D\\uDC69\\u200D\\uD83D\\uDCBB\"", "\"e\\u0301\"", "\"\\r\\n\\u001B[31m\"", "{\"__proto__\":{\"a\":1}}", "{\"B\":1,\"b\":2}", "\"x) or (1 eq 1\"",
        "\"{{7*7}}${7*7}\"", "\"\\u003Cscript\\u003E\"",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public Task A_body_that_is_not_one_json_object_of_ours_is_400_wherever_it_is_sent(string name) => AssertRefusedEverywhere(s_bodies[name]);

    [Theory]
    [MemberData(nameof(Texts))]
    public Task A_text_that_is_not_one_json_object_of_ours_is_400_wherever_it_is_sent(string body) => AssertRefusedEverywhere(Text(body));

    [Theory]
    [MemberData(nameof(BadValues))]
    public async Task A_value_without_one_meaning_is_400_deep_in_attributes_too(string value, string pointer)
    {
        var api = await s_api;

        var answer = await api.AssertRefused(400, "validation_error", () => api.Own.Client.Patch(api.Own.LeadPath, $"{{\"attributes\":{{\"a\":{value}}}}}"), value);

        Assert.Equal(pointer, answer.Json["errors"]![0]!["pointer"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(OddValues))]
    public async Task A_value_that_is_odd_and_has_one_meaning_comes_back_as_it_was_sent(string value)
    {
        var api = await s_api;

        var changed = await api.Own.Client.Patch(api.Own.LeadPath, $"{{\"attributes\":{{\"odd\":{value}}}}}");
        var read = await api.Own.Client.Get(api.Own.LeadPath);

        Assert.Equal(200, changed.Status);
        Assert.Equal(changed.Body, read.Body);
        Assert.Contains($"\"odd\":{value}", read.Body, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedEverywhere(byte[] body)
    {
        var api = await s_api;
        foreach (var (method, path, client) in api.BodyRoutes)
        {
            await api.AssertRefused(400, "validation_error", () => client.Send(method, path, Json(body)), $"{method} {path}");
        }
    }

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static byte[] Text(string body) => Encoding.UTF8.GetBytes(body);
}
