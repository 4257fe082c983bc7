using System.Threading.Channels;
using Vorel.Core.Alerts;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>
/// The way into the log for what must not wait for it: that a credential was opened. Nobody is ever held up. What comes faster than it can be
/// written down is lost, and how much was lost is counted, told to people, and written down itself. One reader, <see cref="Run"/>, in each process.
/// </summary>
public sealed class AuditChannel(AuditLog audit, Clocks clocks, IAlerts alerts)
{
    /// <summary>How many events wait at most.</summary>
    internal const int Capacity = 8_192;

    private const int MaxBatch = 1_024;
    private const int MaxTries = 5;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>How long the end of the process may take to write down what still waits.</summary>
    private static readonly TimeSpan s_lastCall = TimeSpan.FromSeconds(4);

    private readonly Channel<Decrypt> _waiting = Channel.CreateBounded<Decrypt>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Lock _gate = new();
    private Dictionary<TenantId, long> _lost = [];

    /// <summary>That a credential was opened. Returns at once, whatever state the log is in, and never throws.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="credential">Which.</param>
    /// <param name="actor">For whom.</param>
    public void Decrypted(TenantId tenant, Guid credential, AuditActor actor)
    {
        if (!_waiting.Writer.TryWrite(new Decrypt(tenant, credential, actor)))
        {
            Lose(tenant, 1);
        }
    }

    /// <summary>Writes down what comes, until <paramref name="stopping"/>, and then, for some seconds, what still waits.</summary>
    public async Task Run(CancellationToken stopping)
    {
        var held = new List<Batch>();
        try
        {
            while (true)
            {
                await WaitForWork(held, stopping);
                held = await WriteSome(held, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Finish(held);
        }
    }

    /// <summary>Waits until something comes; where something is to be tried again, for a moment alone.</summary>
    private async Task WaitForWork(IReadOnlyList<Batch> held, CancellationToken stopping)
    {
        bool hasLost;
        lock (_gate)
        {
            hasLost = _lost.Count > 0;
        }

        if (held.Count > 0 || (hasLost && !_waiting.Reader.TryPeek(out _)))
        {
            await Task.Delay(s_pause, clocks.Real, stopping);
            return;
        }

        await _waiting.Reader.WaitToReadAsync(stopping);
    }

    /// <summary>One round: what was held back and what has come since. What could not be written down and may be tried again.</summary>
    private async Task<List<Batch>> WriteSome(List<Batch> held, CancellationToken cancellationToken)
    {
        // One tenant's trouble must not take the others' room: theirs are read as long as it is not this whole round's.
        var room = MaxBatch - held.Sum(batch => batch.Events.Count);
        var batches = held.Concat(Read(room)).ToList();
        var again = new List<Batch>();
        for (var at = 0; at < batches.Count; at++)
        {
            try
            {
                if (!await TryWrite(batches[at], cancellationToken))
                {
                    again.Add(batches[at] with { Tries = batches[at].Tries + 1 });
                }
            }
            catch (OperationCanceledException)
            {
                // What was under way may be there or not: better twice than not at all.
                again.AddRange(batches.Skip(at));
                held.Clear();
                held.AddRange(again);
                throw;
            }
        }

        foreach (var spent in again.Where(batch => batch.Tries >= MaxTries))
        {
            Lose(spent.Tenant, spent.Count);
        }

        await WriteLosses(cancellationToken);
        return [.. again.Where(batch => batch.Tries < MaxTries)];
    }

    private async Task<bool> TryWrite(Batch batch, CancellationToken cancellationToken)
    {
        try
        {
            await audit.Append(batch.Tenant, batch.Events, cancellationToken);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Takes what waits, one event for each credential and actor of it, in batches that one transaction holds.</summary>
    private IEnumerable<Batch> Read(int most)
    {
        var read = new List<Decrypt>();
        while (read.Count < most && _waiting.Reader.TryRead(out var decrypt))
        {
            read.Add(decrypt);
        }

        return
            from tenant in read.GroupBy(decrypt => decrypt.Tenant)
            from events in tenant.GroupBy(decrypt => decrypt).Select(same => same.Key.ToEvent(same.Count())).Chunk(TypedRows.MaxWrites)
            select new Batch(tenant.Key, events, events.Sum(one => one.Counts[AuditCount.Decrypts]), 0);
    }

    private void Lose(TenantId tenant, long count)
    {
        Metrics.LostAuditEvents.Add(count);
        lock (_gate)
        {
            _lost[tenant] = _lost.GetValueOrDefault(tenant) + count;
        }
    }

    /// <summary>Tells people what was lost, and writes it down; what cannot be written down now stays.</summary>
    private async Task WriteLosses(CancellationToken cancellationToken)
    {
        Dictionary<TenantId, long> lost;
        lock (_gate)
        {
            (lost, _lost) = (_lost, []);
        }

        foreach (var (tenant, count) in lost)
        {
            var loss = new AuditEvent(AuditAction.CredentialDecryptsLost, AuditActor.System) { Counts = new Dictionary<AuditCount, long> { [AuditCount.Lost] = count } };
            var written = false;
            try
            {
                written = await TryWrite(new Batch(tenant, [loss], count, 0), cancellationToken);
            }
            finally
            {
                if (written)
                {
                    alerts.Raise(new Alert(AlertCode.AuditEventsLost, tenant, AuditAction.CredentialDecrypted.Name));
                }
                else
                {
                    lock (_gate)
                    {
                        _lost[tenant] = _lost.GetValueOrDefault(tenant) + count;
                    }
                }
            }
        }
    }

    private async Task Finish(List<Batch> held)
    {
        _waiting.Writer.Complete();
        using var last = new CancellationTokenSource(s_lastCall, clocks.Real);
        try
        {
            do
            {
                held = await WriteSome(held, last.Token);
            }
            while (held.Count > 0 || _waiting.Reader.TryPeek(out _));
        }
        catch (OperationCanceledException)
        {
            // Told below.
        }

        foreach (var batch in held.Concat(Read(int.MaxValue)))
        {
            Lose(batch.Tenant, batch.Count);
        }

        foreach (var tenant in _lost.Keys)
        {
            alerts.Raise(new Alert(AlertCode.AuditEventsLost, tenant, AuditAction.CredentialDecrypted.Name, "stopped"));
        }
    }

    private sealed record Decrypt(TenantId Tenant, Guid Credential, AuditActor Actor)
    {
        public AuditEvent ToEvent(int times) => new(AuditAction.CredentialDecrypted, Actor)
        {
            Subject = Credential,
            Counts = new Dictionary<AuditCount, long> { [AuditCount.Decrypts] = times },
        };
    }

    private sealed record Batch(TenantId Tenant, IReadOnlyList<AuditEvent> Events, long Count, int Tries);
}
