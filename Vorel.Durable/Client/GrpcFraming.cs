using System.Buffers.Binary;
using Google.Protobuf;

namespace Vorel.Durable;

/// <summary>The little of gRPC over HTTP/2 that unary calls need, for the client and for whoever serves it.</summary>
public static class GrpcFraming
{
    /// <summary>Content type of requests and responses.</summary>
    public const string ContentType = "application/grpc";

    /// <summary>Trailer with the status number.</summary>
    public const string StatusTrailer = "grpc-status";

    /// <summary>Trailer with the percent-encoded message.</summary>
    public const string MessageTrailer = "grpc-message";

    /// <summary>The sidecar's service; a method's path is <c>/{service}/{method}</c>.</summary>
    public const string SidecarService = "TaskHubSidecarService";

    /// <summary>Messages above this are refused: 32 MiB.</summary>
    public const int MaximumMessageLength = 32 * 1024 * 1024;

    private const int PrefixLength = 5;

    /// <summary>A message in its frame: one byte 0 (not compressed), the length as four bytes big-endian, the message.</summary>
    public static byte[] Frame(IMessage message)
    {
        var length = message.CalculateSize();
        var frame = new byte[PrefixLength + length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)length);
        message.WriteTo(frame.AsSpan(PrefixLength));
        return frame;
    }

    /// <summary>Reads the one message of a unary body.</summary>
    /// <exception cref="InvalidDataException">The body is not exactly one uncompressed frame of this message.</exception>
    public static async Task<T> ReadAsync<T>(Stream body, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        var prefix = new byte[PrefixLength];
        if (await body.ReadAtLeastAsync(prefix, PrefixLength, throwOnEndOfStream: false, cancellationToken) < PrefixLength)
        {
            throw new InvalidDataException("The gRPC body ends within its frame's prefix.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1));
        if (prefix[0] != 0 || length > MaximumMessageLength)
        {
            throw new InvalidDataException("The gRPC message is compressed or too long.");
        }

        var message = new byte[(int)length];
        if (await body.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, cancellationToken) < message.Length
            || await body.ReadAsync(prefix.AsMemory(0, 1), cancellationToken) != 0)
        {
            throw new InvalidDataException("The gRPC body is not exactly one message.");
        }

        try
        {
            return parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new InvalidDataException("The gRPC message is not valid protobuf.", failure);
        }
    }

    /// <summary>Encodes a status message for its trailer.</summary>
    public static string EncodeMessage(string message) => Uri.EscapeDataString(message);

    /// <summary>Decodes a status message from its trailer.</summary>
    public static string DecodeMessage(string trailer) => Uri.UnescapeDataString(trailer);
}
