using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Invocation.Newtonsoft;
using Linq = global::Newtonsoft.Json.Linq;
using Referee = global::Newtonsoft.Json.JsonConvert;

namespace Vorel.LocalHost.Tests.Invocation.Newtonsoft;

/// <summary>Newtonsoft.Json itself is the referee: what it prints after reading is what ours must print.</summary>
public sealed class NewtonsoftJsonTests
{
    [Theory]
    [InlineData("1.10", "1.1")]
    [InlineData("1.0", "1.0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("12345678901234567890123", "12345678901234567890123")]
    [InlineData("0.12345678901234567890", "0.12345678901234568")]
    [InlineData("1e2", "100.0")]
    [InlineData("1e300", "1E+300")]
    [InlineData("""{ "b" : "1.10", "a" : [ true, null ] }""", """{"b":"1.10","a":[true,null]}""")]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"b":2,"a":3}""")]
    public void Numbers_lose_what_a_double_cannot_hold_and_texts_lose_nothing(string json, string reprinted) => AssertReprinted(json, reprinted);

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.1200Z", "2026-01-02T03:04:05.12Z")]
    [InlineData("2026-01-02T03:04:05.000", "2026-01-02T03:04:05")]
    [InlineData("2026-01-02T24:00:00Z", "2026-01-03T00:00:00Z")]
    [InlineData("2026-01-02T03:04:05.123456789", "2026-01-02T03:04:05.1234567")]
    [InlineData("/Date(1700000000000)/", "2023-11-14T22:13:20Z")]
    [InlineData("2026-01-02", "2026-01-02")]
    [InlineData("2026-02-30T00:00:00Z", "2026-02-30T00:00:00Z")]
    [InlineData("2026-01-02 03:04:05Z", "2026-01-02 03:04:05Z")]
    public void A_text_that_looks_like_a_date_is_printed_anew(string text, string reprinted) => AssertReprinted($"[\"{text}\"]", $"[\"{reprinted}\"]");

    [Theory]
    [InlineData("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05+00:00")]
    [InlineData("2026-07-02T03:04:05.50-0530", "2026-07-02T08:34:05.5+00:00")]
    public void An_offset_becomes_that_of_the_host(string text, string inUtc)
    {
        Assert.Equal($"\"{inUtc}\"", HostJson.Print(NewtonsoftJson.Deserialize($"\"{text}\"")));
        Assert.Equal(Referee.SerializeObject(Referee.DeserializeObject($"\"{text}\"")), HostJson.Print(NewtonsoftJson.Deserialize($"\"{text}\"", TimeZoneInfo.Local)));
    }

    [Fact]
    public void Any_json_comes_out_as_newtonsoft_prints_it() => Prop.ForAll(Arb.From(Json(4)), json =>
    {
        var expected = Referee.SerializeObject(Referee.DeserializeObject(json));
        var actual = HostJson.Print(NewtonsoftJson.Deserialize(json, TimeZoneInfo.Local));
        return (expected == actual).Label($"{json}: {expected}, not {actual}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Any_json_loaded_as_tokens_prints_over_several_lines_as_newtonsoft_does() => Prop.ForAll(Arb.From(Json(4)), json =>
    {
        using var reader = new global::Newtonsoft.Json.JsonTextReader(new StringReader(json)) { DateParseHandling = global::Newtonsoft.Json.DateParseHandling.None };
        var expected = Linq.JToken.Load(reader).ToString(global::Newtonsoft.Json.Formatting.Indented);
        var actual = HostJson.Print(NewtonsoftJson.Load(json, dates: false), indented: true);
        return (expected == actual).Label($"{json}: {expected}, not {actual}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Any_scalar_reads_as_newtonsoft_turns_it_into_a_text() => Prop.ForAll(Arb.From(Scalar()), json =>
    {
        // Ours takes the zone of a deployed host. At the ends of the calendar the way there and back loses the moment.
        var token = Linq.JToken.Parse($"[{json}]")[0]!;
        var expected = token is Linq.JValue { Value: DateTime { Kind: DateTimeKind.Local, Year: > 1 and < 9999 } moment } ? new Linq.JValue(moment.ToUniversalTime()) : token;
        var actual = NewtonsoftJson.Text(NewtonsoftJson.Load($"[{json}]")!.AsArray()[0]);
        return (expected.ToString() == actual || token is Linq.JValue { Value: DateTime { Kind: DateTimeKind.Local, Year: 1 or 9999 } }).Label($"{json}: {expected}, not {actual}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static void AssertReprinted(string json, string reprinted)
    {
        Assert.Equal(reprinted, Referee.SerializeObject(Referee.DeserializeObject(json)));
        Assert.Equal(reprinted, HostJson.Print(NewtonsoftJson.Deserialize(json)));
    }

    private static Gen<string> Json(int depth) => depth == 0
        ? Scalar()
        : Gen.Frequency(
            (3, Scalar()),
            (2, Gen.Resize(Json(depth - 1).ArrayOf(), 4).Select(items => $"[{string.Join(" , ", items)}]")),
            (2, Gen.Resize(Member(depth - 1).ArrayOf(), 4).Select(members => $"{{{string.Join(",\n", members)}}}")));

    private static Gen<string> Member(int depth) =>
        from name in Name()
        from value in Json(depth)
        select $"{name} : {value}";

    private static Gen<string> Scalar() => Gen.OneOf(
        Gen.Elements("true", "false", "null"),
        Number(),
        Date().Select(text => $"\"{text}\""),
        ArbMap.Default.GeneratorFor<UnicodeString>().Select(text => HostJson.Quote(Whole(text.Get))),
        ArbMap.Default.GeneratorFor<DateTime>().Select(time => Referee.SerializeObject(time)));

    /// <summary>Without halves of characters: those have no bytes, and so never come.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>Few names, so that some are equal.</summary>
    private static Gen<string> Name() => Gen.Elements("\"a\"", "\"A\"", "\"b\"", "\"c \\\"\"", "\"2026-01-02T03:04:05+02:00\"");

    private static Gen<string> Number() => Gen.OneOf(
        ArbMap.Default.GeneratorFor<long>().Select(number => $"{number}"),
        ArbMap.Default.GeneratorFor<NormalFloat>().Select(number => number.Get.ToString("R", System.Globalization.CultureInfo.InvariantCulture)),
        ArbMap.Default.GeneratorFor<decimal>().Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Elements("0", "-0", "0.0", "-0.0", "1.500", "1E5", "1e-7", "1e+22", "9223372036854775807", "9223372036854775808", "123456789012345678901234567890", "0.1", "1e400", "-1e400"));

    /// <summary>Dates, and what is nearly one.</summary>
    private static Gen<string> Date() =>
        from day in Gen.Elements("2026-01-02", "2024-02-29", "2023-02-29", "0001-01-01", "9999-12-30", "2026-13-01", "2026-1-02", "2026-01-00", "12026-01-02")
        from separator in Gen.Elements("T", "T", "T", "t", " ")
        from time in Gen.Elements("03:04:05", "23:59:59", "24:00:00", "24:00:01", "3:04:05", "03:60:05", "03:04", "03:04:61", "25:00:00", "00:00:00")
        from fraction in Gen.Elements("", "", ".", ".0", ".5", ".120", ".1234567", ".12345678", ".123456789", ".1234567890", ".x")
        from zone in Gen.Elements("", "", "Z", "z", "+00:00", "+02:00", "-05:30", "+0200", "-0530", "+02", "-5", "+14:00", "+99:99", "+02:0", "+02:", "Z ", "ZZ", ":30", "30", "+24:00")
        select $"{day}{separator}{time}{fraction}{zone}";
}
