using System.Text;
using Vorel.LocalHost.Invocation.Newtonsoft;
using Vorel.LocalHost.Invocation.Outputs;

namespace Vorel.LocalHost.Tests.Invocation.Outputs;

public sealed class OutputValueTests
{
    [Theory]
    [InlineData("\"test\"", "b5eb2d")] // Four letters are base64, whatever was meant.
    [InlineData("\"aGVsbG8=\"", "68656c6c6f")]
    public void A_text_that_is_base64_is_decoded_to_its_bytes(string json, string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(Assert.Single(Value(json)!.Messages())));

    [Fact]
    public void A_binary_binding_leaves_base64_alone() => Assert.Equal(["aGVsbG8="], Messages("\"aGVsbG8=\"", decode: false));

    [Theory]
    [InlineData("""["one!",2,2.50,true,{"a":1}]""", "one!|2|2.5|True|{\n  \"a\": 1\n}")]
    [InlineData("""
        "[\"one!\", {\"b\":[],\"a\":[1]}]"
        """, "one!|{\n  \"b\": [],\n  \"a\": [\n    1\n  ]\n}")]
    [InlineData("[]", "")]
    public void An_array_and_a_text_that_holds_one_are_several_messages(string json, string messages) =>
        Assert.Equal(messages, string.Join('|', Messages(json)));

    [Theory]
    [InlineData("""{"v":1}""", "{\n  \"v\": 1\n}")]
    [InlineData("""
        " {\"at\":\"2026-01-02T03:04:05.500+02:00\",\"n\":1.10} "
        """, "{\n  \"at\": \"2026-01-02T01:04:05.5+00:00\",\n  \"n\": 1.1\n}")]
    [InlineData("\"2026-01-02T03:04:05Z\"", "01/02/2026 03:04:05")]
    [InlineData("1.50", "1.5")]
    public void Json_is_printed_anew_with_its_dates_and_numbers_changed(string json, string message) => Assert.Equal([message], Messages(json));

    [Fact]
    public void A_text_that_only_looks_like_json_cannot_be_written() =>
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => Messages("\"{broken}\""));

    [Fact]
    public void Null_writes_nothing() => Assert.Null(OutputValue.From(null, decode: true));

    [Fact]
    public void Only_objects_start_orchestrations()
    {
        Assert.Equal(["A", "B"], Value("""[{"FunctionName":"A"},{"FunctionName":"B"}]""")!.Objects().Select(start => start["FunctionName"]!.ToString()));
        Assert.Equal("A", Assert.Single(Value("\"{\\\"FunctionName\\\":\\\"A\\\"}\"")!.Objects())["FunctionName"]!.ToString());
        Assert.Throws<InvalidDataException>(() => Value("\"text!\"")!.Objects().ToList());
        Assert.Throws<InvalidDataException>(() => Value("[1]")!.Objects().ToList());
    }

    private static OutputValue? Value(string json, bool decode = true) => OutputValue.From(NewtonsoftJson.Deserialize(json), decode);

    private static List<string> Messages(string json, bool decode = true) => [.. Value(json, decode)!.Messages().Select(Encoding.UTF8.GetString)];
}
