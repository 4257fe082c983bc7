using System.Globalization;
using System.Security.Cryptography;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Retention;

/// <summary>
/// The partitions of PurgeIndex: one for each hour and shard. A shard is a tenant's, so that what is due of a tenant lies
/// together and goes in full batches, and one range read takes a shard's hours as they come.
/// </summary>
internal static class PurgeHour
{
    /// <summary>The shards' names, which partition keys start with.</summary>
    public static readonly IReadOnlyList<string> Shards = ["00", "01", "02", "03"];

    /// <summary>The hour of a moment, by the domain clock; as text, later is greater.</summary>
    public static string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);

    /// <summary>The partition of what is over at a moment.</summary>
    public static Partition PartitionOf(TenantId tenant, DateTimeOffset over)
    {
        Span<byte> id = stackalloc byte[16];
        tenant.Value.TryWriteBytes(id, bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(id, hash);
        return Partition.PurgeIndex(Shards[hash[0] % Shards.Count] + Of(over));
    }

    /// <summary>The partition of the same shard for another moment.</summary>
    public static Partition PartitionOf(Partition read, DateTimeOffset moment) => Partition.PurgeIndex(read.Value[..Shards[0].Length] + Of(moment));

    /// <summary>The partitions of a shard from an hour (the first, if null) up to, and without, another.</summary>
    public static RowRange Range(string shard, string? from, string until) => new(shard + from, shard + until);
}
