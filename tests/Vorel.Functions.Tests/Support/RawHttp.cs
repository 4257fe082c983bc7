using System.Net.Sockets;
using System.Text;

namespace Vorel.Functions.Tests.Support;

/// <summary>Sends a request exactly as written: no client of the platform would leave these targets alone.</summary>
internal static class RawHttp
{
    public static async Task<RawAnswer> Send(Uri address, string requestLine, IEnumerable<string> headers, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        var head = string.Join("\r\n", [requestLine, .. headers, "Connection: close", $"Content-Length: {Encoding.UTF8.GetByteCount(body)}"]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head + "\r\n\r\n" + body));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        var line = answer.Split("\r\n", 2)[0].Split(' ', 3);
        return new RawAnswer(int.Parse(line[1]), line[2], answer);
    }
}

internal sealed record RawAnswer(int Status, string Reason, string Text);
