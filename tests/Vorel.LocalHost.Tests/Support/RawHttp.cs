using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vorel.LocalHost.Tests.Support;

/// <summary>Sends request bytes as they are: HttpClient would tidy the path that a test is about.</summary>
internal static class RawHttp
{
    public static async Task<(int Status, string Answer)> Send(Uri server, string head, string body = "")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        await using var stream = client.GetStream();
        var text = head.ReplaceLineEndings("\r\n").TrimEnd() + $"\r\nHost: vorel.example:8443\r\nConnection: close\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return (int.Parse(answer.Split(' ')[1]), answer);
    }
}
