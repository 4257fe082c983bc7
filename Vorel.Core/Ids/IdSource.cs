using System.Security.Cryptography;

namespace Vorel.Core.Ids;

/// <summary>
/// Makes UUIDs of version 7 (RFC 9562) from the domain clock. Ids of one process never go backwards, within a
/// millisecond neither, so that "newest first" is the order in which records were made.
/// </summary>
public sealed class IdSource(Clocks clocks)
{
    private const int LargestCount = 0xFFF;

    private readonly Lock _gate = new();
    private long _millisecond;
    private int _count;

    /// <summary>The next id.</summary>
    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[8..]);
        long millisecond;
        int count;
        lock (_gate)
        {
            var now = clocks.Domain.GetUtcNow().ToUnixTimeMilliseconds();
            if (now > _millisecond)
            {
                _millisecond = now;
                // Starting low leaves room to count up within the millisecond; starting at random keeps processes apart.
                _count = RandomNumberGenerator.GetInt32(LargestCount / 2);
            }
            else if (++_count > LargestCount)
            {
                _millisecond++;
                _count = 0;
            }

            millisecond = _millisecond;
            count = _count;
        }

        return Uuid7.Compose(bytes, millisecond, count);
    }
}
