using System.Security.Cryptography;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;

namespace Vorel.Testing;

/// <summary>A vault in memory with one key of several versions. What it wraps is as long as with an RSA key of its size.</summary>
/// <param name="name">The key, which the key ids hold.</param>
/// <param name="size">The size of the RSA keys that it stands for, in bits.</param>
public sealed class InMemoryKeyWrapper(string name = "vorel", int size = 2048) : IKeyWrapper
{
    private const int Overhead = 12 + 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Version> _versions = new(StringComparer.Ordinal);
    private string? _current;
    private int _made;
    private int _wraps;
    private int _unwraps;

    /// <summary>How many keys were wrapped.</summary>
    public int Wraps => _wraps;

    /// <summary>How many times a key was to be unwrapped.</summary>
    public int Unwraps => _unwraps;

    /// <summary>What every call meets instead of an answer; none if null.</summary>
    public Func<Exception>? Fault { get; set; }

    /// <summary>Runs within each unwrap.</summary>
    public Func<CancellationToken, Task>? Meanwhile { get; set; }

    /// <summary>Makes a new version, which is the current one from then on, and gives its id.</summary>
    public string AddVersion()
    {
        lock (_gate)
        {
            _current = $"https://test.vault.azure.net/keys/{name}/{++_made:x32}";
            _versions.Add(_current, new Version(RandomNumberGenerator.GetBytes(32)));
            return _current;
        }
    }

    /// <summary>Switches a version off or on.</summary>
    public void Enable(string keyId, bool enabled)
    {
        lock (_gate)
        {
            _versions[keyId].Enabled = enabled;
        }
    }

    /// <summary>Takes a version away for good.</summary>
    public void Delete(string keyId)
    {
        lock (_gate)
        {
            _versions.Remove(keyId);
        }
    }

    /// <inheritdoc/>
    public ValueTask<string> CurrentKeyId(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Fault is null ? new(_current ?? AddVersion()) : throw Fault();
    }

    /// <inheritdoc/>
    public async Task<WrappedKey> Wrap(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _wraps);
        var keyId = await CurrentKeyId(cancellationToken);
        return new WrappedKey(keyId, Seal(Find(keyId), key.Span));
    }

    /// <inheritdoc/>
    public async Task<byte[]> Unwrap(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _unwraps);
        await (Meanwhile?.Invoke(cancellationToken) ?? Task.CompletedTask);
        cancellationToken.ThrowIfCancellationRequested();
        var version = Find(wrapped.KeyId);
        return Fault is null ? Open(version, wrapped) : throw Fault();
    }

    private byte[] Seal(Version version, ReadOnlySpan<byte> key)
    {
        var wrapped = new byte[size / 8];
        RandomNumberGenerator.Fill(wrapped);
        wrapped[Overhead] = (byte)key.Length;
        var padded = wrapped[Overhead..];
        key.CopyTo(padded.AsSpan(1));
        using var aes = new AesGcm(version.Key, 16);
        aes.Encrypt(wrapped.AsSpan(0, 12), padded, wrapped.AsSpan(Overhead), wrapped.AsSpan(12, 16));
        return wrapped;
    }

    private byte[] Open(Version version, WrappedKey wrapped)
    {
        if (wrapped.Bytes.Length != size / 8)
        {
            throw Refused(EnvelopeFault.DoesNotOpen, wrapped.KeyId);
        }

        var padded = new byte[wrapped.Bytes.Length - Overhead];
        using var aes = new AesGcm(version.Key, 16);
        try
        {
            aes.Decrypt(wrapped.Bytes.AsSpan(0, 12), wrapped.Bytes.AsSpan(Overhead), wrapped.Bytes.AsSpan(12, 16), padded);
        }
        catch (CryptographicException)
        {
            throw Refused(EnvelopeFault.DoesNotOpen, wrapped.KeyId);
        }

        return padded[1..(1 + padded[0])];
    }

    private Version Find(string keyId)
    {
        lock (_gate)
        {
            return !keyId.StartsWith("https://test.vault.azure.net/keys/", StringComparison.Ordinal) ? throw new EnvelopeException("foreign") { Fault = EnvelopeFault.KeyRefused }
                : !_versions.TryGetValue(keyId, out var version) ? throw Refused(EnvelopeFault.KeyNotFound, keyId)
                : version.Enabled ? version
                : throw Refused(EnvelopeFault.KeyDisabled, keyId);
        }
    }

    private static EnvelopeException Refused(EnvelopeFault fault, string keyId) => new($"{fault} {keyId}") { Fault = fault, KeyId = keyId };

    private sealed class Version(byte[] key)
    {
        public byte[] Key => key;

        public bool Enabled { get; set; } = true;
    }
}
