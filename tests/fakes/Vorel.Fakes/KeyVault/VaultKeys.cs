using System.Security.Cryptography;

namespace Vorel.Fakes;

/// <summary>The keys of the stand-in: real RSA keys, each of several versions.</summary>
public sealed class VaultKeys : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<VaultKeyVersion>> _keys = new(StringComparer.OrdinalIgnoreCase);
    private int _made;

    /// <summary>Makes a key, or a new version of one, and gives the version.</summary>
    public string Add(string name, int size = 2048)
    {
        lock (_gate)
        {
            var version = new VaultKeyVersion(Guid.NewGuid().ToString("N"), RsaPool.Take(size, _made++));
            if (!_keys.TryGetValue(name, out var versions))
            {
                _keys.Add(name, versions = []);
            }

            versions.Add(version);
            return version.Version;
        }
    }

    /// <summary>Switches a version off or on.</summary>
    public void Enable(string name, string version, bool enabled) => Find(name, version)!.Enabled = enabled;

    /// <summary>Takes a version away for good.</summary>
    public void Delete(string name, string version)
    {
        lock (_gate)
        {
            _keys[name].RemoveAll(each => each.Version == version);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var version in _keys.Values.SelectMany(versions => versions))
        {
            version.Key.Dispose();
        }
    }

    internal VaultKeyVersion? Find(string name, string? version)
    {
        lock (_gate)
        {
            return _keys.TryGetValue(name, out var versions)
                ? version is null ? versions.LastOrDefault() : versions.Find(each => string.Equals(each.Version, version, StringComparison.OrdinalIgnoreCase))
                : null;
        }
    }
}

internal sealed class VaultKeyVersion(string version, RSA key)
{
    public string Version => version;

    public RSA Key => key;

    public bool Enabled { get; set; } = true;

    public long Created { get; } = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
}
