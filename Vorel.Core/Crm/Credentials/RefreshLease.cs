using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Credentials;

/// <summary>
/// The right to renew one credential's token, for thirty seconds, held by one process of all. It keeps processes from asking the provider at the same time; that
/// what they write is right does not hang on it, since a holder may stand still for longer than it holds.
/// </summary>
internal sealed class RefreshLease(IRowStore store, TimeProvider real, Guid owner, TenantId tenant, Guid credential)
{
    /// <summary>How long it is held.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    private readonly string _name = NameOf(credential);
    private long? _held;
    private (long Fence, long Since)? _watched;

    /// <summary>Its key.</summary>
    public static string NameOf(Guid credential) => $"refresh|{credential:D}";

    /// <summary>Takes it, unless another process has it. What this process has left behind, it takes again at once.</summary>
    public async Task<bool> TryTake(CancellationToken cancellationToken)
    {
        var found = await Find(cancellationToken);
        if (found is { Row: var row } && row.Owner != owner && !IsOver(row))
        {
            return false;
        }

        var mine = new LeaseRow(_name, owner, (found?.Row.Fence ?? 0) + 1, real.GetUtcNow() + Length);
        var taken = found is null
            ? await store.TryInsert(LeaseRow.Table, Partition.Of(tenant), mine, cancellationToken)
            : await store.TryReplace(LeaseRow.Table, Partition.Of(tenant), found with { Row = mine }, cancellationToken);
        _held = taken ? mine.Fence : null;
        return taken;
    }

    /// <summary>Whether nobody has taken it since this process did.</summary>
    public async Task<bool> IsMine(CancellationToken cancellationToken) => _held is { } fence && (await Find(cancellationToken))?.Row.Fence == fence;

    /// <summary>Gives it back, if it is this process's still. It would be over by itself, only later.</summary>
    public async Task Release()
    {
        try
        {
            if (await Find(CancellationToken.None) is { } found && found.Row.Fence == _held)
            {
                var over = found.Row with { Until = real.GetUtcNow() };
                await store.TryReplace(LeaseRow.Table, Partition.Of(tenant), found with { Row = over }, CancellationToken.None);
            }
        }
        catch (StoreUnavailableException)
        {
            // Then it ends by itself.
        }
    }

    /// <summary>Over by our clock; or, for the owner's clock may be ahead of ours, seen unchanged for as long as anybody holds it.</summary>
    private bool IsOver(LeaseRow row)
    {
        if (row.Until <= real.GetUtcNow())
        {
            return true;
        }

        if (_watched is not { } watched || watched.Fence != row.Fence)
        {
            _watched = (row.Fence, real.GetTimestamp());
            return false;
        }

        return real.GetElapsedTime(watched.Since) >= Length;
    }

    private Task<Stored<LeaseRow>?> Find(CancellationToken cancellationToken) =>
        store.Get<LeaseRow>(Partition.Of(tenant), _name, cancellationToken);
}
