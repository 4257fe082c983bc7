using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Storage;

public sealed class ColumnsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(60 * 1024, 1)]
    [InlineData((60 * 1024) + 1, 2)]
    [InlineData(512 * 1024, 9)]
    public void Bytes_of_any_length_come_back_from_columns_of_at_most_sixty_kibibytes(int length, int chunks)
    {
        var value = new byte[length];
        new Random(1).NextBytes(value);
        var columns = new Columns().SetBytes("b", value);

        var parts = columns.Values.Values.OfType<byte[]>().ToList();
        Assert.Equal(chunks, parts.Count);
        Assert.All(parts, part => Assert.InRange(part.Length, 1, 60 * 1024));
        Assert.Equal(value, new Columns(columns.Values).Bytes("b"));
    }

    [Fact]
    public void A_column_that_is_missing_or_of_another_type_is_said_so()
    {
        var columns = new Columns().Set("text", "x").Set("none", null);
        Assert.Throws<InvalidDataException>(() => columns.Text("none"));
        Assert.Throws<InvalidDataException>(() => columns.Number("text"));
        Assert.Throws<InvalidDataException>(() => columns.NumberOrNull("text"));
        Assert.Null(columns.TextOrNull("none"));
        Assert.False(columns.Flag("none"));
    }
}
