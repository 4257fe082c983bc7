using Vorel.Core.Storage;

namespace Vorel.Core.Crm.OAuth;

/// <summary>Keeps what may be shown once, for minutes.</summary>
internal sealed class OAuthStates(IRowStore store, TimeProvider realTime)
{
    /// <summary>How long a link, and then a sign-in, may take.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>When what is kept now is over.</summary>
    public DateTimeOffset End => realTime.GetUtcNow() + Life;

    /// <summary>Keeps one.</summary>
    public Task Put(OAuthStateRow row, CancellationToken cancellationToken) =>
        store.Commit(OAuthStateRow.TableAt(realTime.GetUtcNow()), OAuthStateRow.PartitionOf(row.Digest), TypedRows.Insert(row), cancellationToken);

    /// <summary>
    /// Takes one out: whoever deletes it has it, and nobody after that, whatever becomes of him. Null when there is none (any more), or it is over.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store does not answer. It may be gone: then nobody has it.</exception>
    public async Task<OAuthStateRow?> Take(byte[] digest, CancellationToken cancellationToken)
    {
        var now = realTime.GetUtcNow();
        foreach (var table in new[] { OAuthStateRow.TableAt(now), OAuthStateRow.TableAt(now - Life) }.Distinct(StringComparer.Ordinal))
        {
            if (await store.Get<OAuthStateRow>(table, OAuthStateRow.PartitionOf(digest), OAuthStateRow.Key, cancellationToken) is { } kept)
            {
                var isOurs = await store.TryDelete(table, OAuthStateRow.PartitionOf(digest), OAuthStateRow.Key, kept.ETag, cancellationToken);
                return isOurs && realTime.GetUtcNow() < kept.Row.ExpiresAt && kept.Row.Digest.AsSpan().SequenceEqual(digest) ? kept.Row : null;
            }
        }

        return null;
    }
}
