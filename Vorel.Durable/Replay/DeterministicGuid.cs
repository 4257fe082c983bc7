using System.Security.Cryptography;
using System.Text;

namespace Vorel.Durable.Replay;

/// <summary>
/// Name-based UUIDs, as the reference worker's, but from SHA-256 and so version 8 (RFC 9562, 5.8): no one but us computes them again.
/// </summary>
internal static class DeterministicGuid
{
    private static readonly byte[] s_space = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    /// <summary>The id that code asks for: instance, execution, time and a counter. Two executions may begin in one tick of the clock.</summary>
    public static Guid OfCounter(string instanceId, string executionId, DateTime utcNow, int counter) =>
        Create($"id\n{instanceId}\n{executionId}\n{utcNow:o}\n{counter}");

    /// <summary>
    /// A child's id: of the parent's execution, not only of its instance, since a parent that is started again under its id must not
    /// meet the children of its former life; and of the step, so that each attempt is a child of its own.
    /// </summary>
    public static Guid OfChild(string instanceId, string executionId, int step) => Create($"child\n{instanceId}\n{executionId}\n{step}");

    private static Guid Create(string name)
    {
        var hash = SHA256.HashData([.. s_space, .. Encoding.UTF8.GetBytes(name)]);
        var bytes = hash.AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
