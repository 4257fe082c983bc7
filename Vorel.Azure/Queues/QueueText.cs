using System.Text;

namespace Vorel.Azure.Queues;

/// <summary>Message texts on the wire.</summary>
internal static class QueueText
{
    /// <summary>Bytes on the wire.</summary>
    public const int MaxEncodedSize = 64 * 1024;

    /// <exception cref="ArgumentException">Too large; nothing was sent.</exception>
    public static string Encode(string text, QueueMessageEncoding encoding)
    {
        ArgumentNullException.ThrowIfNull(text);
        var encoded = encoding == QueueMessageEncoding.Base64 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) : text;
        var size = Encoding.UTF8.GetByteCount(encoded);
        return size <= MaxEncodedSize
            ? encoded
            : throw new ArgumentException($"The message takes {size} bytes on the wire; the limit is {MaxEncodedSize} (64 KiB).", nameof(text));
    }

    public static string Decode(string encoded, QueueMessageEncoding encoding) =>
        encoding == QueueMessageEncoding.Base64 ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded)) : encoded;
}
