using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Hostile;

/// <summary>What somebody with write access to the tables can do to one binary value.</summary>
internal static class ColumnDamage
{
    private static readonly Dictionary<string, Action<Dictionary<string, object>, string>> s_kinds = new(StringComparer.Ordinal)
    {
        ["format 0"] = Bytes(bytes => [0, .. bytes[1..]]),
        ["algorithm 0"] = Bytes(bytes => [bytes[0], 0, .. bytes[2..]]),
        ["another algorithm"] = Bytes(bytes => [bytes[0], (byte)(bytes[1] + 1), .. bytes[2..]]),
        ["a key that is not known"] = Bytes(bytes => [.. bytes[..4], (byte)(bytes[4] ^ 1), .. bytes[5..]]),
        ["a bit of the ciphertext"] = Bytes(bytes => [.. bytes[..^17], (byte)(bytes[^17] ^ 1), .. bytes[^16..]]),
        ["a bit of the tag"] = Bytes(bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 0x80)]),
        ["cut off by one"] = Bytes(bytes => bytes[..^1]),
        ["cut off to its head"] = Bytes(bytes => bytes[..8]),
        ["extended by one"] = Bytes(bytes => [.. bytes, 0]),
        ["doubled"] = Bytes(bytes => [.. bytes, .. bytes]),
        ["empty"] = Bytes(_ => []),
        ["zeros"] = Bytes(bytes => new byte[bytes.Length]),
        ["60 KiB more"] = Bytes(bytes => [.. bytes, .. new byte[61_440]]),
        ["no value"] = (columns, name) => columns.Remove(name + "_0"),
        ["no length"] = (columns, name) => columns.Remove(name + "_length"),
        ["neither"] = (columns, name) =>
        {
            columns.Remove(name + "_0");
            columns.Remove(name + "_length");
        },
        ["text for the value"] = (columns, name) => columns[name + "_0"] = Convert.ToBase64String((byte[])columns[name + "_0"]),
        ["a number for the value"] = (columns, name) => columns[name + "_0"] = 7L,
        ["a value that is empty"] = (columns, name) => columns[name + "_0"] = Array.Empty<byte>(),
        ["text for the length"] = (columns, name) => columns[name + "_length"] = "93",
        ["a length of 0"] = (columns, name) => columns[name + "_length"] = 0L,
        ["a length below zero"] = (columns, name) => columns[name + "_length"] = -1L,
        ["a length too short"] = (columns, name) => columns[name + "_length"] = (long)columns[name + "_length"] - 1,
        ["a length too long"] = (columns, name) => columns[name + "_length"] = (long)columns[name + "_length"] + 1,
        ["a length beyond memory"] = (columns, name) => columns[name + "_length"] = long.MaxValue,
    };

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    /// <summary>The columns of a row with the value <paramref name="name"/> damaged.</summary>
    public static IReadOnlyDictionary<string, object> Do(string kind, IReadOnlyDictionary<string, object> columns, string name)
    {
        var damaged = new Dictionary<string, object>(columns, StringComparer.Ordinal);
        s_kinds[kind](damaged, name);
        return damaged;
    }

    private static Action<Dictionary<string, object>, string> Bytes(Func<byte[], byte[]> change) => (columns, name) =>
    {
        var value = new Columns(columns).Bytes(name);
        foreach (var column in columns.Keys.Where(column => column.StartsWith(name + "_", StringComparison.Ordinal)).ToList())
        {
            if (column == name + "_length" || char.IsAsciiDigit(column[name.Length + 1]))
            {
                columns.Remove(column);
            }
        }

        foreach (var (column, part) in new Columns().SetBytes(name, change(value)).Values)
        {
            columns[column] = part;
        }
    };
}
