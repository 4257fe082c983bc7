using System.Security.Cryptography;

namespace Vorel.Core.Security;

/// <summary>
/// Fills a buffer with random bytes. A parameter of everything that makes nonces, salts, secrets and keys, so that
/// a known-answer test can fix them; everywhere else it is <see cref="Randomness.Secure"/>.
/// </summary>
public delegate void RandomFill(Span<byte> buffer);

/// <summary>The one source of randomness outside tests.</summary>
public static class Randomness
{
    /// <summary>The operating system's cryptographic generator.</summary>
    public static RandomFill Secure { get; } = RandomNumberGenerator.Fill;
}
