using Vorel.Core.Audit;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Audit;

/// <summary>A tenant with a log, processes that write it, and somebody with write access to the table.</summary>
internal sealed class AuditStage
{
    public const string Month = "2026-01";

    private AuditStage(World world, TenantId tenant) => (World, Tenant) = (world, tenant);

    public World World { get; }

    public TenantId Tenant { get; }

    /// <summary>The tenant's rows, oldest first.</summary>
    public IReadOnlyList<Row> Rows => [.. Table.Where(row => !row.Key.StartsWith("seal|", StringComparison.Ordinal)).OrderByDescending(row => row.Key[8..], StringComparer.Ordinal)];

    /// <summary>The tenant's seals, oldest first.</summary>
    public IReadOnlyList<Row> Seals => [.. Table.Where(row => row.Key.StartsWith("seal|", StringComparison.Ordinal)).OrderBy(row => row.Key, StringComparer.Ordinal)];

    private IEnumerable<Row> Table => World.Store.Inner.Dump().Where(entry => entry.Table == AuditRow.Table && entry.Partition == Tenant.ToString()).Select(entry => entry.Row);

    public static async Task<AuditStage> Start(World? world = null)
    {
        world ??= new World();
        var tenants = new TenantService(world.Store, world.Audit, world.Ids);
        return new AuditStage(world, (await tenants.Create("Skyline", AuditActor.System, default)).Id);
    }

    /// <summary>Another process.</summary>
    public AuditLog NewLog() => new(World.Store, World.Hints, World.Ids, World.AuditKey, World.Clocks);

    public async Task<Guid> Happen(AuditLog? log = null, TenantId? tenant = null)
    {
        var subject = Guid.NewGuid();
        await (log ?? World.Audit).Append(tenant ?? Tenant, new AuditEvent(AuditAction.ApiKeyIssued, AuditActor.System) { Subject = subject }, default);
        return subject;
    }

    /// <summary>Lets days pass, each with its tick.</summary>
    public async Task Days(int count)
    {
        for (var day = 0; day < count; day++)
        {
            World.Advance(TimeSpan.FromDays(1));
            await World.Tick.Run(World.Domain.GetUtcNow(), default);
        }
    }

    public Task<AuditVerdict> Verify(string month = Month) => Verify(100_000, month);

    /// <summary>Verifies page by page; the last word is that of the oldest page that has a break.</summary>
    public async Task<AuditVerdict> Verify(int pageSize, string month = Month)
    {
        var verifier = new AuditVerifier(World.Store.Inner, World.AuditKey, World.Clocks);
        var verdict = await verifier.Verify(Tenant, month, null, pageSize, default);
        var (first, rows) = (verdict.First, verdict.Rows);
        while (verdict.NextCursor is { } cursor)
        {
            verdict = await verifier.Verify(Tenant, month, cursor, pageSize, default);
            (first, rows) = (verdict.First ?? first, rows + verdict.Rows);
        }

        return verdict with { First = first, Rows = rows };
    }

    /// <summary>What is found first, as the key and the kind; null if all is sound.</summary>
    public async Task<(string Key, AuditBreakKind Kind)?> First(int pageSize = 100_000, string month = Month) =>
        (await Verify(pageSize, month)).First is { } found ? (found.Key, found.Kind) : null;

    public Task Put(string key, IReadOnlyDictionary<string, object> columns) =>
        World.Store.Inner.Commit(AuditRow.Table, Partition.Of(Tenant), new RowWrite.Upsert(key, columns), default);

    public Task Delete(string key) => World.Store.Inner.Commit(AuditRow.Table, Partition.Of(Tenant), new RowWrite.Delete(key, "*"), default);

    /// <summary>A value that differs from another in as little as may be.</summary>
    public static object Flip(object value) => value switch
    {
        string text => text[..^1] + (char)(text[^1] ^ 1),
        long number => number ^ 1,
        DateTimeOffset moment => moment.AddTicks(1),
        Guid id => FlipBytes(id.ToByteArray(bigEndian: true)) is var bytes ? new Guid(bytes, bigEndian: true) : default,
        byte[] bytes => FlipBytes([.. bytes]),
        _ => throw new ArgumentException("There is no such type in the log.", nameof(value)),
    };

    private static byte[] FlipBytes(byte[] bytes)
    {
        bytes[^1] ^= 1;
        return bytes;
    }
}
