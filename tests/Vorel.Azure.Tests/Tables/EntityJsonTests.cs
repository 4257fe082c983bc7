using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Vorel.Azure.Tables;

namespace Vorel.Azure.Tests.Tables;

public sealed class EntityJsonTests
{
    [Fact]
    public void Any_entity_reads_back_as_it_was_written()
    {
        var value = Gen.OneOf(
            Values<NonNull<string>>(text => text.Get),
            Values<int>(number => number),
            Values<long>(number => number),
            Values<double>(number => number),
            Values<bool>(flag => flag),
            Values<Guid>(id => id),
            Values<byte[]>(bytes => bytes),
            Values<PositiveInt>(ticks => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(ticks.Get * 10_000_019L)));
        var column = from name in Gen.Elements("a", "b", "_c", "zoë", "deliveredAt", "odata") from item in value select (name, item);

        Check.QuickThrowOnFailure(Prop.ForAll(column.ArrayOf().ToArbitrary(), columns =>
        {
            var written = new TableEntity("p", "r");
            foreach (var (name, item) in columns)
            {
                written[name] = item is string text && text.Any(char.IsSurrogate) ? "\U0001F600" : item;
            }

            var id = Guid.NewGuid();
            var read = Read(Write(written, id));
            Assert.Equal(written.OrderBy(pair => pair.Key, StringComparer.Ordinal), read.OrderBy(pair => pair.Key, StringComparer.Ordinal));
            Assert.Equal(("p", "r", id), (read.PartitionKey, read.RowKey, read.WriteId!.Value));
        }));
    }

    [Theory]
    [InlineData("1", typeof(int))]
    [InlineData("1.0", typeof(double))]
    [InlineData("1e3", typeof(double))]
    [InlineData("2147483648", typeof(double))]
    [InlineData("true", typeof(bool))]
    [InlineData("\"x\"", typeof(string))]
    public void A_value_without_annotation_has_the_type_that_the_service_says(string json, Type type) =>
        Assert.IsType(type, Read($$"""{"x":{{json}}}""")["x"]);

    [Fact]
    public void Metadata_is_no_column_and_null_is_no_value()
    {
        var read = Read("""
            {"odata.metadata":"https://x/$metadata#T/@Element","odata.etag":"W/\"1\"","PartitionKey":"p","RowKey":"r",
            "Timestamp@odata.type":"Edm.DateTime","Timestamp":"2026-01-02T03:04:05.1234567Z","x":null,"y":"1"}
            """);

        Assert.Equal([new("y", "1")], read);
        Assert.Equal("W/\"1\"", read.ETag.ToString("H"));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567), read.Timestamp);
    }

    [Theory]
    [InlineData("""{"x":"5","x@odata.type":"Edm.Int64"}""")]
    [InlineData("""{"x@odata.type":"Edm.Int64","y":"5"}""")]
    [InlineData("""{"x":{"y":1}}""")]
    [InlineData("""{"x":[1]}""")]
    [InlineData("""{"x":1""")]
    [InlineData("<html>")]
    public void What_is_not_an_entity_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => Read(json));

    private static Gen<object> Values<T>(Func<T, object> convert) => ArbMap.Default.GeneratorFor<T>().Where(value => value is not null).Select(convert);

    private static TableEntity Read(string json) => EntityReader.ReadOne(Encoding.UTF8.GetBytes(json), "p", "r");

    private static string Write(TableEntity entity, Guid writeId)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, EntityWriter.Options);
        EntityWriter.Write(json, entity, writeId);
        return Encoding.UTF8.GetString(body.WrittenSpan);
    }
}
