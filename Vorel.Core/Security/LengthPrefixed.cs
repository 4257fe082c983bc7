using System.Buffers.Binary;
using System.Text;

namespace Vorel.Core.Security;

/// <summary>
/// Joins parts so that no two lists of parts give the same bytes (tenant <c>a</c> + <c>bc</c> is not <c>ab</c> + <c>c</c>):
/// each part is its length as a 4-byte big-endian number, then its bytes.
/// </summary>
internal sealed class LengthPrefixed
{
    // Strict: a lone surrogate throws instead of becoming U+FFFD, which would make two texts one.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<byte> _bytes = new(256);

    public LengthPrefixed Add(byte value) => Add([value]);

    public LengthPrefixed Add(string text) => Add(StrictUtf8.GetBytes(text));

    public LengthPrefixed Add(ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        _bytes.AddRange(length);
        _bytes.AddRange(part);
        return this;
    }

    public LengthPrefixed Add(EnvelopeScope scope) =>
        Add(scope.Tenant.ToString()).Add(scope.Table).Add(scope.Provider).Add(scope.Id);

    public byte[] ToArray() => [.. _bytes];
}
