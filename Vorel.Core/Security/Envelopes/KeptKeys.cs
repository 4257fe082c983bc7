using System.Security.Cryptography;

namespace Vorel.Core.Security.Envelopes;

/// <summary>
/// Opened keys, for five minutes each, whatever becomes of the time of day, and at most a thousand: then the oldest goes. They are given out as
/// copies, so that one that is let go can be zeroed at once, whoever is sealing with it.
/// </summary>
internal sealed class KeptKeys<TName>(TimeProvider real) : IDisposable
    where TName : notnull
{
    /// <summary>How long a key is kept.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>How many are kept.</summary>
    public const int Most = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<TName, LinkedListNode<Kept>> _kept = [];
    private readonly LinkedList<Kept> _oldestFirst = [];
    private bool _isOver;

    /// <summary>A copy of a kept key, or null.</summary>
    public OpenKey? Find(TName name)
    {
        lock (_gate)
        {
            LetGoOld();
            return _kept.TryGetValue(name, out var kept) ? Copy(kept.Value.Key) : null;
        }
    }

    /// <summary>Keeps a key, which belongs to this from now on, and gives a copy of it.</summary>
    public OpenKey Keep(TName name, byte[] key)
    {
        lock (_gate)
        {
            LetGoOld();
            var copy = Copy(key);
            if (_kept.TryGetValue(name, out var before))
            {
                LetGo(before);
            }

            if (_kept.Count == Most)
            {
                LetGo(_oldestFirst.First!);
            }

            if (_isOver)
            {
                CryptographicOperations.ZeroMemory(key);
                return copy;
            }

            _kept.Add(name, _oldestFirst.AddLast(new Kept(name, key, real.GetTimestamp())));
            return copy;
        }
    }

    /// <summary>Zeroes every key; none is kept any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            while (_oldestFirst.First is { } oldest)
            {
                LetGo(oldest);
            }
        }
    }

    private static OpenKey Copy(byte[] key) => new([.. key]);

    // Every use looks for what is too old: a key that nobody asks for again must not stay for that.
    private void LetGoOld()
    {
        while (_oldestFirst.First is { } oldest && real.GetElapsedTime(oldest.Value.Since) >= Life)
        {
            LetGo(oldest);
        }
    }

    private void LetGo(LinkedListNode<Kept> node)
    {
        _kept.Remove(node.Value.Name);
        _oldestFirst.Remove(node);
        CryptographicOperations.ZeroMemory(node.Value.Key);
    }

    private sealed record Kept(TName Name, byte[] Key, long Since)
    {
        public override string ToString() => nameof(Kept);
    }
}
