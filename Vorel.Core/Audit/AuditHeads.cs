using System.Buffers.Binary;

namespace Vorel.Core.Audit;

/// <summary>Ends of chains as bytes, 72 of each: chain, sequence, row, MAC.</summary>
internal static class AuditHeads
{
    /// <summary>The number of bytes of one.</summary>
    public const int Bytes = Mac + 32;

    private const int Sequence = 16;
    private const int Last = Sequence + sizeof(long);
    private const int Mac = Last + 16;

    public static byte[] Write(IReadOnlyCollection<AuditHead> heads)
    {
        var bytes = new byte[heads.Count * Bytes];
        foreach (var (at, head) in heads.Index())
        {
            var to = bytes.AsSpan(at * Bytes, Bytes);
            head.Chain.TryWriteBytes(to, bigEndian: true, out _);
            BinaryPrimitives.WriteInt64BigEndian(to[Sequence..], head.Sequence);
            head.Last.TryWriteBytes(to[Last..], bigEndian: true, out _);
            head.Mac.CopyTo(to[Mac..]);
        }

        return bytes;
    }

    /// <summary>What <see cref="Write"/> wrote; of what is cut off, the whole ones.</summary>
    public static IReadOnlyList<AuditHead> Read(byte[] bytes) =>
        [.. bytes.Chunk(Bytes).Where(chunk => chunk.Length == Bytes).Select(chunk => new AuditHead(
            new Guid(chunk.AsSpan(0, Sequence), bigEndian: true),
            BinaryPrimitives.ReadInt64BigEndian(chunk.AsSpan(Sequence)),
            new Guid(chunk.AsSpan(Last, Mac - Last), bigEndian: true),
            chunk[Mac..]))];
}
