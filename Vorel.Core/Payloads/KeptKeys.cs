using System.Security.Cryptography;
using Vorel.Core.Tenants;

namespace Vorel.Core.Payloads;

/// <summary>
/// Opened keys, for five minutes each, whatever becomes of the time of day, and at most a thousand. They are given out as copies, so that one that is let go can
/// be zeroed at once, whoever is sealing with it.
/// </summary>
internal sealed class KeptKeys(TimeProvider real)
{
    /// <summary>How long a key is kept.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private const int Most = 1000;

    private static readonly TimeSpan s_sweepEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Table, TenantId Tenant), Kept> _kept = [];
    private long _swept = real.GetTimestamp();

    /// <summary>A copy of a kept key, or null.</summary>
    public OpenKey? Find(string table, TenantId tenant)
    {
        lock (_gate)
        {
            Sweep();
            return _kept.TryGetValue((table, tenant), out var kept) && !IsTooOld(kept) ? Copy(kept.Key) : null;
        }
    }

    /// <summary>Keeps a key, which belongs to this from now on, and gives a copy of it.</summary>
    public OpenKey Keep(string table, TenantId tenant, byte[] key)
    {
        lock (_gate)
        {
            Sweep();
            if (_kept.Count >= Most)
            {
                LetGo(_ => true);
            }

            LetGo((table, tenant));
            _kept.Add((table, tenant), new Kept(key, real.GetTimestamp()));
            return Copy(key);
        }
    }

    private static OpenKey Copy(byte[] key) => new([.. key]);

    // Every use looks for what is too old, at most once a minute: a key that nobody asks for again must not stay for that.
    private void Sweep()
    {
        if (real.GetElapsedTime(_swept) >= s_sweepEvery)
        {
            _swept = real.GetTimestamp();
            LetGo(IsTooOld);
        }
    }

    private bool IsTooOld(Kept kept) => real.GetElapsedTime(kept.Since) >= Life;

    private void LetGo(Func<Kept, bool> which)
    {
        foreach (var name in _kept.Where(entry => which(entry.Value)).Select(entry => entry.Key).ToList())
        {
            LetGo(name);
        }
    }

    private void LetGo((string Table, TenantId Tenant) name)
    {
        if (_kept.Remove(name, out var kept))
        {
            CryptographicOperations.ZeroMemory(kept.Key);
        }
    }

    private sealed record Kept(byte[] Key, long Since)
    {
        public override string ToString() => nameof(Kept);
    }
}
