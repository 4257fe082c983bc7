using Vorel.Core.Tenants;

namespace Vorel.Core.Storage;

/// <summary>
/// The partition a row lives in. Everything a tenant owns lies in the partition that is the tenant's id, so a query that
/// forgets its tenant cannot be written. The few partitions that are no tenant's have named factories here, and a test
/// lists them.
/// </summary>
public readonly record struct Partition
{
    private Partition(string value) => Value = value;

    /// <summary>The partition key as stored.</summary>
    public string Value { get; }

    /// <summary>The partition of everything <paramref name="tenant"/> owns.</summary>
    public static Partition Of(TenantId tenant) => new(tenant.ToString());

    /// <summary>Cross-tenant: API keys are found by the first 22 characters of the key, before the tenant is known.</summary>
    public static Partition ApiKeyPrefix(string prefix) => new(prefix);

    /// <summary>Cross-tenant: one minute bucket and shard of the hints that say what is due.</summary>
    public static Partition Due(string bucketAndShard) => new(bucketAndShard);

    /// <summary>Cross-tenant: one shard and hour of the hints that say what may be over, or the marks of how far they were read.</summary>
    public static Partition PurgeIndex(string shardAndHour) => new(shardAndHour);

    /// <summary>Cross-tenant: the rewraps, which go through all tenants.</summary>
    public static Partition Rewraps() => new("rewraps");

    /// <summary>Cross-tenant: what may be shown once on the way to a provider and back is found by its digest, before the tenant is known.</summary>
    public static Partition OAuthState(string digest) => new(digest);

    /// <summary>The stored key.</summary>
    public override string ToString() => Value;
}
