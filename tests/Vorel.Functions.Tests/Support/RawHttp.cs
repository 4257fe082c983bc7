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

    /// <summary>
    /// Sends bytes exactly as they are and gives everything that comes back until the server closes, or until the first answer is whole if
    /// that is <paramref name="enough"/>. With <paramref name="hangUp"/> the sending half ends behind the bytes.
    /// </summary>
    public static async Task<string> Exchange(Uri address, byte[] request, bool hangUp = false, bool enough = false)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, patience.Token);
        await using var stream = client.GetStream();
        var reading = Read(stream, enough, patience.Token);
        try
        {
            await stream.WriteAsync(request, patience.Token);
            if (hangUp)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (IOException)
        {
            // The server has answered and hung up in the middle of it.
        }

        return await reading;
    }

    private static async Task<string> Read(NetworkStream stream, bool firstOnly, CancellationToken cancellationToken)
    {
        using var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                answer.Write(buffer, 0, count);
                if (firstOnly && RawAnswers.IsWhole(Encoding.UTF8.GetString(answer.ToArray())))
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            // A reset behind the answer.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}

internal sealed record RawAnswer(int Status, string Reason, string Text);
