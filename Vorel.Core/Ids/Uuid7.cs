using System.Buffers.Binary;

namespace Vorel.Core.Ids;

/// <summary>What is read from and written into UUIDs of version 7: their time, and the row keys made of them.</summary>
public static class Uuid7
{
    // The 48 bits of an id reach further than the platform's calendar.
    private static readonly long s_lastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The moment an id was made, to the millisecond. It is a record's <c>created_at</c>.</summary>
    public static DateTimeOffset TimeOf(Guid id) => DateTimeOffset.FromUnixTimeMilliseconds(MillisecondOf(id));

    /// <summary>The row key of an id: its bits inverted, as hex, so that ascending keys are newest first.</summary>
    public static string ToKey(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        Invert(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>The id of a row key that <see cref="ToKey"/> made.</summary>
    /// <exception cref="FormatException">The key is not one of ours.</exception>
    public static Guid FromKey(string key)
    {
        var bytes = Convert.FromHexString(key);
        if (bytes.Length != 16)
        {
            throw new FormatException("The row key does not name an id.");
        }

        Invert(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Reads the one canonical form of an id ("D", lower case, version 7, made before the year 10000). Two spellings never name one thing.</summary>
    public static bool TryParse(string? text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id) && id.Version == 7 && MillisecondOf(id) <= s_lastMillisecond && string.Equals(id.ToString("D"), text, StringComparison.Ordinal);

    /// <summary>Puts time, count, version and variant over 16 bytes of which the last 8 are filled already.</summary>
    internal static Guid Compose(Span<byte> bytes, long millisecond, int count)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes, (millisecond << 16) | 0x7000L | (uint)count);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static long MillisecondOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
    }

    private static void Invert(Span<byte> bytes)
    {
        foreach (ref var value in bytes)
        {
            value = (byte)~value;
        }
    }
}
