using System.Text.Json.Nodes;
using Vorel.Azure.Tables;

namespace Vorel.Azure.Tests.Referees;

/// <summary>
/// Random rows with a column of every type, and random filters over them, from a seed. Few values, so that comparisons meet equals.
/// The emulator finds nothing by a double with an exponent and compares times to the millisecond: neither is among the values.
/// </summary>
internal sealed class FilterSource(int seed)
{
    private static readonly string[] s_texts = ["", "a", "A", "b", "it's", "''", "a b", "%20", "a+b", "ünï", "名前", "😀", "\u2028", "x' or 'y' eq 'y"];
    private static readonly string[] s_ordered = ["eq", "ne", "gt", "ge", "lt", "le"];
    private static readonly string[] s_equality = ["eq", "ne"];
    private static readonly DateTimeOffset s_epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);

    public TableEntity Row(string key) => new("p", key)
    {
        ["Text"] = Value("Text"),
        ["Int"] = Value("Int"),
        ["Long"] = Value("Long"),
        ["Double"] = Value("Double"),
        ["Flag"] = Value("Flag"),
        ["Time"] = Value("Time"),
        ["Id"] = Value("Id"),
        ["Bytes"] = Value("Bytes"),
    };

    public FilterTree Filter(int depth) => depth == 0 ? Comparison() : _random.Next(5) switch
    {
        0 => new FilterTree.Both("and", Filter(depth - 1), Filter(depth - 1)),
        1 or 2 => new FilterTree.Both("or", Filter(depth - 1), Filter(depth - 1)),
        3 => new FilterTree.Not(Filter(depth - 1)),
        _ => Comparison(),
    };

    private FilterTree.Compare Comparison()
    {
        var column = Pick("Text", "Int", "Long", "Double", "Flag", "Time", "Id", "Bytes");
        return new FilterTree.Compare(column, Pick(column is "Flag" or "Id" or "Bytes" ? s_equality : s_ordered), Value(column));
    }

    private object Value(string column) => column switch
    {
        "Text" => Pick(s_texts),
        "Int" => _random.Next(-3, 4),
        "Long" => 9_007_199_254_740_992L + _random.Next(-3, 4),
        "Double" => Pick(-1234.5, -1.5, -0.001, 0.0, 0.1, 1.0, 1.0000000000000002, 1048576.5),
        "Flag" => _random.Next(2) == 0,
        "Time" => s_epoch.AddMilliseconds(_random.Next(4)),
        "Id" => new Guid(_random.Next(3), 0x2BCD, 0, 0, 0, 0, 0, 0, 0, 0, 0xEF),
        _ => new byte[] { 0xAB, (byte)_random.Next(3) },
    };

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}
