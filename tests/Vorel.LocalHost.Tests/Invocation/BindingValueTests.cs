using System.Text.Json.Nodes;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Tests.Invocation;

public sealed class BindingValueTests
{
    [Theory]
    [InlineData("hello", """
        "\"hello\""
        """)]
    [InlineData("5", """
        "\"5\""
        """)]
    [InlineData("{\"a\":1}", """
        "\"{\\\"a\\\":1}\""
        """)]
    [InlineData("line\nend <é>", """
        "\"line\\nend <é>\""
        """)]
    [InlineData("\u2028\u0085\u0001", """
        "\"\\u2028\\u0085\\u0001\""
        """)]
    public void A_text_is_json_inside_a_json_string(string text, string wire) => Assert.Equal(wire.Trim(), BindingValue.Text(text).ToWire());

    [Theory]
    [InlineData("""{"a":1,"b":"x<y"}""", """{"a":1,"b":"x<y"}""")]
    [InlineData("""["a"]""", """
        "[\"a\"]"
        """)]
    [InlineData("true", """
        "true"
        """)]
    [InlineData("null", """
        "null"
        """)]
    public void Only_an_object_stays_json(string json, string wire) => Assert.Equal(wire.Trim(), BindingValue.Json(JsonNode.Parse(json)).ToWire());

    [Fact]
    public void Numbers_are_quoted_bytes_are_base64_once_and_times_lose_their_fractions()
    {
        Assert.Equal("\"5\"", BindingValue.Number(5).ToWire());
        Assert.Equal("\"null\"", BindingValue.Null.ToWire());
        Assert.Equal("\"AQI=\"", BindingValue.Bytes(new byte[] { 1, 2 }).ToWire());
        Assert.Equal("\"2024-05-06T07:08:09+00:00\"", BindingValue.Time(new DateTimeOffset(2024, 5, 6, 7, 8, 9, 987, TimeSpan.Zero)).ToWire());
    }
}
