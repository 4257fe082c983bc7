using System.Text.Json.Nodes;
using Vorel.LocalHost.Durable.Turns;

namespace Vorel.LocalHost.Tests.Durable.Turns;

public sealed class ReprintedJsonTests
{
    [Theory]
    [InlineData("1.10", "1.1")]
    [InlineData("1.0", "1.0")]
    [InlineData("-0", "0")]
    [InlineData("12345678901234567890123", "12345678901234567890123")]
    [InlineData("0.12345678901234567890", "0.12345678901234568")]
    [InlineData("1e2", "100.0")]
    [InlineData("""{ "b" : "1.10", "a" : [ true, null ] }""", """{"b":"1.10","a":[true,null]}""")]
    public void Numbers_lose_what_a_double_cannot_hold_and_texts_lose_nothing(string json, string reprinted) =>
        Assert.Equal(reprinted, ReprintedJson.Of(JsonNode.Parse(json)));
}
