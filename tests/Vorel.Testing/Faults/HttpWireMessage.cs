using System.Globalization;
using System.Text;

namespace Vorel.Testing.Faults;

/// <summary>An HTTP/1.1 request or answer, byte for byte as it came.</summary>
internal sealed record HttpWireMessage(ReadOnlyMemory<byte> Bytes, int HeadLength)
{
    public ReadOnlyMemory<byte> Content => Bytes[HeadLength..];

    /// <summary>Method and target of a request.</summary>
    public (string Method, string Target) RequestLine
    {
        get
        {
            var words = FirstLine(Bytes.Span).Split(' ');
            return (words[0], words[1]);
        }
    }

    /// <summary>The status of an answer.</summary>
    public static int Status(ReadOnlySpan<byte> head) => int.Parse(head.Slice("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);

    public static bool IsChunked(ReadOnlySpan<byte> head) => Header(head, "Transfer-Encoding") is "chunked";

    /// <summary>The declared length, if the head has one.</summary>
    public static int? ContentLength(ReadOnlySpan<byte> head) =>
        Header(head, "Content-Length") is { } length ? int.Parse(length, CultureInfo.InvariantCulture) : null;

    private static string FirstLine(ReadOnlySpan<byte> head) => Encoding.Latin1.GetString(head[..head.IndexOf("\r\n"u8)]);

    private static string? Header(ReadOnlySpan<byte> head, string name)
    {
        foreach (var line in Encoding.Latin1.GetString(head).Split("\r\n"))
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return null;
    }
}
