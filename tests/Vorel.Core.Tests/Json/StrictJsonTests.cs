using System.Text;
using Vorel.Core.Errors;
using Vorel.Core.Json;

namespace Vorel.Core.Tests.Json;

[Trait("Area", "hostile")]
public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":Infinity}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":+1}")]
    [InlineData("// comment\n{}")]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"a\":\"line\nbreak\"}")]
    [InlineData("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]")]
    public void What_is_not_json_is_refused_without_quoting_it(string body)
    {
        var error = Assert.Single(Refused(body));
        Assert.Equal("", error.Pointer);
        Assert.Matches(@"\Ais not well-formed JSON of at most 16 levels \(line \d+, byte \d+\)\z", error.Message);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "/a")]
    [InlineData("""{"a":1,"\u0061":2}""", "/a")]
    [InlineData("""{"x":[{},{"b":{"c":1,"c":1}}]}""", "/x/1/b/c")]
    [InlineData("""{"a/b":[1,[0,{"~":1,"~":1}]]}""", "/a~1b/1/1/~0")]
    public void A_name_that_appears_twice_is_pointed_at(string body, string pointer)
    {
        var error = Assert.Single(Refused(body));
        Assert.Equal((pointer, "appears more than once"), (error.Pointer, error.Message));
    }

    [Theory]
    [InlineData("""{"a":[1,1e400]}""", "/a/1")]
    [InlineData("""{"a":-1e400}""", "/a")]
    public void A_number_beyond_a_double_is_refused(string body, string pointer) => Assert.Equal(pointer, Assert.Single(Refused(body)).Pointer);

    [Theory]
    [InlineData("""{"a":["\ud800"]}""", "/a/0")]
    [InlineData("""{"a":"\udc00\ud800"}""", "/a")]
    [InlineData("""{"b":{"\ud800":1}}""", "/b")]
    public void A_lone_surrogate_is_refused(string body, string pointer) => Assert.Equal(pointer, Assert.Single(Refused(body)).Pointer);

    [Theory]
    [InlineData("""{"x":1,"a":["\u0000"]}""", "/a/0")]
    [InlineData("""{"x":1,"a":{"\u0000":1}}""", "/a")]
    [InlineData("""{"x":1,"a\u0000":1}""", "")]
    [InlineData("""{"x":1,"\udfff":1}""", "")]
    public void A_character_of_value_zero_is_refused_and_a_bad_name_is_pointed_at_by_its_object(string body, string pointer) =>
        Assert.Equal(pointer, Assert.Single(Refused(body)).Pointer);

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        byte[] body = [.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        Assert.Throws<ValidationException>(() => StrictJson.Parse(body));
    }

    [Theory]
    [InlineData("""{"a":1,"A":2,"b":{"a":1},"c":[{"a":1},{"a":1}]}""")]
    [InlineData("""{"a":"\ud83d\ude00","b":12345678901234567890,"c":-0,"d":1e-400}""")]
    [InlineData(" [ ] ")]
    public void What_has_one_meaning_is_taken(string body)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(body));
        Assert.NotEqual(default, document.RootElement.ValueKind);
    }

    private static IReadOnlyList<FieldError> Refused(string body) =>
        Assert.Throws<ValidationException>(() => StrictJson.Parse(Encoding.UTF8.GetBytes(body))).Errors;
}
