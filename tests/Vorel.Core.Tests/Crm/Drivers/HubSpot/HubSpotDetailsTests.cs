using FsCheck;
using FsCheck.Fluent;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Drivers.HubSpot;

namespace Vorel.Core.Tests.Crm.Drivers.HubSpot;

public sealed class HubSpotDetailsTests
{
    [Fact]
    public void Any_value_comes_back_with_its_line_ends() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll<string?, string?>((one, other) =>
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["one"] = one ?? "", ["other"] = other ?? "" };
        var read = HubSpotDetails.Read(HubSpotDetails.Write(fields));
        return read.Count == 2 && read["one"] == Plain(one) && read["other"] == Plain(other);
    }));

    [Theory]
    [InlineData("phone: +1\nname: x")]
    [InlineData("\n\nname: x\n")]
    [InlineData("  two\n    four")]
    [InlineData("\u2028name: x\u0085y: z")]
    public void A_value_that_looks_like_fields_is_one_value(string value)
    {
        var read = HubSpotDetails.Read(HubSpotDetails.Write(new Dictionary<string, string> { ["notes"] = value, ["status"] = "new" }));
        Assert.Equal([new("notes", value), new("status", "new")], read);
    }

    [Fact]
    public void What_people_add_stays()
    {
        var text = HubSpotDetails.Merge("called twice\nstatus: new\nasked for a discount", new Dictionary<string, string> { ["intent"] = "to buy" });
        Assert.Equal("note: called twice\nstatus: new\n  asked for a discount\nintent: to buy", text);
    }

    [Fact]
    public void An_empty_value_takes_a_field_away() =>
        Assert.Equal("b: 2", HubSpotDetails.Merge("a: 1\nb: 2", new Dictionary<string, string> { ["a"] = "", ["c"] = "" }));

    [Fact]
    public void More_than_HubSpot_takes_is_refused() => Assert.Equal(
        CrmErrorCode.ValidationError,
        Assert.Throws<CrmException>(() => HubSpotDetails.Write(new Dictionary<string, string> { ["a"] = new string('x', 65_534) })).Code);

    private static string Plain(string? text) => (text ?? "").Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
