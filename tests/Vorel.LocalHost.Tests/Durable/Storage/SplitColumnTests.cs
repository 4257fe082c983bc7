using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Tests.Durable.Storage;

public sealed class SplitColumnTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(61_440, 1)]
    [InlineData(61_441, 2)]
    [InlineData(491_520, 8)]
    public void A_text_comes_back_from_its_pieces(int length, int pieces)
    {
        var columns = new Dictionary<string, object>();
        var text = new string('x', length);

        SplitColumn.Put(columns, "input", text);

        Assert.Equal(pieces, columns.Count);
        Assert.Equal(text, SplitColumn.Text(columns, "input"));
        Assert.Subset(SplitColumn.Names("input").ToHashSet(), columns.Keys.ToHashSet());
    }

    [Fact]
    public void A_null_takes_no_column_and_comes_back_as_null()
    {
        var columns = new Dictionary<string, object>();

        SplitColumn.Put(columns, "input", text: null);

        Assert.Empty(columns);
        Assert.Null(SplitColumn.Text(columns, "input"));
    }
}
