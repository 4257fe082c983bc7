using FsCheck;
using FsCheck.Fluent;
using Vorel.Azure.Tables;

namespace Vorel.Azure.Tests.Tables;

public sealed class TableFilterTests
{
    [Fact]
    public void Values_are_written_as_literals_of_their_types()
    {
        var id = Guid.Parse("0198c2f0-1111-7222-8333-444455556666");
        var time = new DateTimeOffset(2026, 3, 1, 14, 0, 0, TimeSpan.FromHours(2)).AddTicks(1);

        Assert.Equal("a eq 'it''s'", Text($"a eq {"it's"}"));
        Assert.Equal("a eq guid'0198c2f0-1111-7222-8333-444455556666'", Text($"a eq {id}"));
        Assert.Equal("a ge datetime'2026-03-01T12:00:00.0000001Z'", Text($"a ge {time}"));
        Assert.Equal("a lt -5L and b eq 7", Text($"a lt {-5L} and b eq {7}"));
        Assert.Equal("a eq true or a eq false", Text($"a eq {true} or a eq {false}"));
        Assert.Equal("a gt 1.5 and b gt 2.0 and c gt 1E+300", Text($"a gt {1.5} and b gt {2.0} and c gt {1e300}"));
        Assert.Equal("a eq X'00ff'", Text($"a eq {new byte[] { 0, 255 }}"));
        Assert.Equal(string.Empty, Text(default));
    }

    [Fact]
    public void A_filter_within_a_filter_keeps_its_parentheses()
    {
        TableFilter either = $"a eq {1} or b eq {2}";

        Assert.Equal("p eq 'x' and (a eq 1 or b eq 2)", Text($"p eq {"x"} and {either}"));
    }

    [Theory]
    [InlineData("x' or PartitionKey ne '")]
    [InlineData("'")]
    [InlineData("''")]
    [InlineData("\\' or 1 eq 1 --")]
    [InlineData("%27 or 1 eq 1")]
    public void An_injection_stays_one_value(string attack) => Assert.True(IsOneValue(attack));

    [Fact]
    public void Any_text_stays_one_value() =>
        Check.QuickThrowOnFailure(Prop.ForAll(
            ArbMap.Default.ArbFor<NonNull<string>>().Generator.Select(text => text.Get.Replace("a", "'", StringComparison.Ordinal)).ToArbitrary(),
            text => text.Any(char.IsSurrogate) || IsOneValue(text)));

    [Fact]
    public void A_value_in_quotes_of_its_own_is_a_mistake_that_throws() =>
        Assert.Throws<InvalidOperationException>(() => Text($"a eq '{"x"}'"));

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Throws<TableLimitException>(() => Text($"a eq {"\uD800"}"));

    private static string Text(TableFilter filter) => filter.ToString();

    /// <summary>Reads the filter as OData does: from quote to quote, two quotes being one; nothing may follow but what the source says.</summary>
    private static bool IsOneValue(string value)
    {
        var filter = Text($"a eq {value} and b eq 1");
        var read = new System.Text.StringBuilder();
        var at = "a eq '".Length;
        while (filter[at] != '\'' || (at + 1 < filter.Length && filter[at + 1] == '\''))
        {
            at += filter[at] == '\'' ? 1 : 0;
            read.Append(filter[at++]);
        }

        return read.ToString() == value && filter[at..] == "' and b eq 1";
    }
}
