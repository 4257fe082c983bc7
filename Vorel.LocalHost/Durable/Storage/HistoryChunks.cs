using Google.Protobuf;
using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Durable.Storage;

/// <summary>The events of a turn as rows: length-prefixed messages, several rows where one would pass the limit of an entity.</summary>
internal static class HistoryChunks
{
    private const int MaxRow = 14 * SplitColumn.Piece;

    public static IReadOnlyList<byte[]> Write(IReadOnlyList<HistoryEvent> events)
    {
        var chunks = new List<byte[]>();
        var chunk = new MemoryStream();
        foreach (var item in events)
        {
            if (chunk.Length > 0 && chunk.Length + item.CalculateSize() + sizeof(long) > MaxRow)
            {
                chunks.Add(chunk.ToArray());
                chunk.SetLength(0);
            }

            item.WriteDelimitedTo(chunk);
        }

        chunks.Add(chunk.ToArray());
        return chunks;
    }

    public static IEnumerable<HistoryEvent> Read(byte[] chunk)
    {
        var stream = new MemoryStream(chunk, writable: false);
        while (stream.Position < stream.Length)
        {
            yield return HistoryEvent.Parser.ParseDelimitedFrom(stream);
        }
    }
}
