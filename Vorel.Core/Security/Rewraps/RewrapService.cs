using Vorel.Core.Due;
using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Messaging;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;

namespace Vorel.Core.Security.Rewraps;

/// <summary>Starts rewraps, shows them, and brings them back on their way. Hint first, then row, then message, as of a redrive. What one does is <see cref="RewrapSlices"/>.</summary>
public sealed class RewrapService(IRowStore store, IWorkQueue queue, EnvelopeProtector protector, DueHints hints, IdSource ids, Clocks clocks)
{
    private const int MaxTries = 10;

    /// <summary>How long a rewrap may stand still before the tick puts its message again.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>Starts a rewrap; while one is running, that one is given instead.</summary>
    /// <exception cref="ConflictException">No vault's key is configured, so there is nothing to move to.</exception>
    public async Task<Rewrap> Start(CancellationToken cancellationToken)
    {
        if (!protector.HasVault)
        {
            throw new ConflictException("No vault's key is configured: there is nothing to move to.");
        }

        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await store.Get<RunningRewrapRow>(Partition.Rewraps(), RunningRewrapRow.Key, cancellationToken) is { } running
                && await Find(running.Row.Rewrap, cancellationToken) is { } found)
            {
                return found.ToRewrap();
            }

            var now = clocks.Domain.GetUtcNow();
            var row = new RewrapRow(ids.Next(), now) { TouchedAt = now };
            if (await TryInsert(row, cancellationToken))
            {
                return row.ToRewrap();
            }
        }

        throw new StoreUnavailableException("Rewraps come and go again and again.");
    }

    /// <summary>A rewrap and how far it has come.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    public async Task<Rewrap> Get(string id, CancellationToken cancellationToken) =>
        Uuid7.TryParse(id, out var rewrap) && await Find(rewrap, cancellationToken) is { } row ? row.ToRewrap() : throw new NotFoundException("rewrap");

    /// <summary>Puts the message of a rewrap again that has stood still for five minutes. The moment to look again, or null when it is over.</summary>
    internal async Task<DateTimeOffset?> Revive(Guid id, CancellationToken cancellationToken)
    {
        if (await Find(id, cancellationToken) is not { FinishedAt: null } row)
        {
            return null;
        }

        var now = clocks.Domain.GetUtcNow();
        if (row.TouchedAt + s_patience > now && row.TouchedAt <= now)
        {
            return row.TouchedAt + s_patience;
        }

        await queue.Put(WorkQueues.Commands, MessageOf(row), TimeSpan.Zero, cancellationToken);
        return now + s_patience;
    }

    /// <summary>The message that has a rewrap go on from where it is: one that it has passed already does nothing.</summary>
    internal static string MessageOf(RewrapRow row) => new WorkMessage.Rewrap(row.Id, row.Cursor).ToJson();

    private async Task<bool> TryInsert(RewrapRow row, CancellationToken cancellationToken)
    {
        try
        {
            await hints.FileAround(
                moment => new DueRow(default, DueKind.Rewrap, row.Id.ToString("D"), moment + s_patience),
                clocks.Domain,
                async () =>
                {
                    await store.Commit(
                        RewrapRow.Table, Partition.Rewraps(), [TypedRows.Insert(row), TypedRows.Insert(new RunningRewrapRow(row.Id))], cancellationToken);
                    return true;
                },
                cancellationToken);
        }
        catch (RowConflictException)
        {
            return false;
        }

        try
        {
            await queue.Put(WorkQueues.Commands, MessageOf(row), TimeSpan.Zero, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // It is started all the same; the tick puts its message.
        }

        return true;
    }

    private async Task<RewrapRow?> Find(Guid id, CancellationToken cancellationToken) =>
        (await store.Get<RewrapRow>(Partition.Rewraps(), RewrapRow.KeyOf(id), cancellationToken))?.Row;
}
