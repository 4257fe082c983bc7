using System.Buffers.Binary;

namespace Vorel.Core.Security.Envelopes;

/// <summary>
/// The readable front of an envelope (docs/security.md has the byte table):
/// version, kind, key id length (2) + key id, wrapped key length (2) + wrapped key. Nonce, ciphertext and tag follow.
/// Everything in it is authenticated as additional data.
/// </summary>
internal readonly ref struct EnvelopeHeader(EnvelopeKind kind, ReadOnlySpan<byte> keyId, ReadOnlySpan<byte> wrappedKey)
{
    public const byte FormatVersion = 1;

    public EnvelopeKind Kind { get; } = kind;

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> KeyId { get; } = keyId;

    /// <summary>For a local envelope the salt of the row's key, for a kms one the wrapped data key.</summary>
    public ReadOnlySpan<byte> WrappedKey { get; } = wrappedKey;

    public int Length => 2 + sizeof(ushort) + KeyId.Length + sizeof(ushort) + WrappedKey.Length;

    public void Write(Span<byte> destination)
    {
        destination[0] = FormatVersion;
        destination[1] = (byte)Kind;
        WritePart(WritePart(destination[2..], KeyId), WrappedKey);
    }

    /// <summary>Reads the front of <paramref name="envelope"/>; <paramref name="sealedPart"/> is the rest.</summary>
    /// <exception cref="EnvelopeException">It is too short, or of a version or kind that does not exist.</exception>
    public static EnvelopeHeader Read(ReadOnlySpan<byte> envelope, out ReadOnlySpan<byte> sealedPart)
    {
        if (envelope.Length < 2)
        {
            throw new EnvelopeException("The envelope is empty or cut off.");
        }

        if (envelope[0] != FormatVersion)
        {
            throw new EnvelopeException("The envelope has an unknown format version.");
        }

        var kind = (EnvelopeKind)envelope[1];
        if (kind is not (EnvelopeKind.Local or EnvelopeKind.Kms))
        {
            throw new EnvelopeException("The envelope is of an unknown kind.");
        }

        var keyId = ReadPart(envelope[2..], out var rest);
        var wrappedKey = ReadPart(rest, out sealedPart);
        return new EnvelopeHeader(kind, keyId, wrappedKey);
    }

    /// <summary>What is authenticated with the ciphertext: the header's parts and the scope, each length-prefixed.</summary>
    public byte[] AdditionalData(EnvelopeScope scope) =>
        new LengthPrefixed().Add(FormatVersion).Add((byte)Kind).Add(scope).Add(KeyId).Add(WrappedKey).ToArray();

    private static Span<byte> WritePart(Span<byte> destination, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, checked((ushort)part.Length));
        part.CopyTo(destination[sizeof(ushort)..]);
        return destination[(sizeof(ushort) + part.Length)..];
    }

    private static ReadOnlySpan<byte> ReadPart(ReadOnlySpan<byte> source, out ReadOnlySpan<byte> rest)
    {
        if (source.Length < sizeof(ushort) || source.Length - sizeof(ushort) < BinaryPrimitives.ReadUInt16BigEndian(source))
        {
            throw new EnvelopeException("The envelope is cut off.");
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(source);
        rest = source[(sizeof(ushort) + length)..];
        return source.Slice(sizeof(ushort), length);
    }
}
