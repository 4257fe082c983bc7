namespace Vorel.Core.Crm.Http;

/// <summary>Reads bodies that a provider may make as large as it likes.</summary>
internal static class CrmBodies
{
    private const int FirstChunk = 16 * 1024;

    /// <summary>At most <paramref name="limit"/> bytes, and whether that was all.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, bool IsWhole)> Read(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);

        // What a provider announces is not believed: the buffer grows with what comes.
        var buffer = new byte[Math.Min(FirstChunk, limit + 1)];
        var count = 0;
        while (true)
        {
            var read = await body.ReadAsync(buffer.AsMemory(count), cancellationToken);
            count += read;
            if (read == 0 || count > limit)
            {
                return (buffer.AsMemory(0, Math.Min(count, limit)), count <= limit);
            }

            if (count == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, limit + 1));
            }
        }
    }
}
