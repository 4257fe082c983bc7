using System.Security.Cryptography;
using System.Text;

namespace Vorel.Durable.Replay;

/// <summary>
/// A name-based UUID over instance, time and counter, as the reference worker's, but from SHA-256 and so version 8
/// (RFC 9562, 5.8): no one but us computes it again.
/// </summary>
internal static class DeterministicGuid
{
    private static readonly byte[] s_space = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    public static Guid Create(string instanceId, DateTime utcNow, int counter)
    {
        var name = Encoding.UTF8.GetBytes($"{instanceId}_{utcNow:o}_{counter}");
        var hash = SHA256.HashData([.. s_space, .. name]);
        var bytes = hash.AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
