using System.Globalization;
using System.Text;

namespace Vorel.LocalHost.Durable.Storage;

/// <summary>Values above a column's 64 KiB: cut into <c>name_0</c>, <c>name_1</c> … of 60 KiB. No column at all is a null.</summary>
internal static class SplitColumn
{
    /// <summary>Bytes of one piece.</summary>
    public const int Piece = 60 * 1024;

    /// <summary>Pieces of one value that the hub still puts into a row, with room for a second value below the row's 1 MiB.</summary>
    public const int MaxPieces = 8;

    /// <summary>The longest text or event the hub takes, in bytes of UTF-8.</summary>
    public const int MaxValue = Piece * MaxPieces;

    public static void Put(IDictionary<string, object> columns, string name, string? text)
    {
        if (text is not null)
        {
            Put(columns, name, Encoding.UTF8.GetBytes(text));
        }
    }

    public static void Put(IDictionary<string, object> columns, string name, ReadOnlySpan<byte> bytes)
    {
        var piece = 0;
        do
        {
            var length = Math.Min(Piece, bytes.Length);
            columns[Name(name, piece++)] = bytes[..length].ToArray();
            bytes = bytes[length..];
        }
        while (!bytes.IsEmpty);
    }

    public static byte[]? Bytes(IReadOnlyDictionary<string, object> columns, string name)
    {
        if (!columns.TryGetValue(Name(name, 0), out var first))
        {
            return null;
        }

        var whole = new MemoryStream();
        whole.Write((byte[])first);
        for (var piece = 1; columns.TryGetValue(Name(name, piece), out var next); piece++)
        {
            whole.Write((byte[])next);
        }

        return whole.ToArray();
    }

    public static string? Text(IReadOnlyDictionary<string, object> columns, string name) =>
        Bytes(columns, name) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The column names one value may take, for a query that reads only some columns.</summary>
    public static IEnumerable<string> Names(string name) => Enumerable.Range(0, MaxPieces + 1).Select(piece => Name(name, piece));

    private static string Name(string name, int piece) => string.Create(CultureInfo.InvariantCulture, $"{name}_{piece}");
}
