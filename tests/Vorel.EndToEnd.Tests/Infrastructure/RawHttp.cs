using System.Net.Sockets;
using System.Text;

namespace Vorel.EndToEnd.Tests.Infrastructure;

/// <summary>Sends a request line exactly as written: HTTP libraries tidy up the paths that an attacker would send.</summary>
internal static class RawHttp
{
    /// <summary>The status of the answer.</summary>
    public static async Task<int> Send(Uri address, string method, string path, string host, string userAgent, string body, string header = "X-None: none")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        var request = $"{method} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {userAgent}\r\nContent-Type: application/json; charset=utf-8\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{header}\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var statusLine = await reader.ReadLineAsync() ?? throw new IOException($"No answer to {method} {path}.");
        return int.Parse(statusLine.Split(' ')[1]);
    }
}
